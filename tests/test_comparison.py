import numpy as np
import pytest

from rag.evaluation.comparison import compare
from rag.evaluation.table import CONFIDENCE
from tests.golden import table

IDS = [str(number) for number in range(40)]
WORSE = np.array([0.0] * 30 + [1.0] * 10)
BETTER = np.array([0.0] * 10 + [1.0] * 30)


def test_what_changed_by_how_much_for_which_questions():
    change = compare(table(IDS, hit=BETTER), table(IDS, hit=WORSE))["hit"]
    assert change.difference == 0.5
    assert change.p < 0.01
    assert change.won == tuple(IDS[10:30])
    assert change.lost == ()


def test_winning_and_losing_as_often_is_no_change():
    one = table(IDS, hit=np.arange(40) % 2)
    other = table(IDS, hit=(np.arange(40) + 1) % 2)
    change = compare(one, other)["hit"]
    assert (change.difference, change.p) == (0, 1)
    assert (len(change.won), len(change.lost)) == (20, 20)


def test_questions_over_one_article_count_as_one():
    """Twenty questions won are no proof if all of them are about the same article."""
    one_article = ["a"] * 40
    mine, theirs = table(IDS, one_article, hit=BETTER), table(IDS, one_article, hit=WORSE)
    assert compare(mine, theirs)["hit"].p > 0.9


def test_only_questions_that_both_asked_are_compared_whatever_their_order():
    mine = table(["a", "b", "c", "new"], hit=[1, 0, 1, 1])
    theirs = table(["old", "c", "b", "a"], hit=[1, 0, 1, 1])
    change = compare(mine, theirs)["hit"]
    assert (change.won, change.lost) == (("c",), ("b",))
    assert change.difference == 0


def test_nothing_in_common_is_nothing_to_compare():
    assert compare(table(["a"], hit=[1]), table(["b"], hit=[1])) == {}
    assert compare(table(["a"], hit=[1]), table(["a"], other=[1])) == {}


def test_a_value_only_one_run_has_is_neither_won_nor_lost():
    mine, theirs = table("abc", hit=[1, np.nan, 1]), table("abc", hit=[0, 0, np.nan])
    change = compare(mine, theirs)["hit"]
    assert (change.won, change.lost) == (("a",), ())


def test_more_confidence_is_nothing_won():
    answerable = [True, False]
    mine = table("ab", answerable=answerable, **{CONFIDENCE: [0.9, 0.2]})
    theirs = table("ab", answerable=answerable, **{CONFIDENCE: [0.5, 0.6]})
    change = compare(mine, theirs)[CONFIDENCE]
    assert change.difference == pytest.approx(1)
    assert (change.won, change.lost) == ((), ())
