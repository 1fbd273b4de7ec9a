import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import forms
from rag.matching import best_of, coverage, covered, likeness, presence, weigh
from rag.question import Term, understand
from rag.rarity import Rarity

WORDS = st.text(alphabet="abcdeilnorstuäöüß", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("term", "word"),
    [("haus", "haus"), ("brücke", "brücken"), ("verhandelt", "verhandelte"), ("fähre", "faehre")],
)
def test_the_same_stem_is_the_same_word(term, word):
    assert likeness(term, word) == 1


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("selenskyj", "selenski"),
        ("zelensky", "selenski"),
        ("wolodymyr", "volodimir"),
        ("peskow", "pekow"),
        ("gespräche", "friedensgespräche"),
        ("friedensgespräche", "gespräche"),
        ("brücke", "kranbrückensperrung"),
        ("verhandelt", "verhandlung"),
    ],
)
def test_a_variant_or_a_part_of_a_compound_counts_in_part(term, word):
    assert 0 < likeness(term, word) < 1


@pytest.mark.parametrize(
    ("term", "word"),
    [("merz", "merkel"), ("macron", "miami"), ("rat", "heirat"), ("2024", "2025"), ("14", "140")],
)
def test_other_words_count_nothing(term, word):
    assert likeness(term, word) == 0


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_between_0_and_1(one, other):
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert likeness(one, one) == 1


def test_a_rare_term_weighs_more_than_a_common_one_and_a_name_more_than_a_verb():
    question = understand("Wer lobte Rutte und Trump?")
    common = {"trump": 50}
    found = weigh(question, Rarity(100, lambda stem: common.get(stem, 5), lambda subword: 0))
    assert found["rutte"] > found["lobte"]
    assert found["rutte"] > found["trump"] > 0


def test_coverage_is_the_weighted_share():
    weights = {"rutte": 3.0, "lobte": 1.0}
    assert coverage(weights, {"rutte": 1.0, "lobte": 0.0}) == 0.75
    assert coverage(weights, {"rutte": 0.5, "lobte": 1.0}) == 0.625


@pytest.mark.parametrize("weights", [{}, {"das": 0.0}])
def test_nothing_to_cover_is_not_covered(weights):
    assert coverage(weights, dict.fromkeys(weights, 1.0)) == 0


def test_presence_is_the_likeness_of_the_most_alike_word():
    found = presence(["rutte", "gespräche", "merz"], forms("Rutte lobt die Friedensgespräche."))
    assert found["rutte"] == 1
    assert 0 < found["gespräche"] < 1
    assert found["merz"] == 0
    assert presence(["rutte"], []) == {"rutte": 0}


def test_the_best_of_several_presences():
    assert best_of([{"a": 0.2, "b": 1.0}, {"a": 0.9, "b": 0.0}]) == {"a": 0.9, "b": 1.0}


# --- other words for it ----------------------------------------------------------------------

DIED = Term("gestorben", 1.0, frozenset({"tod", "todesfall", "verstarb"}))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Sie sind gestorben.", "Es gab einen Todesfall."),
        ("Er verstarb.", "Die Todesfallstatistik lag vor."),
        ("Die Todesfallstatistik lag vor.", "Er ging."),
    ],
)
def test_the_word_counts_more_than_another_for_it_and_that_more_than_a_compound(better, worse):
    assert covered([DIED], forms(better))["gestorben"] > covered([DIED], forms(worse))["gestorben"]


@pytest.mark.parametrize("text", ["Todd kam.", "Die Methode half.", ""])
def test_a_short_word_that_stands_inside_another_by_chance_counts_nothing(text):
    assert covered([DIED], forms(text)) == {"gestorben": 0}


def test_without_other_words_covered_is_presence():
    terms, words = [Term("rutte", 1.0), Term("gespräche", 1.0)], forms("Rutte lobt Verhandlungen.")
    assert covered(terms, words) == presence(["rutte", "gespräche"], words)


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=6))
def test_covered_is_no_less_than_presence_and_never_more_than_1(wanted, others, words):
    terms = [Term(form, 1.0, frozenset(others)) for form in wanted]
    present = presence(wanted, words)
    for form, sure in covered(terms, words).items():
        assert present[form] <= sure <= 1
