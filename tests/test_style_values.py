import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.style_values import WHITE, colour, numbers, pixels


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0), ("-9999px", -9999), (".5em", 8), ("1e3px", 1000), ("+2 rem", 7), ("50%", 100),
        (" 3px ", 3), ("auto", 7), ("calc(1px + 2px)", 7), ("3furlong", 7), ("", 7),
    ],
)  # fmt: skip
def test_a_length_is_so_many_pixels(value, expected):
    assert pixels(value, percent=2, unknown=7) == expected


def test_the_numbers_of_a_shape():
    assert numbers("rect(1px, 0 .5em auto)") == [1, 0, 0.5]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#fff", WHITE), ("#ffffff", WHITE), ("#ffff", WHITE), ("white", WHITE),
        ("rgb(255, 255, 255)", WHITE), ("rgb(100% 100% 100%)", WHITE), ("#0000", (0, 0, 0, 0)),
        ("rgba(10, 20, 30, .5)", (10, 20, 30, 0.5)), ("rgb(10 20 30 / 50%)", (10, 20, 30, 0.5)),
        ("no-repeat", None), ("hsl(0 0% 100%)", None), ("var(--white)", None), ("#ff", None),
        ("rgb(1, 2)", None), ("", None), ("off-white", None),
    ],
)  # fmt: skip
def test_a_colour_in_every_usual_way(value, expected):
    assert colour(value) == expected


@given(st.text() | st.from_regex(r"(rgba?\([\d.,% e+-]*\)|#[0-9a-f]*)"))
def test_any_value_is_a_colour_or_none(value):
    assert colour(value) is None or len(colour(value)) == 4
