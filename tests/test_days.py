import pytest

from tests.checking import problems

TEXT = "Der Vertrag wurde am Dienstag, dem 3. Mai 2005, in Kiel unterzeichnet."


@pytest.mark.parametrize(
    "statement",
    [
        "Der Vertrag wurde am 3. Mai 2005 in Kiel unterzeichnet.",
        "Der Vertrag wurde an einem Dienstag in Kiel unterzeichnet.",
        "Der Vertrag wurde im Mai 2005 in Kiel unterzeichnet.",
        "Der Vertrag wurde Anfang Mai 2005 in Kiel unterzeichnet.",
        "Der Vertrag wurde 2005 in Kiel unterzeichnet.",
        "The treaty was signed in Kiel on 3 May 2005.",
    ],
)
def test_the_same_day_or_its_month_or_year_is_proven(statement):
    assert "day" not in problems(statement, TEXT)


@pytest.mark.parametrize(
    "statement",
    [
        "Der Vertrag wurde am 4. Mai 2005 in Kiel unterzeichnet.",
        "Der Vertrag wurde am 3. Juni 2005 in Kiel unterzeichnet.",
        "Der Vertrag wurde am Freitag, dem 3. Mai 2005, in Kiel unterzeichnet.",
        "Der Vertrag wurde Ende Mai 2005 in Kiel unterzeichnet.",
        "The treaty was signed in Kiel in 2006.",
    ],
)
def test_another_day_is_caught(statement):
    assert problems(statement, TEXT) & {"day", "number"}


@pytest.mark.parametrize(
    ("statement", "is_proven"),
    [
        ("Am 3. Mai 2005 brannte die Halle.", True),
        ("Am heutigen Dienstag brannte die Halle.", True),
        ("Am 4. Mai 2005 brannte die Halle.", False),
        ("Am heutigen Freitag brannte die Halle.", False),
    ],
)
@pytest.mark.parametrize("text", ["Heute brannte die Halle.", "Die Halle brannte."])
def test_without_a_day_the_article_speaks_of_its_own(text, statement, is_proven):
    assert ("day" not in problems(statement, text, date="2005-05-03")) == is_proven


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "Vier Länder waren Mitte Oktober 2007 ausgestiegen.",
            "Bis Mitte Oktober 2007 waren vier Länder ausgestiegen.",
        ),
        ("In den 1980ern wurde die Schule gebaut.", "1984 wurde die Schule gebaut."),
        ("2005 wurde die Schule gebaut.", "Die Schule wurde im Herbst 2005 gebaut."),
    ],
)
def test_a_statement_may_be_less_exact(statement, text):
    assert "day" not in problems(statement, text)


def test_of_since_only_the_first_day_must_be_named():
    text = "Am Montag besetzten Studenten das Rektorat der Universität Aue."
    statement = "Studenten halten das Rektorat der Universität Aue seit dem 2. Mai 2005 besetzt."
    assert "day" not in problems(statement, text, date="2005-05-06")
    assert "day" in problems(statement.replace("2. Mai", "3. Mai"), text, date="2005-05-06")
