import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.parts import is_privative, parts, whole


def denied(text, language="de"):
    return [t.form for clause in whole(text, language, None).clauses for t in clause.denied]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Er reiste nicht", ["reiste"]),
        ("Er ist nicht gekommen", ["gekommen"]),
        ("Es gab keine Verletzten", ["verletzten"]),
        ("Er kam ohne Geld", ["geld"]),
        ("Er war chancenlos", ["chancenlos"]),
        ("Nicht nur Kiel kam", []),
        ("Das Spiel findet statt", []),
        ("Er kam", []),
    ],
)
def test_what_is_denied(text, words):
    assert denied(text) == words


def test_what_is_denied_in_english():
    assert denied("He did not come", "en") == ["come"]
    assert denied("without money", "en") == ["money"]


def test_clauses_end_at_commas_and_conjunctions():
    part = whole("Anna kam, Karl ging und Petra blieb.", "de", None)
    assert [clause.forms for clause in part.clauses] == [
        ["anna", "kam"], ["karl", "ging"], ["und", "petra", "blieb"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12 Euro", 12, "euro"),
        ("drei Millionen Euro", 3e6, "euro"),
        ("fünf Jahrzehnte", 50, "jahre"),
        ("two centuries", 200, "jahre"),
        ("eine dreitägige Reise", 3, "tage"),
    ],
)
def test_amounts_have_values_and_units(text, value, unit):
    language = "en" if "two" in text else "de"
    found = whole(text, language, None).amounts
    assert (value, unit) in {(amount.value, amount.unit) for amount in found}


def test_days_are_no_amounts():
    part = whole("Am 3. Mai 2005 kamen 12 Gäste", "de", datetime.date(2006, 1, 1))
    assert [amount.value for amount in part.amounts if not amount.is_date] == [12]
    assert part.times[0].first == datetime.date(2005, 5, 3)


@pytest.mark.parametrize("word", ["unmöglich", "chancenlos", "unabhängig"])
def test_some_words_deny(word):
    assert is_privative(word)


@pytest.mark.parametrize("word", ["und", "unter", "los", "möglich"])
def test_others_do_not(word):
    assert not is_privative(word)


@given(st.text())
def test_the_sentences_of_any_text_lie_in_order(text):
    found = parts(text, "de", None)
    assert all(text[part.start : part.end] == part.text for part in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
