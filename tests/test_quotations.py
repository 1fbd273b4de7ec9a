import pytest

from rag.verification.quotations import quoted
from tests.checking import problems

TEXT = (
    "„Wir hatten wirklich keine andere Wahl“, sagte Minister Karl Wieland nach dem Treffen mit"
    " Anna Thoms. Thoms erklärte: „Das ist ein trauriger Tag für das ganze Land.“"
)


@pytest.mark.parametrize("text", ["„a b“ und »c«", '"a b" und «c»', "“a b” und „c“"])
def test_what_stands_between_quotation_marks_is_quoted(text):
    assert [text[start:end] for start, end in quoted(text)] == ["a b", "c"]


@pytest.mark.parametrize(
    "statement",
    [
        "Karl Wieland sagte: „Wir hatten wirklich keine andere Wahl.“",
        "„Wir hatten […] keine andere Wahl“, so Wieland.",
        "Der Minister sagte: „Wir hatten wirklich keine andere Wahl.“",
        "Anna Thoms sprach von einem „traurigen Tag für das ganze Land“.",
        "Wieland said: “Wir hatten wirklich keine andere Wahl”.",
    ],
)
def test_the_same_words_of_the_same_speaker_are_proven(statement):
    assert not problems(statement, TEXT) & {"quotation", "speaker"}


@pytest.mark.parametrize(
    "statement",
    [
        "Karl Wieland sagte: „Wir hatten wirklich eine andere Wahl.“",
        "Karl Wieland sagte: „Wir wollten das nicht.“",
    ],
)
def test_other_words_are_caught(statement):
    assert "quotation" in problems(statement, TEXT)


@pytest.mark.parametrize(
    "statement",
    [
        "Anna Thoms sagte: „Wir hatten wirklich keine andere Wahl.“",
        "„Das ist ein trauriger Tag für das ganze Land“, sagte Karl Wieland.",
    ],
)
def test_another_speaker_is_caught(statement):
    assert "speaker" in problems(statement, TEXT)


def test_the_speaker_may_be_named_before():
    text = "Karl Wieland war bewegt. „Wir hatten wirklich keine andere Wahl“, sagte er."
    assert problems("Karl Wieland sagte: „Wir hatten wirklich keine andere Wahl.“", text) == set()


def test_the_name_of_a_thing_has_no_speaker():
    text = "Der Film „Das Boot“ läuft in Kiel. Anna Thoms war dort."
    assert "speaker" not in problems("Anna Thoms sah „Das Boot“ in Kiel.", text)
