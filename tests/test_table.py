import numpy as np
import pytest

from rag.evaluation.table import CONFIDENCE, SELECTIVE, build
from tests import golden
from tests.golden import abstained, answered, cited, failed, nothing_to_find, question

TEXT = "Die Stadt sperrte am Montag die Kranbrücke."
QUESTIONS = [
    question("hit", answers=["Kranbrücke"], evidence=[{"article_id": "a", "paragraph": 1}]),
    question("miss", answers=["Montag"], evidence=[{"article_id": "b", "paragraph": 1}]),
    nothing_to_find("nothing"),
    nothing_to_find("error"),
]
RECORDS = {
    "hit": answered((f"«{TEXT}»", (1,)), id="hit", citations=[cited(1, TEXT)],
                    ranking=(("a", 1),)),
    "miss": abstained("miss", confidence=0.2),
    "nothing": abstained("nothing", confidence=0.3),
    "error": failed("error"),
}  # fmt: skip


@pytest.fixture(scope="module")
def built():
    return build(QUESTIONS, RECORDS)


def column(table, name):
    return [None if np.isnan(value) else value for value in table.columns[name]]


def test_each_row_is_a_question_and_belongs_to_its_article(built):
    assert built.ids == ("hit", "miss", "nothing", "error")
    assert built.clusters == ("a", "b", "nothing", "error")
    assert built.answerable.tolist() == [True, True, False, False]


def test_columns_hold_one_value_per_question_where_it_applies(built):
    assert column(built, "answer_hit") == [1, 0, None, None]
    assert column(built, "recall@1") == [1, 0, None, None]
    assert column(built, "citation_recall") == [1, None, None, None]
    assert column(built, "abstention_precision") == [None, 0, 1, None]
    assert column(built, "abstention_recall") == [None, None, 1, 0]
    assert column(built, "answer_f1") == [pytest.approx(1 / 3), None, None, None]
    assert column(built, CONFIDENCE) == [0.9, 0.2, 0.3, 0]
    assert column(built, SELECTIVE) == [1, 0, 0, 0]


def test_figures_are_those_of_the_columns(built):
    figures = built.figures()
    assert figures["answer_hit"].value == 0.5
    assert figures[CONFIDENCE].value == 0.75  # of four pairs only miss < nothing is out of order
    by_confidence = [1 / 1, 1 / 2, 1 / 3, 1 / 4]  # hit, nothing, miss, error
    assert figures[SELECTIVE].value == pytest.approx(np.mean(by_confidence), abs=1e-6)


def test_what_is_nowhere_defined_has_no_figure(built):
    assert not {"judge_correctness", "judge_faithfulness"} & set(built.figures())
    assert all(np.isfinite(figure).all() for figure in built.figures().values())


def test_rows_can_be_taken_in_any_order(built):
    some = built.rows([2, 0])
    assert (some.ids, some.answerable.tolist()) == (("nothing", "hit"), [False, True])
    assert column(some, "answer_hit") == [None, 1]
    assert built.rows([]).figures() == {}


def test_questions_that_were_not_asked_have_no_row():
    assert build(QUESTIONS, {"miss": RECORDS["miss"]}).ids == ("miss",)
    assert build(QUESTIONS, {}).figures() == {}


def test_the_difference_of_a_figure_from_two_columns_exchanges_both():
    confidence = np.linspace(0, 1, 40)
    right = (confidence > 0.5).astype(float)
    sound = golden.table(map(str, range(40)), **{CONFIDENCE: confidence, SELECTIVE: right})
    upside_down = golden.table(
        map(str, range(40)), **{CONFIDENCE: 1 - confidence, SELECTIVE: right}
    )
    assert sound.difference(SELECTIVE, upside_down) < 0.01
    assert sound.difference(SELECTIVE, sound) == 1
