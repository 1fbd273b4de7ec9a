import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.figures import figures, unit_after


def read(sentence):
    return [(f.value.text, f.what, sorted(f.which)) for f in figures(sentence) if f.noun]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Es kamen rund 40 Händler.", [("rund 40", "handl", [])]),
        ("Es gab zwölf deutsche Touristen.", [("zwölf", "tourist", ["deutsch"])]),
        ("Die Kosten liegen bei 3,5 Mio. Euro.", [("3,5 Mio.", "euro", [])]),
        ("Bezahlt werden 35 % der Kosten.", [("35", "prozent", [])]),
        ("Bezahlt werden 19.000 Euro im Monat.", [("19.000", "euro", ["monat"])]),
        ("Bei dem Unglück gab es 14 Todesopfer.", [("14", "tot", [])]),
        ("Dabei kamen zwölf Menschen ums Leben, 14 wurden verletzt.", [("zwölf", "tot", [])]),
        ("Die Zahl der Toten stieg auf 17.", [("17", "tot", [])]),
        ("Dort sind 14 Personen verletzt worden.", [("14", "verletzt", [])]),
        ("Eine Bergung kostet 11 bis 14 Millionen Euro.", [("11 bis 14 Millionen", "euro", [])]),
        ("In the storm nine people were killed.", [("nine", "tot", [])]),
        ("The repair is put at 3.4 million euros.", [("3.4 million", "euro", [])]),
    ],
)
def test_what_is_counted(sentence, expected):
    assert read(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 17. Spieltag verlor der Klub.", "Das Spiel endete 2:1.", "Es begann um 9.40 Uhr früh.",
        "Es begann um 21 Uhr.", "Am 3. November war es kalt.", "Im Jahr 2005 Wahlen gewonnen.",
        "Er wurde mit 27 gegen 14 Stimmen gewählt.", "Sie ist 54 Jahre alt.",
        "Tel. 030/1234 Berlin.",
        "Nr. 2 Boote lagen dort.", "Der 12-jährige Sohn kam.", "Er kam 3 von 12 Mal.",
        "Die Linie 6 Busse fuhren.", "Er half dem COVID-19 Kranken.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure(sentence):
    assert read(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Betroffen sind nicht 8000, sondern 21'400 Personen.",
        "Statt 3,4 Millionen Euro kostet sie nun 5,1 Millionen Euro.",
        "Die Belohnung wurde von 50.000 auf 80.000 Euro erhöht.",
        "Die Zahl der Toten stieg von 12 auf 17.",
    ],
)
def test_what_the_sentence_itself_denies(sentence):
    assert [figure.denied for figure in figures(sentence)] == [True, False]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("14 Boote", "14 Boote", False), ("12 Boote", "14 Boote", True),
        ("zwölf Boote", "12 Boote", False), ("rund 100 Boote", "103 Boote", False),
        ("mehr als 100 Boote", "103 Boote", False), ("bis zu 14 Boote", "elf Boote", False),
        ("200 Boote", "203 Boote", False), ("8000 Boote", "21'400 Boote", True),
        ("20 Boote", "22 Boote", True), ("rund 40 Boote", "65 Boote", True),
        ("3,5 Millionen Euro", "3,46 Millionen Euro", False),
        ("3 Millionen Euro", "3,8 Millionen Euro", True),
        ("11 bis 14 Boote", "zwölf Boote", False), ("11 bis 14 Boote", "16 Boote", True),
        ("knapp 100 Boote", "98 Boote", False), ("eine halbe Million Euro", "500.000 Euro", False),
    ],
)  # fmt: skip
def test_when_two_values_cannot_both_be_right(one, other, differ):
    [mine], [theirs] = figures(f"Gezählt wurden {one}."), figures(f"Gezählt wurden {other}.")
    assert mine.value.differs(theirs.value) == theirs.value.differs(mine.value) == differ


@given(st.text(max_size=120))
def test_any_text_is_read(text):
    for figure in figures(text):
        assert figure.value.text in text
        assert figure.value.low <= figure.value.high


@pytest.mark.parametrize(
    ("text", "unit", "noun"),
    [
        ("5 Millimeter", "", "millimeter"),
        ("5 Euro", "euro", "euro"),
        ("5 %", "prozent", "%"),
        ("5 Jahren", "jahre", "jahren"),
        ("5 junge Leute", "", "leute"),
        ("5 und mehr", "", ""),
        ("5", "", ""),
        ("5 days of rain and the end", "tage", "days"),
    ],
)
def test_what_a_number_counts(text, unit, noun):
    assert unit_after(text, 1) == (unit, noun)
