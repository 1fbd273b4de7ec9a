import pytest

from index.language import normalise
from rag import vocabulary
from rag.question import Asked


@pytest.mark.parametrize(
    ("asked", "sentence", "other"),
    [
        ("age", "Der Präsident (47) reiste ab.", "Der Präsident reiste 2024 ab."),
        ("age", "She is 31 years old.", "She was early."),
        ("who", "Das sagte Wiebke Tamsen gestern.", "Das sagte gestern niemand."),
        ("who", "Es kam Ursula von Leyen.", "Es kam keiner."),
        ("number", "Es kamen 12.500 Menschen.", "Es kamen viele Menschen."),
        ("number", "Rund vierzig Leute kamen.", "Einige Leute kamen."),
        ("number", "Es kostet 7,8 Millionen.", "Das war am 3. November."),
        ("number", "It costs 3 euros.", "It was on 3 November."),
        ("number", "Es waren 21.", "Es war 21 Uhr."),
        ("when", "Sie tagen am 3. November.", "Sie tagen bald."),
        ("when", "Das war 1987.", "Das war früher."),
        ("when", "They meet on Monday.", "They meet often."),
        ("where", "Das Wrack liegt vor Borkum.", "Das Wrack liegt tief."),
        ("why", "Sie streiken, weil der Lohn sinkt.", "Sie streiken weiter."),
        ("why", "It closed because of cracks.", "It closed."),
        ("saying", "„Ja“, rief sie.", "Sie ging."),
        ("saying", "Er sei krank.", "Er ist krank."),
    ],
)
def test_what_a_sentence_holds(asked, sentence, other):
    assert vocabulary.HOLDS[asked].search(sentence)
    assert not vocabulary.HOLDS[asked].search(other)


def test_every_kind_but_a_thing_has_its_signs():
    kinds = {kind.value for kind in Asked} - {Asked.THING.value}
    assert set(vocabulary.HOLDS) == kinds
    assert {kind for kind, _ in vocabulary.ASKED} == kinds


@pytest.mark.parametrize("words", [vocabulary.WHICH, vocabulary.SPEECH])
def test_word_lists_are_in_the_form_that_is_compared(words):
    assert all(word == normalise(word) for word in words)
