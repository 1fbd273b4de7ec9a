"""A sentence is proven by what it names, by several together, or by what it should have named."""

import pytest

from rag.answer import Hit
from rag.briefing import brief
from rag.draft import Draft
from rag.proof import prove
from rag.stories import Story

TEXTS = (
    "Der Rat der Stadt Aue sperrte am Montag die Kranbrücke. Der Umweg ist 14 Kilometer lang.",
    "Die Gutachterin Wiebke Tamsen fand drei Risse im Stahl der Kranbrücke.",
    "Nach Angaben des Rates kostet die Reparatur 2,5 Millionen Euro. Das Geld fehlt noch.",
)
CLOSED = "Der Rat der Stadt Aue sperrte am Montag die Kranbrücke."
BOTH = "Der Rat der Stadt Aue sperrte die Kranbrücke, und Wiebke Tamsen fand drei Risse im Stahl."
LIE = "Der Rat der Stadt Aue sperrte am Freitag die Kranbrücke."


@pytest.fixture
def given():
    hits = [Hit(f"a{n}", n, 0, len(t), t, 1 - n / 9, "Titel") for n, t in enumerate(TEXTS, 1)]
    return brief([Story(hit, ()) for hit in hits], {hit.article_id: hit.text for hit in hits})


def ids(given, *numbers):
    return tuple(given[number].id for number in numbers)


def found(proof):
    return [(one.given.hit.paragraph, one.given.hit.text[one.start : one.end])
            for one in proof.evidence]  # fmt: skip


@pytest.mark.parametrize("named", [(0,), (1,), (), (0, 2), (2, 1)])
def test_it_is_proven_by_the_source_that_says_it_named_or_not(named, given):
    proof = prove(Draft(CLOSED, ids(given, *named)), given)
    assert proof.holds
    assert found(proof) == [(1, CLOSED)]


def test_ids_that_there_are_not_name_nothing(given):
    proof = prove(Draft(CLOSED, ("zzz", "[99]", "1")), given)
    assert found(proof) == [(1, CLOSED)]


def test_two_sources_prove_together_what_neither_says_alone(given):
    assert not prove(Draft(BOTH, ids(given, 0)), given).holds
    proof = prove(Draft(BOTH, ids(given, 0, 1)), given)
    assert proof.holds
    assert [paragraph for paragraph, _ in found(proof)] == [1, 2]


def test_what_nothing_proves_has_its_nearest_source_and_the_reasons(given):
    proof = prove(Draft(LIE, ids(given, 2, 0)), given)
    assert not proof.holds
    assert found(proof)[0][0] == 1
    assert {problem.kind for problem in proof.problems} == {"day"}


def test_what_names_no_source_is_told_so(given):
    proof = prove(Draft(LIE, ()), given)
    assert (found(proof), [problem.kind for problem in proof.problems]) == ([], ["citation"])
    assert not prove(Draft(CLOSED, ("abc",)), []).holds


def test_a_second_opinion_is_asked_of_what_is_proven_alone(given):
    asked = []

    def opinion(sentence, words):
        asked.append((sentence, words))
        return "Risse" not in words

    assert prove(Draft(CLOSED, ids(given, 0)), given, opinion).holds
    assert asked == [(CLOSED, CLOSED)]
    prove(Draft(LIE, ids(given, 0)), given, opinion)
    assert len(asked) == 1
    proof = prove(Draft(TEXTS[1], ids(given, 1)), given, opinion)
    assert [problem.kind for problem in proof.problems] == ["contradiction"]


def test_what_is_proven_together_is_looked_at_together(given):
    asked = []
    draft = Draft(BOTH, ids(given, 0, 1))
    assert prove(draft, given, lambda _, words: not asked.append(words)).holds
    (words,) = asked
    assert "sperrte" in words
    assert "Risse" in words
    assert not prove(draft, given, lambda _, words: "Risse" not in words).holds


@pytest.mark.parametrize("text", ["Kranbrücke.", "Aue, Montag."])
def test_a_catchword_is_no_sentence(text, given):
    proof = prove(Draft(text, ids(given, 0)), given)
    assert not proof.holds
    assert [problem.kind for problem in proof.problems] == ["fragment"]


def test_a_source_that_was_not_named_must_say_more_of_it(given):
    loose = "Die Behörden sperrten die Kranbrücke für längere Zeit wegen Baumängeln."
    assert not prove(Draft(loose, ()), given).holds
