import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.words import Kind, tokens


def kinds(text, language="de"):
    return {token.form: token.kind for token in tokens(text, language)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gestern kam Wieland nach Kiel", "wieland"),
        ("Gestern kam Wieland nach Kiel", "kiel"),
        ("Die FDP stimmte zu", "fdp"),
        ("die französische Regierung", "französische"),
        ("Trump sprach", "trump"),
    ],
)
def test_names_are_names(text, name):
    assert kinds(text)[name] is Kind.NAME


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Gestern war Regierungserklärung", "regierungserklärung"),
        ("die alte Kranbrücke", "kranbrücke"),
        ("der Schwampf", "schwampf"),
        ("Verhaftet wurde niemand", "verhaftet"),
    ],
)
def test_nouns_and_participles_are_none(text, noun):
    assert kinds(text)[noun] is not Kind.NAME


def test_function_words_months_and_days_are_empty_and_numbers_numbers():
    found = kinds("Obwohl am Montag im Mai zwölf und 30 kamen")
    assert {found[form] for form in ("obwohl", "am", "montag", "mai", "und")} == {Kind.EMPTY}
    assert found["zwölf"] is found["30"] is Kind.NUMBER


@pytest.mark.parametrize(
    ("text", "form", "is_name"),
    [
        ("Merkel said so", "merkel", True),
        ("Deforestation declined", "deforestation", False),
        ("one of the MPs", "mps", False),
        ("Reporters Without Borders", "without", False),
        ("the Bridge", "bridge", False),
    ],
)
def test_english_names(text, form, is_name):
    assert (kinds(text, "en")[form] is Kind.NAME) == is_name


@given(st.text(), st.sampled_from(["de", "en"]))
def test_any_text_has_words_with_their_places(text, language):
    for token in tokens(text, language):
        assert text[token.start : token.end]
        assert token.stem is not None


def test_a_number_may_stand_between_a_determiner_and_its_noun():
    assert kinds("seine 30-jährige Zwetschke")["zwetschke"] is Kind.NOUN


def test_one_and_a_half_is_a_number():
    assert kinds("Anderthalb Jahre")["anderthalb"] is Kind.NUMBER
