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


LONG = (
    "Der Brand brach am Morgen in einer Halle in Aue aus. Ein Lager im Keller war verloren. "
    "Dort arbeiteten 66 Schlosser. Die Löscharbeiten dauerten 14 Stunden."
)


def test_a_statement_worded_freely_may_have_a_number_from_further_on():
    free = "Bei dem Feuer, das morgens in der Halle in Aue begann, wurde 14 Stunden lang gelöscht."
    assert "number" not in problems(free, LONG)
    assert "number" in problems(free.replace("Stunden", "Wochen"), LONG)
    assert "number" in problems(free.replace("14", "15"), LONG)


def test_in_the_words_of_its_source_it_may_not():
    close = "Der Brand brach am Morgen in 66 Hallen in Aue aus."
    assert "number" in problems(close, LONG)


def test_an_age_is_one_number_not_two():
    text = "Ein 66-jähriger Mann betreibt in Aue eine Mühle."
    assert problems("Ein 66-jähriger Müller betreibt in Aue eine Mühle.", text) <= {"wording"}


def test_in_another_language_a_unit_may_be_unknown():
    text = "In Aue starben 22 Mädchen im Alter von 14 bis 17 Jahren."
    assert "number" not in problems("Twenty-two girls aged 14 to 17 died in Aue.", text)
