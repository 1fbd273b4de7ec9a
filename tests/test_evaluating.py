import json
import xml.etree.ElementTree as ElementTree

import pytest

from rag.evaluation.evaluate import JUNIT, PAGE, RECORDS, RUN
from tests.golden import SAMPLES, line, unanswerable, write
from ui.cli import run


@pytest.fixture
def beleg(capsys, sample_store):
    """Run a command over the samples in this process: exit code, stdout, stderr."""

    def beleg(*arguments):
        try:
            code = run([*map(str, arguments), "--store", str(sample_store)])
        except SystemExit as exit_:  # argparse leaves this way
            code = exit_.code
        return code, *capsys.readouterr()

    return beleg


def test_eval_prints_a_table(beleg):
    code, out, err = beleg("eval", SAMPLES, "--limit", 5)
    assert (code, err) == (0, "")
    first, *rest = out.splitlines()
    assert first == f"5 questions of {SAMPLES.name}"
    assert {"mrr", "answer_hit", "auroc", "selective_accuracy", "latency"} >= {
        row.split()[0] for row in rest if row.startswith(("mrr", "auroc", "latency", "sel"))
    }
    assert any(row.startswith("exactness              1.000  [1.000, 1.000]") for row in rest)
    assert rest[-1].startswith("latency               p50 ")


def test_eval_json_is_one_document(beleg):
    code, out, err = beleg("eval", SAMPLES, "--limit", 5, "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["about"]["questions"] == 5
    assert document["metrics"]["exactness"] == {"value": 1, "low": 1, "high": 1}


def test_eval_writes_a_report_that_is_a_baseline(beleg, tmp_path):
    arguments = "eval", SAMPLES, "--limit", 5, "--report", tmp_path
    assert beleg(*arguments)[0] == 0
    code, out, _ = beleg(*arguments, "--baseline", tmp_path / RUN)
    assert code == 0
    assert "+0.000 (p = 1.000), 0 won, 0 lost" in out
    assert {path.name for path in tmp_path.iterdir()} == {PAGE, RECORDS, RUN}


def test_a_bar_that_is_not_reached_exits_1_and_is_named(beleg, tmp_path):
    bars = "--fail-under", "exactness=1", "--fail-under", "article_recall@10=1.01"
    code, out, err = beleg("eval", SAMPLES, "--limit", 5, "--report", tmp_path, *bars)
    assert code == 1
    assert out.startswith("5 questions")
    assert err.startswith("beleg: article_recall@10 is ")
    assert err.endswith(", the bar is 1.01\n")
    suite = ElementTree.parse(tmp_path / JUNIT).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_bars_that_are_reached_exit_0(beleg, tmp_path):
    bars = "--fail-under", "exactness=1", "--report", tmp_path
    assert beleg("eval", SAMPLES, "--limit", 5, *bars)[0] == 0
    assert ElementTree.parse(tmp_path / JUNIT).getroot().get("failures") == "0"


def error_of(outcome):
    """Return what the one line of a command that exited with 2 says."""
    code, out, err = outcome
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Traceback" not in err
    return err


def test_a_bar_for_an_unknown_metric_is_an_error_after_the_figures(beleg):
    code, out, err = beleg("eval", SAMPLES, "--limit", 2, "--fail-under", "map=0.5")
    assert code == 2
    assert out.startswith("2 questions")
    assert err.startswith("beleg: metric 'map' was not measured: there are ")


FOREIGN = line(evidence=[{"article_id": "elsewhere"}])


@pytest.mark.parametrize("command", [["eval"], ["golden", "check"]])
@pytest.mark.parametrize(
    ("lines", "said"),
    [([], "is empty: it needs one JSON object a line"), (None, "cannot be read: ")],
)
def test_an_empty_or_absent_golden_file_is_an_error(beleg, tmp_path, command, lines, said):
    path = tmp_path / "golden.jsonl"
    if lines is not None:
        write(path, *lines)
    error = error_of(beleg(*command, path))
    assert error.startswith(f"beleg: golden set '{path}' {said}")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([unanswerable("a"), "{", "["], "has 2 errors, the first in line 2: not JSON: "),
        ([FOREIGN], "is over another archive: none of its 1 evidence articles is in this store"),
    ],
)
def test_eval_refuses_a_broken_or_foreign_golden_file(beleg, tmp_path, lines, said):
    path = write(tmp_path / "golden.jsonl", *lines)
    error = error_of(beleg("eval", path, "--report", tmp_path / "report"))
    assert error.startswith(f"beleg: golden set '{path}' {said}")
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fail-under", "mrr"], "is not METRIC=NUMBER"),
        (["--baseline", "absent.json"], "is no run.json of 'beleg eval --report'"),
        (["--resume"], "--resume needs the --report DIR"),
        (["--tag", "nonsense"], "has the tags nonsense"),
        (["--judge", "nobody:model"], "judge 'nobody:model' cannot be used"),
        (["--model", "nonsense"], "model 'nonsense' is unknown"),
        (["--limit", "0"], "'0' is not a number from 1"),
        (["--judge-repeats", "0"], "'0' is not a number from 1"),
    ],
)
def test_what_eval_cannot_do_is_one_line(beleg, arguments, said):
    assert said in error_of(beleg("eval", SAMPLES, *arguments))


def test_a_warning_does_not_stop_a_run(beleg, tmp_path):
    known = json.loads(SAMPLES.read_text("utf-8").split("\n")[0])
    path = write(tmp_path / "g", line(evidence=known["evidence"], answers=["Quetzal"]))
    code, _, err = beleg("eval", path)
    assert code == 0
    warning = "beleg: warning: line 1: the answer 'Quetzal' stands in no evidence paragraph\n"
    assert err == warning


def test_golden_check_lists_every_problem(beleg, tmp_path):
    path = write(tmp_path / "g", FOREIGN, "{", unanswerable("u"))
    code, out, err = beleg("golden", "check", path)
    assert (code, err) == (2, "")
    assert out.splitlines() == [
        "error: line 1: article 'elsewhere' is not in the archive",
        "error: line 2: not JSON: Expecting property name enclosed in double quotes at column 2",
        "2 questions, 2 problems",
    ]
    code, out, _ = beleg("golden", "check", path, "--json")
    document = json.loads(out)
    assert code == 2
    assert [problem["line"] for problem in document["problems"]] == [1, 2]


def test_golden_check_passes_a_sound_set(beleg):
    code, out, err = beleg("golden", "check", SAMPLES)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("120 questions, ")


def test_drafts_can_be_run(beleg, tmp_path):
    code, out, _ = beleg("golden", "draft", "--limit", 12)
    assert code == 0
    path = write(tmp_path / "drafts.jsonl", *out.splitlines())
    assert beleg("golden", "check", path)[1] == "12 questions, 0 problems\n"
    assert beleg("eval", path)[0] == 0
