import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.numerals import is_number_word, numbers


def amounts(text):
    return [number.amount for number in numbers(text)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("14", 14), ("2.900", 2900), ("21'400", 21400), ("21’400", 21400), ("1,150", 1150),
        ("3,4", 3.4), ("91.3", 91.3), ("1.250,50", 1250.5), ("3,4 Millionen", 3.4e6),
        ("5 Mio.", 5e6), ("zwölf", 12), ("Sechs", 6), ("einundzwanzig", 21), ("twenty-one", 21),
        ("dreihundertfünfzig", 350), ("zwölftausend", 12000), ("zwei Dutzend", 24),
        ("eine halbe Million", 0.5e6), ("eine Million", 1e6), ("anderthalb Millionen", 1.5e6),
        ("three hundred", 300), ("3.4 million", 3.4e6), ("2 billion", 2e9), ("2 Billionen", 2e12),
    ],
)  # fmt: skip
def test_what_a_number_is_worth(text, amount):
    assert amounts(text) == [pytest.approx(amount)]


@pytest.mark.parametrize("text", ["ein Haus", "eine Frau", "Millionen Menschen", "a house", ""])
def test_articles_are_no_numbers(text):
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "step"),
    [("8000", 1000), ("8.250", 10), ("3,4", 0.1), ("3,4 Millionen", 1e5), ("zwölf", 1)],
)
def test_what_the_last_digit_counts(text, step):
    [number] = numbers(text)
    assert number.step == pytest.approx(step)


def test_a_number_points_into_the_text():
    text = "Es kamen rund 3,4 Millionen Gäste und zwölf Hunde."
    assert [text[n.start : n.end] for n in numbers(text)] == ["3,4 Millionen", "zwölf"]


@given(text=st.text(max_size=80) | st.text("0123456789.,'’ :/-zwölfMio", max_size=40))
def test_any_text_has_its_numbers_in_order(text):
    spans = [(number.start, number.end) for number in numbers(text)]
    assert spans == sorted(spans)
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize("word", ["zwei", "zwölf", "dreihundertfünfzig", "million", "dozen", "ten"])
def test_number_words(word):
    assert is_number_word(word)


@pytest.mark.parametrize("word", ["ein", "eine", "a", "null", "halbe", "zweite", "brücke", ""])
def test_other_words_are_no_numbers(word):
    assert not is_number_word(word)
