import re
from collections import Counter
from importlib import resources
from itertools import product

import pytest

from index.language import ALL_FUNCTION_WORDS, normalise, stem
from rag.thesaurus import related

TEXT = (
    (resources.files("rag") / "lexicon" / "opposites.txt").read_text(encoding="utf-8").splitlines()
)
LINES = [line for line in TEXT if not line.startswith("#")]
PAIRS = [tuple(side.split(" ") for side in line.split(" | ")) for line in LINES]
WORD = r"[a-zäöüßéèê]+"
SIDE = rf"{WORD}( {WORD})*"


def stems(side):
    return frozenset(map(stem, side))


def under_headings(told):
    """Return the lines under headings that do, or do not, say the words were asked for."""
    heading, found = "", []
    for line in TEXT:
        if line.startswith("#"):
            heading = line
        elif ("asked for" in heading) == told:
            found.append(line)
    return found


# --- the file --------------------------------------------------------------------------------


def test_the_first_line_says_what_it_is():
    assert re.fullmatch(r"# Opposites.* Beleg.*", TEXT[0])


def test_there_are_hundreds_in_both_languages():
    english = next(n for n, line in enumerate(TEXT) if line.startswith("# English"))
    assert len([line for line in TEXT[:english] if not line.startswith("#")]) > 700
    assert len([line for line in TEXT[english:] if not line.startswith("#")]) > 350


def test_a_line_is_single_words_on_two_sides():
    assert [line for line in LINES if not re.fullmatch(rf"{SIDE} \| {SIDE}", line)] == []


def test_a_heading_names_language_and_field_once():
    headings = [line for line in TEXT[1:] if line.startswith("#")]
    assert [line for line in headings if not re.match(r"# (German|English): \w", line)] == []
    assert len(set(headings)) == len(headings)


def test_words_are_in_the_form_that_is_compared():
    words = {word for sides in PAIRS for side in sides for word in side}
    assert {word for word in words if word != normalise(word)} == set()


# --- the sides -------------------------------------------------------------------------------


def test_no_stem_stands_twice_on_a_line():
    def doubled(sides):
        return [s for s, n in Counter(map(stem, sides[0] + sides[1])).items() if n > 1]

    assert [line for line, sides in zip(LINES, PAIRS, strict=True) if doubled(sides)] == []


def test_no_line_is_there_twice():
    found = Counter(frozenset(map(stems, sides)) for sides in PAIRS)
    assert [sides for sides, n in found.items() if n > 1] == []


def test_no_pair_is_a_group_of_synonyms():
    """What stands for the other when searching cannot contradict it when checking."""
    opposed = {pair for left, right in PAIRS for pair in product(left, right)}
    assert [pair for pair in opposed if stem(pair[1]) in related(pair[0], "de")] == []


def test_no_stem_is_that_of_a_function_word():
    """A stem such as ``sich`` (sicher) stands in every sentence; those asked for are apart."""
    words = {word for line in under_headings(told=False) for word in re.findall(WORD, line)}
    common = stems(ALL_FUNCTION_WORDS)
    assert sorted(word for word in words if stem(word) in common) == []


def test_what_was_asked_for_is_few():
    assert 0 < len(under_headings(told=True)) < 25


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("abgelehnt", "beschlossen"),
        ("stieg", "sank"),
        ("Sieg", "Niederlagen"),
        ("verurteilten", "freigesprochen"),
        ("Zunahme", "Abnahme"),
        ("befürwortet", "lehnte"),
        ("halbierten", "verdoppelt"),
        ("mehr", "weniger"),
        ("rose", "fell"),
        ("guilty", "innocent"),
    ],
)
def test_these_are_opposites(one, other):
    asked = {stem(normalise(one)), stem(normalise(other))}
    found = [{stem(a), stem(b)} for left, right in PAIRS for a, b in product(left, right)]
    assert asked in found
