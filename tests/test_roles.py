import pytest

from tests.checking import problems

TEXT = "Anna Thoms besiegte im Finale von Denver die Titelverteidigerin Petra Kramer."


@pytest.mark.parametrize(
    "statement",
    [
        "Anna Thoms besiegte Petra Kramer im Finale von Denver.",
        "Petra Kramer wurde im Finale von Denver von Anna Thoms besiegt.",
    ],
)
def test_the_same_roles_are_proven(statement):
    assert "roles" not in problems(statement, TEXT)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Petra Kramer besiegte Anna Thoms im Finale von Denver.", TEXT),
        (
            "Der Brief ging von Petra Kramer an Anna Thoms.",
            "Der Brief ging von Anna Thoms an Petra Kramer.",
        ),
    ],
)
def test_exchanged_names_are_caught(statement, text):
    assert problems(statement, text) & {"roles", "name"}


def test_a_title_belongs_to_who_bears_it():
    text = "Richter Ottmar Breidling verurteilte den Angeklagten Atilla Selek zu fünf Jahren Haft."
    assert problems("Richter Ottmar Breidling verurteilte ihn zu fünf Jahren Haft.", text) == set()
    assert problems("Richter Atilla Selek sprach von fünf Jahren Haft.", text) >= {"roles"}
