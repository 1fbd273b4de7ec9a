import xml.etree.ElementTree as ElementTree

import pytest

from index.errors import GoldenError
from rag.evaluation.gate import Bar, parse_bar, shortfalls, write_junit
from rag.evaluation.statistics import Interval

FIGURES = {"recall@5": Interval(0.9, 0.8, 1.0), "mrr": Interval(0.5, 0.4, 0.6)}


def test_a_bar_is_a_metric_and_a_number():
    assert parse_bar("recall@5=0.95") == Bar("recall@5", 0.95)
    assert parse_bar(" MRR = .5 ") == Bar("mrr", 0.5)


@pytest.mark.parametrize("text", ["", "mrr", "mrr=", "mrr=high", "mrr=0,5", "mrr=nan", "mrr=inf"])
def test_anything_else_is_refused(text):
    with pytest.raises(GoldenError, match="is not METRIC=NUMBER"):
        parse_bar(text)


def test_what_falls_short_is_named():
    bars = [Bar("recall@5", 0.95), Bar("mrr", 0.5)]
    assert shortfalls(bars, FIGURES) == ["recall@5 is 0.900, the bar is 0.95"]
    assert shortfalls([], FIGURES) == []


def test_a_bar_for_what_was_not_measured_is_an_error():
    with pytest.raises(GoldenError, match=r"'map' was not measured: there are mrr, recall@5"):
        shortfalls([Bar("map", 0.5)], FIGURES)


def test_a_build_server_gets_one_case_per_bar(tmp_path):
    write_junit(tmp_path / "junit.xml", [Bar("recall@5", 0.95), Bar("mrr", 0.5)], FIGURES)
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed, passed = suite.findall("testcase")
    assert failed.get("name") == "recall@5 >= 0.95"
    assert failed.find("failure").get("message") == "recall@5 is 0.900, the bar is 0.95"
    assert passed.find("failure") is None
