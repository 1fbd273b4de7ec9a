import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import forms
from rag.verification import supports

SOURCE = "Mark Rutte lobte am Montag in Miami die Gespräche; sie kosteten 1,5 Millionen Euro."
OTHER = "Der Präsident sagte: „Wir hatten keine Wahl.“ Danach reiste er ab."


@pytest.mark.parametrize(
    "sentence",
    [
        SOURCE,
        f"«{SOURCE}»",
        "lobte am Montag in Miami die Gespräche",
        "Mark  Rutte\nlobte am Montag",
        "Rutte lobte die Gespräche in Miami.",
        "In Miami lobt Rutte Gespräche.",
        "„Wir hatten keine Wahl.“",
        "1,5 Millionen Euro",
    ],
)
def test_what_a_source_says_is_supported(sentence):
    assert supports(sentence, [OTHER, SOURCE])


@pytest.mark.parametrize(
    "sentence",
    [
        "Donald Trump lobte am Freitag in Berlin die Verhandlungen.",
        "Rutte lobte am Montag in Miami die 14 Gespräche.",
        "Mark Rutte lobte 2025 in Miami die Gespräche.",
        "5 Millionen Euro",
        "1,5 Millionen Eurozeichen",
        "",
        "«»",
        "…",
        "er",
    ],
)
def test_what_no_source_says_is_not(sentence):
    assert not supports(sentence, [SOURCE])


def test_sources_support_together():
    sentence = "Rutte lobte Gespräche, Präsident reiste ab."
    assert not supports(sentence, [SOURCE])
    assert not supports(sentence, [OTHER])
    assert supports(sentence, [SOURCE, OTHER])


def test_nothing_is_supported_by_nothing():
    assert not supports(SOURCE, [])
    assert not supports(SOURCE, [""])


@given(st.text(), st.text(), st.text())
def test_what_stands_there_as_whole_words_is_supported(before, quotation, after):
    assert supports(quotation, [f"{before} {quotation} {after}"]) or not forms(quotation)
