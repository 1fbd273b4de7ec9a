import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.comparable import comparable, contains, token_f1

PIECES = st.lists(st.text("abzäöüßÉ0129.,'-", min_size=1, max_size=8), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Grüße", unicodedata.normalize("NFD", "Grüße")),
        ("BRÜCKE", "brücke"),
        ("Müller", "Mueller"),
        ("Straße", "Strasse"),
        ("café", "Cafe"),
        ("„Brücke“!", "Brücke"),
        ("ﬁnanziert", "finanziert"),
        ("Wieder\u00adaufbau", "Wiederaufbau"),
        ("12.500", "12500"),
        ("12,500", "12500"),
        ("12\u00a0500", "12500"),  # no-break space
        ("12\u2009500", "12500"),  # thin space
        ("12\u202f500", "12500"),  # narrow no-break space
        ("12’500", "12500"),
        ("1.234.567", "1234567"),
        ("3,4", "3.4"),
        ("zwölf", "12"),
        ("Zwölf", "twelve"),
        ("drei Brücken", "3 Brücken"),
    ],
)
def test_the_same_written_differently(one, other):
    assert comparable(one) == comparable(other)
    assert contains(f"Es waren {one} im Mai.", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12.500", "12,5"),
        ("12 500", "12500"),  # an ordinary space separates two numbers
        ("3.4", "34"),
        ("2025", "25"),
        ("rot", "tot"),
        ("zwölf", "elf"),
    ],
)
def test_what_differs_stays_different(one, other):
    assert comparable(one) != comparable(other)


def test_an_answer_stands_there_as_whole_words_in_order():
    text = "Am Montag sprach Mark Rutte mit 140 Gästen."
    assert contains(text, "Mark Rutte")
    assert not contains(text, "Rutte Mark")
    assert not contains(text, "Mark mit")
    assert not contains(text, "14")
    assert not contains(text, "Rut")


@pytest.mark.parametrize("nothing", ["", " ", "…"])
def test_an_empty_answer_stands_nowhere(nothing):
    assert not contains("Mark Rutte …", nothing)
    assert token_f1("Mark Rutte …", nothing) == 0


@given(PIECES, st.data())
def test_a_text_contains_each_of_its_pieces(pieces, data):
    start = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(start + 1, len(pieces)))
    piece = " ".join(pieces[start:end])
    assert contains(" ".join(pieces), piece) == bool(comparable(piece))


@given(st.text())
def test_any_text_can_be_compared(text):
    assert contains(f"vor {text} nach", text) or not comparable(text)


def test_token_f1_by_hand():
    # said: am 3 mai 2025 (4 words), wanted: 3 mai (2), in common 2: P = 1/2, R = 1
    assert token_f1("am 3. Mai 2025", "3. Mai") == pytest.approx(2 / 3)
    # a word counts as often as it occurs: said rot rot blau, wanted rot rot gelb: P = R = 2/3
    assert token_f1("rot rot blau", "rot rot gelb") == pytest.approx(2 / 3)
    # articles do not count
    assert token_f1("die Brücke", "der Brücke") == 1
    assert token_f1("Merz", "Rutte") == 0
