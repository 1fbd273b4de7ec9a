import pytest

from tests.checking import problems

TEXT = (
    "Bei dem Unglück starben 12 Menschen, 30 wurden verletzt. Der Schaden beträgt 2.389.000 Euro."
    " Die beiden Fahrer waren seit 50 Jahren im Dienst."
)


@pytest.mark.parametrize(
    "statement",
    [
        "Bei dem Unglück starben zwölf Menschen.",
        "30 Menschen wurden bei dem Unglück verletzt.",
        "Der Schaden beträgt rund 2,4 Millionen Euro.",
        "Der Schaden beträgt 2.389.000 €.",
        "Die zwei Fahrer waren seit fünf Jahrzehnten im Dienst.",
        "Die Fahrer waren ein halbes Jahrhundert im Dienst.",
        "Twelve people died in the accident.",
    ],
)
def test_the_same_number_is_proven(statement):
    assert "number" not in problems(statement, TEXT)


@pytest.mark.parametrize(
    "statement",
    [
        "Bei dem Unglück starben 13 Menschen.",
        "Bei dem Unglück starben 12 Menschen, 31 wurden verletzt.",
        "Der Schaden beträgt 2,4 Millionen Euro.",
        "Der Schaden beträgt rund 2,9 Millionen Euro.",
        "Der Schaden beträgt 2.389.000 Dollar.",
        "Die Fahrer waren seit vier Jahrzehnten im Dienst.",
        "Thirteen people died in the accident.",
    ],
)
def test_another_number_or_unit_is_caught(statement):
    assert "number" in problems(statement, TEXT)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("50 Prozent der Bürger stimmten zu.", "Die Hälfte der Bürger stimmte zu."),
        ("Die Haft dauerte sechs Monate.", "Die Haft dauerte ein halbes Jahr."),
        ("Die Zahl der Besucher hat sich verdoppelt.", "Die Zahl der Besucher verdoppelte sich."),
        ("Der 72-Jährige wurde verurteilt.", "Der 72 Jahre alte Mann wurde verurteilt."),
        ("Die Reise dauerte drei Tage.", "Es war eine dreitägige Reise."),
    ],
)
def test_a_number_may_be_said_in_another_way(statement, text):
    assert "number" not in problems(statement, text)


def test_a_number_of_the_same_sentence_may_not_stand_in_for_another():
    text = "Am Montag kamen in Kiel 12 Menschen ums Leben, 30 wurden verletzt."
    assert "number" in problems("Am Montag kamen in Kiel 30 Menschen ums Leben.", text)
