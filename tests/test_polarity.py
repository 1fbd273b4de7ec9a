import pytest

from tests.checking import problems

AGREED = "Der Stadtrat hat dem Bau der Brücke am Montag in Kiel zugestimmt."
NOT_AGREED = "Der Stadtrat hat dem Bau der Brücke am Montag in Kiel nicht zugestimmt."


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (NOT_AGREED, AGREED),
        (AGREED, NOT_AGREED),
        ("Der Stadtrat stimmte dem Bau der Brücke nicht zu.", AGREED),
        ("Der Stadtrat stimmte dem Bau der Brücke zu.", NOT_AGREED),
        ("Es gab Verletzte.", "Verletzte gab es keine."),
        (
            "In Indien werden nicht Privatschulen unabhängige Schulen genannt.",
            "In Indien werden Privatschulen unabhängige Schulen genannt.",
        ),
        ("Es gab keine Verletzten.", "Es gab Verletzte."),
        ("The city council did not agree to the bridge.", AGREED),
        ("Die Firma lehnte das Angebot nicht ab.", "Die Firma lehnte das Angebot ab."),
        ("Er verzichtete nicht auf das Amt.", "Er verzichtete auf das Amt."),
    ],
)
def test_a_negation_put_in_or_taken_out_is_caught(statement, text):
    assert "negation" in problems(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (NOT_AGREED, NOT_AGREED),
        ("Der Stadtrat lehnte den Bau der Brücke ab.", NOT_AGREED),
        ("Niemand wurde verletzt.", "Verletzte gab es keine."),
        ("Er will nicht weiter ermitteln.", "Er will seine Ermittlungen einstellen."),
        (
            "Das Gutachten schloss einen Fehler nicht aus.",
            "Das Gutachten hielt einen Fehler für möglich.",
        ),
        ("Nicht nur Kiel, sondern auch Rom baut.", "Kiel und auch Rom baut."),
        ("Das Spiel findet in Kiel statt.", "Das Spiel wird in Kiel ausgetragen."),
        (
            "Medien durften nichts veröffentlichen.",
            "Den Medien war verboten, etwas zu veröffentlichen.",
        ),
    ],
)
def test_the_same_may_be_denied_in_another_way(statement, text):
    assert "negation" not in problems(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "Der Stadtrat hat den Bau am Montag abgelehnt.",
            "Der Stadtrat hat den Bau am Montag beschlossen.",
        ),
        ("Die Preise sind im Mai stark gesunken.", "Die Preise sind im Mai stark gestiegen."),
        (
            "In Kiel sanken laut Statistik die Preise.",
            "Die Preise stiegen in Kiel, heißt es in der Statistik.",
        ),
        ("Prices in Kiel fell sharply in May.", "Die Preise in Kiel sind im Mai stark gestiegen."),
    ],
)
def test_the_opposite_is_caught(statement, text):
    assert "opposite" in problems(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Kiel verlor gegen Bremen.", "Bremen gewann gegen Kiel."),
        ("Die Preise sind nicht gesunken.", "Die Preise sind gestiegen."),
        (
            "Der Bau wurde beschlossen, obwohl ihn viele ablehnten.",
            "Viele lehnten den Bau ab, doch er wurde beschlossen.",
        ),
    ],
)
def test_what_only_has_opposite_words_is_accepted(statement, text):
    assert "opposite" not in problems(statement, text)


@pytest.mark.parametrize(
    ("statement", "is_caught"),
    [
        ("Der Mann hat die Bank überfallen.", True),
        ("Der Mann soll die Bank überfallen haben.", False),
        ("Der mutmaßliche Täter hat die Bank überfallen.", False),
        ("Laut Polizei hat der Mann die Bank überfallen.", False),
    ],
)
def test_what_is_only_supposed_must_not_be_said_for_sure(statement, is_caught):
    found = problems(statement, "Der Mann hat angeblich die Bank überfallen.")
    assert ("certainty" in found) == is_caught
