import pytest

from tests.checking import problems

TEXT = "Anna Thoms, die Bürgermeisterin von Hamburg, eröffnete mit Karl Wieland die Messe."


@pytest.mark.parametrize(
    "statement",
    [
        "Anna Thoms eröffnete die Messe.",
        "Die Messe wurde von Thoms eröffnet.",
        "Die Hamburger Bürgermeisterin eröffnete mit Wieland die Messe.",
        "Wieland eröffnete mit Anna Thoms die Messe.",
        "The mayor of Hamburg, Anna Thoms, opened the fair.",
    ],
)
def test_the_same_names_are_proven(statement):
    assert problems(statement, TEXT) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "Anna Kramer eröffnete die Messe.",
        "Petra Thoms eröffnete die Messe.",
        "Die Bürgermeisterin von Bremen eröffnete mit Karl Wieland die Messe.",
        "The mayor of Cologne, Anna Thoms, opened the fair.",
    ],
)
def test_another_name_is_caught(statement):
    assert "name" in problems(statement, TEXT)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Selenskyj", "Selenski"),
        ("Krikaljow", "Krikalev"),
        ("Konstantinovich", "Konstantinowitsch"),
        ("Kaepernick", "Kaeperick"),
        ("Vilnius", "Wilna"),
        ("Moscow", "Moskau"),
    ],
)
def test_a_name_may_be_spelt_in_another_way(mine, theirs):
    assert (
        problems(
            f"In der Rede war von {mine} viel die Rede.",
            f"Es war in der Rede viel von {theirs} die Rede.",
        )
        == set()
    )


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("Merkel", "Merz"), ("Norddeutschland", "Deutschland"), ("Hamburg", "Homberg")],
)
def test_another_name_is_no_spelling(mine, theirs):
    assert "name" in problems(f"Die Rede handelte von {mine}.", f"Die Rede handelte von {theirs}.")


def test_a_name_that_the_next_sentence_has_is_not_who_is_meant():
    text = "Jason Kidd gewann das Finale in Denver. Vince Carter war im Sommer verletzt."
    assert "name" in problems("Vince Carter gewann das Finale in Denver.", text)
    assert "name" in problems("Im Finale in Denver war es Vince Carter, der gewann.", text)


def test_a_pronoun_is_resolved_by_the_article():
    background = "Anna Thoms gewinnt\nThoms wurde in Kiel geboren."
    assert problems("Anna Thoms reiste ab.", "Sie reiste ab.", background=background) == set()
    assert "name" in problems("Anna Kramer reiste ab.", "Sie reiste ab.", background=background)


def test_a_surname_is_completed_by_the_article():
    text, background = "Ministerin Thoms lobte die Mannschaft.", "Sieg\nAnna Thoms kam 2001."
    assert problems("Anna Thoms lobte die Mannschaft.", text, background=background) == set()
    assert "name" in problems("Anna Thoms lobte die Mannschaft.", text)


def test_the_headline_names_what_the_article_is_about():
    text = "Der Minister lobte die Mannschaft."
    statement = "Guatemalas Minister lobte die Mannschaft."
    assert problems(statement, text, background="Guatemala: Lob\nMehr.") == set()
    assert "name" in problems(statement, text)


@pytest.mark.parametrize(
    "statement",
    [
        "Obwohl die Messe eröffnet wurde, blieb Hamburg ruhig.",
        "Eröffnet wurde die Messe in Hamburg.",
        "Nach Angaben des Berichts wurde die Messe eröffnet.",
        "Since the fair was opened, Hamburg has been quiet.",
    ],
)
def test_the_first_word_of_a_sentence_is_no_name(statement):
    assert "name" not in problems(statement, "Die Messe wurde in Hamburg eröffnet; es blieb ruhig.")


def test_a_name_of_the_same_sentence_may_not_stand_in_for_another():
    text = "Wieland reiste am Montag zu Gesprächen nach Kiel, wo ihn Thoms erwartete."
    assert problems("Thoms reiste am Montag zu Gesprächen nach Kiel.", text) == {"name"}
