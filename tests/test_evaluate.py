import json

import pytest

import rag
from index.errors import GoldenError
from rag.evaluation.evaluate import PAGE, RECORDS, RUN, evaluate
from tests.golden import SAMPLES, line, unanswerable, write
from tests.openai_server import Reply, serving

SOME = 40
KEPT = '{"correctness": 1, "faithfulness": 0.5}'


def without_timings(path):
    return {k: v for k, v in json.loads(path.read_text("utf-8")).items() if k != "timings_ms"}


def records(folder):
    lines = (folder / RECORDS).read_text("utf-8").split("\n")[:-1]
    return [{k: v for k, v in json.loads(one).items() if k != "milliseconds"} for one in lines]


@pytest.fixture(scope="module")
def reported(assistant, tmp_path_factory):
    """A run with its report, and the folder of the report."""
    folder = tmp_path_factory.mktemp("report")
    return evaluate(assistant, SAMPLES, report=folder, limit=SOME), folder


def test_a_report_is_a_page_a_run_and_its_records(reported):
    run, folder = reported
    assert sorted(path.name for path in folder.iterdir()) == sorted([PAGE, RECORDS, RUN])
    assert [record["id"] for record in records(folder)] == list(run.table.ids)
    assert json.loads((folder / RUN).read_text("utf-8"))["about"]["questions"] == SOME


def test_two_runs_are_the_same_but_for_the_time_they_took(assistant, reported, tmp_path):
    _, folder = reported
    evaluate(assistant, SAMPLES, report=tmp_path, limit=SOME)
    assert without_timings(folder / RUN) == without_timings(tmp_path / RUN)
    assert records(folder) == records(tmp_path)


def test_against_itself_nothing_changed(assistant, reported):
    run, folder = reported
    again = evaluate(assistant, SAMPLES, baseline=folder / RUN, limit=SOME)
    assert set(again.changes) == set(run.figures)
    found = {(c.difference, c.p, c.won, c.lost) for c in again.changes.values()}
    assert found == {(0, 1, (), ())}


def test_a_baseline_without_any_of_the_questions_is_an_error(assistant, reported, tmp_path):
    _, folder = reported
    golden = write(tmp_path / "g", unanswerable("new"))
    with pytest.raises(GoldenError, match="has none of these questions"):
        evaluate(assistant, golden, baseline=folder / RUN)


def test_limit_and_tags_choose_questions(assistant):
    run = evaluate(assistant, SAMPLES, tags=["who"], limit=3)
    lines = SAMPLES.read_text("utf-8").split("\n")[:-1]
    tags = {one["id"]: one["tags"] for one in map(json.loads, lines)}
    assert len(run.table.ids) == 3
    assert all("who" in tags[id_] for id_ in run.table.ids)
    with pytest.raises(GoldenError, match="has the tags who, nonsense"):
        evaluate(assistant, SAMPLES, tags=["who", "nonsense"])


def test_a_resumed_run_is_the_run(assistant, reported, tmp_path):
    _, folder = reported
    text = (folder / RECORDS).read_bytes()
    (tmp_path / RECORDS).write_bytes(text[: len(text) // 2])
    seen = []
    evaluate(
        assistant, SAMPLES, report=tmp_path, limit=SOME, resume=True,
        progress=lambda done, total: seen.append(done),
    )  # fmt: skip
    assert seen[0] >= SOME // 4
    assert without_timings(folder / RUN) == without_timings(tmp_path / RUN)
    assert records(folder) == records(tmp_path)


def test_a_run_with_another_threshold_is_not_resumed(assistant, reported, sample_store):
    _, folder = reported
    seen = []
    with rag.open(rag.Settings(store=sample_store, threshold=0.9)) as strict:
        evaluate(
            strict, SAMPLES, report=folder.parent / "strict", limit=2, resume=True,
            progress=lambda done, total: seen.append(done),
        )  # fmt: skip
        (folder.parent / "strict" / RECORDS).write_bytes((folder / RECORDS).read_bytes())
        evaluate(
            strict, SAMPLES, report=folder.parent / "strict", limit=2, resume=True,
            progress=lambda done, total: seen.append(done),
        )  # fmt: skip
    assert seen == [0, 1, 2, 0, 1, 2]


def test_questions_that_fail_are_told_apart_and_do_not_stop_the_others(assistant, tmp_path):
    golden = write(
        tmp_path / "g", unanswerable("long", question="Wer? " * 100_000), unanswerable("fine")
    )
    run = evaluate(assistant, golden, report=tmp_path / "report")
    assert run.diagnoses["long"].startswith("error: ")
    assert run.diagnoses["fine"] == "right"
    assert run.figures["abstention_recall"].value == 0.5
    assert "error: " in (tmp_path / "report" / PAGE).read_text("utf-8")


def test_warnings_are_passed_on(assistant, tmp_path):
    known = json.loads(SAMPLES.read_text("utf-8").split("\n")[0])
    golden = write(tmp_path / "g", line("q", evidence=known["evidence"], answers=["Quetzal"]))
    said = []
    evaluate(assistant, golden, warn=said.append)
    assert said == ["line 1: the answer 'Quetzal' stands in no evidence paragraph"]


def test_evaluation_is_open_to_python(sample_store):
    run = rag.evaluate(SAMPLES, store=sample_store, limit=2)
    assert len(run.table.ids) == 2


def test_a_judge_adds_its_metrics_tokens_and_failures(assistant, tmp_path, monkeypatch):
    garbled = iter(range(1000))

    def reply(text):
        return Reply("Hm." if "<data>" in text and next(garbled) % 4 == 0 else KEPT)

    options = {"report": tmp_path, "limit": 10, "judge": "openai:x", "judge_repeats": 2}
    with serving(reply) as server:
        server.use(monkeypatch)
        run = evaluate(assistant, SAMPLES, **options)
        asked = len(server.requests)
        again = evaluate(assistant, SAMPLES, **options, resume=True)
        assert len(server.requests) == asked + 1  # nothing is judged twice, the judge is only met
    answers = sum(record["status"] == "answered" for record in records(tmp_path))
    assert run.judge["judgements"] == 2 * answers == asked - 1
    assert run.judge["failures"].keys() == {"the reply is not the JSON object asked for"}
    assert run.judge["agreement"] == 1
    assert run.figures["judge_correctness"].value == 1
    assert run.figures["judge_faithfulness"].value == 0.5
    assert run.tokens == {"judge": {"input": 200 * answers, "output": 14 * answers}}
    assert again.to_dict() == run.to_dict()
    page = (tmp_path / PAGE).read_text("utf-8")
    assert "judged by openai:x" in page
    assert "tokens (judge)" in page


def test_a_judge_of_whom_nothing_is_valid_has_no_metrics(assistant, tmp_path, monkeypatch):
    with serving(lambda text: Reply("Hm.")) as server:
        server.use(monkeypatch)
        run = evaluate(assistant, SAMPLES, report=tmp_path, limit=3, judge="openai:x")
    assert not {"judge_correctness", "judge_faithfulness"} & set(run.figures)
    assert sum(run.judge["failures"].values()) == run.judge["judgements"] > 0
    assert "agreement" not in run.judge
    assert "judged by openai:x" in (tmp_path / PAGE).read_text("utf-8")
