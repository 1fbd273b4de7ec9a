import json

import numpy as np
import pytest

from index.errors import GoldenError
from rag.evaluation.comparison import Change, compare
from rag.evaluation.run import FORMAT, Run, read_table
from rag.evaluation.statistics import Interval
from tests.golden import table

TABLE = table(
    "abcd", "aabb", [True, True, False, False],
    answer_hit=[1, 0, np.nan, np.nan], selective_accuracy=[1, 0, 0, 0], auroc=[0.9, 0.4, 0.5, 0.1],
)  # fmt: skip


def a_run(**fields):
    known = {
        "about": {"golden": "g"}, "table": TABLE, "figures": TABLE.figures(),
        "slices": {"tag: x": (2, TABLE.rows([0, 1]).figures())},
        "changes": {"answer_hit": Change(0.5, 0.01, ("a",), ())},
        "diagnoses": {"a": "right"}, "tokens": {}, "judge": {}, "timings_ms": {"p50": 1.5},
    }  # fmt: skip
    return Run(**known | fields)


def changed(path, **fields):
    a_run().write(path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | fields))
    return path


def test_a_run_compared_with_itself_has_not_changed(tmp_path):
    a_run().write(tmp_path / "run.json")
    changes = compare(TABLE, read_table(tmp_path / "run.json"))
    assert set(changes) == set(TABLE.columns)
    assert set(changes.values()) == {Change(0, 1, (), ())}


def test_a_run_is_written_as_strict_json_without_nan(tmp_path):
    a_run().write(tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    run = json.loads(text, parse_constant=lambda constant: pytest.fail(constant))
    assert run["format"] == FORMAT
    assert run["questions"]["columns"]["answer_hit"] == [1, 0, None, None]
    assert run["metrics"]["answer_hit"]["value"] == 0.5
    assert run["slices"]["tag: x"]["questions"] == 2
    assert run["changes"]["answer_hit"] == {"difference": 0.5, "p": 0.01, "won": ["a"], "lost": []}


def test_the_table_comes_back_as_it_was(tmp_path):
    a_run().write(tmp_path / "run.json")
    back = read_table(tmp_path / "run.json")
    assert (back.ids, back.clusters) == (TABLE.ids, TABLE.clusters)
    assert back.answerable.tolist() == TABLE.answerable.tolist()
    assert back.figures() == TABLE.figures()
    assert isinstance(back.figures()["auroc"], Interval)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', "\udcff"])
def test_what_is_no_run_is_refused(tmp_path, text):
    path = tmp_path / "run.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(GoldenError, match=r"is no run.json of 'beleg eval --report'"):
        read_table(path)


def test_another_format_and_crippled_columns_are_refused(tmp_path):
    path = tmp_path / "run.json"
    with pytest.raises(GoldenError, match="format 99, not 1"):
        read_table(changed(path, format=99))
    short = {"ids": ["a", "b"], "clusters": ["a", "b"], "answerable": [True, True]}
    with pytest.raises(GoldenError, match="differ in length"):
        read_table(changed(path, questions={**short, "columns": {"answer_hit": [1.0]}}))
    with pytest.raises(GoldenError, match="No such file"):
        read_table(tmp_path / "absent.json")
