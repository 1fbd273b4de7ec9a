from rag.examples import examples_from
from tests.corpus import article

SAID = article("„Ja“, sagte Anna Berg am Montag.", id="said")
AGE = article("Es siegte Udo Tal (47) im Finale.", id="age")
STORY = article("Es regnete.", id="story", title="Regen im Tal")
ENGLISH = article("Anna Berg (47) won.", id="english", language="en")


def test_each_kind_of_article_gives_its_question():
    assert list(examples_from([SAID, AGE, STORY])) == [
        "Was sagte Anna Berg?",
        "Wie alt ist Udo Tal?",
        "Was ist bekannt über: Regen im Tal?",
    ]


def test_an_english_article_is_asked_about_in_english():
    assert list(examples_from([ENGLISH])) == ["How old is Anna Berg?"]


def test_the_kinds_take_turns_and_nothing_comes_twice():
    more = [article(f"„Ja“, sagte Anna Tal{n}.", id=f"{n}") for n in "abc"]
    found = list(examples_from([*more, more[0], AGE]))
    assert found[:2] == ["Was sagte Anna Tala?", "Wie alt ist Udo Tal?"]
    assert len(found) == len(set(found)) == 4


def test_without_articles_there_are_none():
    assert list(examples_from([])) == []


def test_the_assistants_examples_are_answered(assistant):
    found = assistant.examples()
    assert 1 <= len(found) <= 4
    assert {assistant.ask(question).status for question in found} == {"answered"}
