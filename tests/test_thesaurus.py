import re
from collections import Counter
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import FUNCTION_WORDS, normalise, stem
from rag.thesaurus import common, opposites, place, related


def lines(name):
    text = (resources.files("rag") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


PEOPLES, PLACES = lines("peoples"), lines("places")
SYNONYMS, ENGLISH = lines("synonyms") + PEOPLES, lines("english") + PLACES
GROUPS = [line.split(" ") for line in SYNONYMS]
TRANSLATIONS = {line.split(": ")[0]: line.split(": ")[-1].split(" ") for line in ENGLISH}
WORD = r"[a-zäöüß][a-zäöüß0-9]*"


# --- the files -------------------------------------------------------------------------------


def test_there_are_thousands():
    assert len(SYNONYMS) > 2000
    assert len(ENGLISH) > 4000
    assert len(PEOPLES) > 150
    assert len(PLACES) > 300


def test_a_line_of_synonyms_is_two_words_or_more():
    form = re.compile(rf"{WORD}( {WORD})+")
    assert [line for line in SYNONYMS if not form.fullmatch(line)] == []


def test_a_line_of_english_is_a_word_and_its_translations():
    form = re.compile(rf"[a-z]+: {WORD}( {WORD})*")
    assert [line for line in ENGLISH if not form.fullmatch(line)] == []


def test_words_are_in_the_form_that_is_compared():
    words = {word for group in [*GROUPS, *TRANSLATIONS.values()] for word in group}
    assert {word for word in words | TRANSLATIONS.keys() if word != normalise(word)} == set()


def test_nothing_is_there_twice():
    assert [group for group in GROUPS if len(set(group)) < len(group)] == []
    assert [n for n, words in TRANSLATIONS.items() if len(set(words)) < len(words)] == []
    assert [group for group, n in Counter(map(frozenset, GROUPS)).items() if n > 1] == []
    english = Counter(line.split(":")[0] for line in ENGLISH)
    assert [word for word, n in english.items() if n > 1] == []


def test_a_line_has_two_different_stems():
    assert [group for group in GROUPS if len(set(map(stem, group))) < 2] == []


# --- looking up ------------------------------------------------------------------------------


def test_synonyms_are_each_others():
    for group in GROUPS:
        for word in group:
            others = {stem(other) for other in group} - {stem(word)}
            assert others <= related(word, "de")


def test_synonymy_is_symmetric_and_never_of_the_word_itself():
    one_form = {stem(word): word for group in GROUPS for word in group}
    for own, word in one_form.items():
        assert own not in related(word, "de")
        assert all(own in related(one_form[other], "de") for other in related(word, "de"))


def test_a_translation_is_found_but_never_the_word_itself():
    for english, german in TRANSLATIONS.items():
        assert related(english, "en") == set(map(stem, german)) - {stem(english)}


@pytest.mark.parametrize("word", ["brücke", "brücken", "brucke"])
def test_an_inflected_german_word_is_found_by_its_stem(word):
    assert related(word, "de") == related("brücke", "de") != frozenset()


@pytest.mark.parametrize(
    ("inflected", "base"),
    [
        ("bridges", "bridge"),
        ("countries", "country"),
        ("towns", "town"),
        ("churches", "church"),
        ("stopped", "stop"),
        ("stopping", "stop"),
        ("invaded", "invade"),
        ("invading", "invade"),
        ("carried", "carry"),
        ("demanded", "demand"),
        ("quickly", "quick"),
    ],
)
def test_an_inflected_english_word_is_found_by_its_base(inflected, base):
    assert related(inflected, "en") >= set(map(stem, TRANSLATIONS[base])) - {stem(inflected)}
    assert related(inflected, "en")


@pytest.mark.parametrize("word", ["is", "as", "bed", "king", "thing", "only"])
def test_what_only_ends_like_an_inflection_is_not_cut(word):
    expected = set(map(stem, TRANSLATIONS.get(word, ()))) - {stem(word)}
    assert related(word, "en") == expected


@pytest.mark.parametrize("word", ["bridge", "countries", "die", "art", "gift"])
def test_a_german_question_gets_no_english_translations(word):
    assert word in TRANSLATIONS or word == "countries" or word in FUNCTION_WORDS["de"]
    german = set().union(*(map(stem, group) for group in GROUPS if word in group))
    assert related(word, "de") == german - {stem(word)}


def test_an_english_question_gets_no_german_synonyms():
    assert related("brücke", "en") == frozenset()


# --- places, common words, opposites ---------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vienna", "wien"),
        ("french", "französisch"),
        ("frankreich", "französischen"),
        ("kiew", "kyjiw"),
        ("rhine", "nordrhein"),
    ],
)
def test_the_names_of_one_place_share_a_stem(one, other):
    assert place(one) & place(other)


@pytest.mark.parametrize(("one", "other"), [("wien", "köln"), ("france", "spanien")])
def test_the_names_of_two_places_share_none(one, other):
    assert place(one)
    assert not place(one) & place(other)


def test_all_names_of_places_are_places_and_not_common():
    named = {word for line in PEOPLES for word in line.split()}
    named |= {word for line in PLACES for word in line.replace(":", "").split()}
    assert {word for word in named if not place(word)} == set()
    assert not common() & {stem(word) for word in named}


@pytest.mark.parametrize("word", ["brücke", "bridge", "merkel", ""])
def test_other_words_are_no_places(word):
    assert place(word) == frozenset()


def test_words_of_the_lists_are_common():
    assert {stem("brücke"), stem("unfall")} <= common()
    assert stem("merkel") not in common()


def test_opposites_are_each_others():
    assert stem("abgelehnt") in opposites("beschlossen")
    assert stem("beschlossen") in opposites("abgelehnt")
    assert opposites("beschlossenen") == opposites("beschlossen")
    assert opposites("brücke") == frozenset()


@given(st.text(max_size=20), st.sampled_from(["de", "en"]))
def test_any_word_can_be_looked_up(word, language):
    assert stem(word) not in related(normalise(word), language)
