"""What every answer owes its reader, whoever wrote it; and an assistant whose model is a script."""

import json
import re
from contextlib import contextmanager

import rag
from rag import Settings, phrases
from rag.answer import Answer, Pending, Sources, Token
from rag.verification import Source, verify
from tests.openai_server import serving

MODEL = "openai:scripted"
FLOOD = "Wie hoch stieg das Wasser bei der Sturmflut?"  # quoted without a model
GLOBE = "Wer fand den Himmelsglobus?"  # the built-in answerer is not sure enough of


@contextmanager
def scripted(reply, store, **settings):
    """Open the store with a model that replies so; give the assistant and the model's server."""
    with serving(reply) as server:
        chosen = {"model": MODEL, "base_url": server.address, "timeout": 10, "retries": 0}
        with rag.open(Settings(store=store, **(chosen | settings))) as assistant:
            yield assistant, server


def events_of(assistant, question=FLOOD, **request):
    """Return all events of an answer, which are checked on the way."""
    events = list(assistant.stream(question, **request))
    assert_in_order(events)
    assert_valid(events[-1], assistant)
    return events


def assert_in_order(events):
    """Sources first, the tokens are the answer, and no pending text shows a mark."""
    first, *between, answer = events
    assert (type(first), type(answer)) == (Sources, Answer)
    assert {type(event) for event in between} <= {Pending, Token}
    assert "".join(texts(between, Token)) == answer.answer
    for pending in texts(between, Pending):
        assert not re.search(r"\[[^\[\]\n]{1,60}\]|(?<!\[)\[\w{0,3}$", pending), pending
    assert all("\n" not in text for text in texts(between, Token))


def assert_valid(answer, assistant):
    """Every quotation is exact, every number has its citation, every claim its proof."""
    json.dumps(answer.to_dict())
    assert [citation.number for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    used = {number for sentence in answer.sentences for number in sentence.citations}
    assert used == {citation.number for citation in answer.citations}
    assert (answer.status == "answered") == bool(answer.sentences)
    if not answer.sentences:
        assert answer.answer == phrases.NOT_IN_CORPUS[answer.language]
    assert 0 <= answer.confidence <= 1
    for citation in answer.citations:
        text = assistant.paragraph(citation.article_id, citation.paragraph)
        assert text[citation.start : citation.end] == citation.quote != ""
    for sentence in answer.sentences:
        assert sentence.text in answer.answer
        if sentence.support != "unverified":
            assert sentence.citations
            assert_proven(sentence, answer, assistant)


def assert_proven(sentence, answer, assistant):
    """Its cited paragraphs say it, and have its numbers; small ones may be spelt out."""
    cited = [citation for citation in answer.citations if citation.number in sentence.citations]
    articles = [assistant.article(citation.article_id) for citation in cited]
    paragraphs = [assistant.paragraph(c.article_id, c.paragraph) for c in cited]
    numbers = set(re.findall(r"\d\d+", " ".join(paragraphs)))
    assert set(re.findall(r"\d\d+", sentence.text)) <= numbers, sentence.text
    if sentence.support == "quoted":
        assert sentence.text.strip("«»“”") in " ".join(paragraphs)
        return
    whole = ["\n".join([one.title, *(p.text for p in one.paragraphs)]) for one in articles]
    sources = [
        Source(text, background, one.date, one.language)
        for text, background, one in zip(paragraphs, whole, articles, strict=True)
    ]
    assert any(verify(sentence.text, source).is_supported for source in sources), sentence.text


def texts(events, kind):
    """Return the texts of the events of one kind."""
    return [event.text for event in events if isinstance(event, kind)]
