from tests.checking import problems


def test_a_clause_may_stand_anywhere_in_the_text():
    rest = "Der Rat tagte am Abend. Es ging um Geld. Alle blieben lange."
    text = f"Tamsen fand Risse in der Brücke. {rest} Sie wollte den Posten der Chefin nicht räumen."
    statement = "Tamsen, die den Posten der Chefin nicht räumen wollte, fand Risse in der Brücke."
    assert "wording" not in problems(statement, text)
    assert "wording" in problems(statement, f"Tamsen fand Risse in der Brücke. {rest}")
