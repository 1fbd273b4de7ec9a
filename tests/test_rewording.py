"""A question that leans on the conversation, or is in another language, is reworded to search."""

import pytest

from index.language import forms
from tests.contract import FLOOD, events_of, scripted
from tests.openai_server import BROKEN, BUSY, GARBAGE, Reply
from tests.scripted_model import BEHAVIOURS, part

HISTORY = [
    {"role": "user", "content": "Wer ist Wiebke Tamsen?"},
    {"role": "assistant", "content": "Wiebke Tamsen prüft Brücken. [1]"},
]
SHE = "Wie alt ist sie?"
ALONE = "Wie alt ist Wiebke Tamsen?"
ENGLISH = "Who found the stolen celestial globe?"
GERMAN = "Wer fand den gestohlenen Himmelsglobus?"


def rewords(follow_up=None, translation=None):
    """Answer well; reply so to what is to be reworded."""

    def reply(text):
        if "<conversation>" in text:
            return follow_up
        return BEHAVIOURS["answers-well"](text) if "<sources>" in text else translation

    return reply


def ask(reply, store, question, **request):
    with scripted(reply, store) as (assistant, server):
        sources, *_, answer = events_of(assistant, question, **request)
        return sources, answer, [sent["messages"][-1]["content"] for sent in server.requests]


def test_a_follow_up_is_made_to_stand_alone_and_then_searched_for(sample_store):
    sources, answer, asked = ask(rewords(Reply(ALONE)), sample_store, SHE, history=HISTORY)
    assert part("conversation", asked[0]) == [HISTORY]
    assert part("question", asked[0]) == [SHE]
    assert part("question", asked[1]) == [ALONE]
    alone, *_ = ask(rewords(), sample_store, ALONE)
    assert sources == alone
    assert answer.question == SHE  # as it was typed
    assert answer.usage["calls"] == len(asked) == 2


def test_its_answer_is_what_is_searched_for_whatever_it_says(sample_store):
    sources, answer, _ = ask(rewords(Reply(FLOOD)), sample_store, SHE, history=HISTORY)
    assert sources == ask(rewords(), sample_store, FLOOD)[0]
    assert "Fischmarkt" in answer.answer


@pytest.mark.parametrize("history", [HISTORY, []])
@pytest.mark.parametrize("question", [ALONE, FLOOD])
def test_a_question_that_stands_alone_is_not_reworded(question, history, sample_store):
    _, _, asked = ask(rewords(), sample_store, question, history=history)
    assert len(asked) == 1


def test_without_a_conversation_nothing_can_be_put_in(sample_store):
    _, _, asked = ask(rewords(), sample_store, SHE)
    assert not any("<conversation>" in text for text in asked)


@pytest.mark.parametrize(
    "reply",
    [BUSY, BROKEN, GARBAGE, Reply(""), Reply("\n"), Reply("…"), Reply("x" * 2001),
     Reply(ALONE, cut=True), Reply(ALONE, finish="length")],
)  # fmt: skip
def test_a_rewording_that_fails_changes_nothing(reply, sample_store, assistant):
    sources, answer, asked = ask(rewords(reply, reply), sample_store, SHE, history=HISTORY)
    assert sources == next(assistant.stream(SHE, history=HISTORY))
    assert answer.question == SHE
    assert part("question", asked[1]) == [SHE]
    english, _, _ = ask(rewords(reply, reply), sample_store, ENGLISH)
    assert english == next(assistant.stream(ENGLISH))


def test_what_surrounds_a_rewording_is_cut_off(sample_store):
    reply = Reply(f' "{ALONE}" \nThat is my rewording.')
    _, _, asked = ask(rewords(reply), sample_store, SHE, history=HISTORY)
    assert part("question", asked[1]) == [ALONE]


def test_only_the_last_turns_are_sent(sample_store):
    history = [{"role": "user", "content": f"Wer ist Person{n}?"} for n in range(20)]
    _, _, asked = ask(rewords(Reply(ALONE)), sample_store, SHE, history=history)
    (sent,) = part("conversation", asked[0])
    assert sent == history[-6:]


def test_english_on_german_articles_is_translated_and_answered_in_english(sample_store):
    sources, answer, asked = ask(rewords(None, Reply(GERMAN)), sample_store, ENGLISH)
    assert part("question", asked[0]) == [ENGLISH]
    assert "<sources>" not in asked[0]
    assert part("question", asked[1]) == [ENGLISH]  # it is answered as it was asked
    assert sources == ask(rewords(), sample_store, GERMAN)[0]
    assert answer.language == "en"
    assert "himmelsglobus" in forms(answer.answer)


def test_an_abstention_in_english_stays_english(sample_store):
    def reply(text):
        return Reply("The archive does not say." if "<sources>" in text else GERMAN)

    _, answer, _ = ask(reply, sample_store, ENGLISH)
    assert (answer.status, answer.answer) == ("not_in_corpus", "The archive does not say.")


def test_german_on_german_articles_is_not_translated(sample_store):
    _, _, asked = ask(rewords(), sample_store, GERMAN)
    assert len(asked) == 1


def test_without_a_model_nobody_rewords(sample_store):
    with scripted(rewords(Reply(ALONE)), sample_store) as (assistant, server):
        assistant.ask(SHE, history=HISTORY, model="quoting")
        assistant.ask(ENGLISH, model="quoting")
        assert server.requests == []
