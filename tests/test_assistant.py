import asyncio
import datetime
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable

import rag
from index.errors import EmbeddingMismatch, NotFound, QuestionError, SettingsError, StoreMissing
from rag import Settings
from rag.answer import Answer, Pending, Sources, Token
from tests.contract import FLOOD, MODEL, assert_in_order, assert_valid, scripted
from tests.corpus import index_articles
from tests.scripted_model import BEHAVIOURS

RISSE = "Wer hat die Risse an der Kranbrücke entdeckt?"
DIENSTAG = datetime.date(2025, 12, 2)
OLD = {"a": "Die Glocke in Aue läutete am Montag. Es war der Küster Udo Tal."}
NEW = {"a": "Die Glocke in Aue läutete am Freitag. Es war der Küster Udo Tal."}


@pytest.fixture
def store(tmp_path):
    index_articles(tmp_path / "store", OLD)
    return tmp_path / "store"


def test_an_answer_has_the_contracts_shape(assistant):
    answer = assistant.ask(RISSE)
    found = json.loads(json.dumps(answer.to_dict()))
    assert list(found) == [
        "question", "status", "answer", "sentences", "citations", "confidence", "notes",
        "language", "model", "as_of", "generation", "timings_ms", "usage",
    ]  # fmt: skip
    assert list(found["sentences"][0]) == ["text", "citations", "support"]
    assert list(found["citations"][0]) == [
        "number", "article_id", "paragraph", "quote", "start", "end", "title", "date", "source",
        "url", "when", "also_in",
    ]  # fmt: skip
    assert found["timings_ms"].keys() == {"retrieve", "answer", "total"}
    assert (found["question"], found["status"], found["model"]) == (RISSE, "answered", "quoting")
    assert 0 <= found["confidence"] <= 1


def test_it_quotes_the_paragraph_that_answers(assistant):
    answer = assistant.ask(RISSE)
    assert "Wiebke Tamsen" in answer.answer
    for citation in answer.citations:
        text = assistant.paragraph(citation.article_id, citation.paragraph)
        assert text[citation.start : citation.end] == citation.quote


def test_what_is_not_there_is_not_answered(assistant):
    answer = assistant.ask("Wofür bedankte sich Xaver Quetzal?")
    assert (answer.status, answer.sentences, answer.citations) == ("not_in_corpus", (), ())
    assert answer.answer == "Dazu steht nichts im Archiv."
    assert assistant.ask("What did Xaver Quetzal say?").answer == "The archive does not say."


@pytest.mark.parametrize("question", ["Was ist das?", "Who is it?", "a", "Welche sind es denn?"])
def test_a_question_that_asks_for_nothing_is_not_answered(assistant, question):
    answer = assistant.ask(question)
    assert (answer.status, answer.confidence) == ("not_in_corpus", 0)


def test_a_stream_gives_sources_then_text_then_the_answer(assistant):
    sources, *tokens, answer = assistant.stream(RISSE)
    assert isinstance(sources, Sources)
    assert isinstance(answer, Answer)
    assert tokens
    assert all(isinstance(token, Token) for token in tokens)
    assert "".join(token.text for token in tokens) == answer.answer == assistant.ask(RISSE).answer
    retrieved = {(hit.article_id, hit.paragraph) for hit in sources.hits}
    assert {(c.article_id, c.paragraph) for c in answer.citations} <= retrieved


def test_a_stream_of_what_is_not_there_is_the_same(assistant):
    sources, *tokens, answer = assistant.stream("Wofür bedankte sich Xaver Quetzal?")
    assert isinstance(sources, Sources)
    assert "".join(token.text for token in tokens) == answer.answer


def test_aask_gives_the_same_without_blocking(assistant):
    async def both():
        return await asyncio.gather(assistant.aask(RISSE), assistant.aask("Miami", as_of=DIENSTAG))

    first, second = asyncio.run(both())
    assert first.citations == assistant.ask(RISSE).citations
    assert second.as_of == DIENSTAG


def test_history_completes_a_follow_up(assistant):
    history = [
        {"role": "user", "content": "Wer ist Wiebke Tamsen?"},
        {"role": "assistant", "content": "…"},
    ]
    assert "(52)" in assistant.ask("Wie alt ist sie?", history=history).answer


def test_a_period_restricts_answers_and_hits(assistant):
    for period in ({"date_from": DIENSTAG}, {"date_to": DIENSTAG}):
        hits = assistant.search("Kranbrücke", 50, **period)
        citations = assistant.ask("Kranbrücke", **period).citations
        assert hits
        assert citations
        for found in (*hits, *citations):
            assert period.get("date_from", found.date) <= found.date
            assert found.date <= period.get("date_to", found.date)
    nothing = assistant.ask(RISSE, date_from=datetime.date(2030, 1, 1))
    assert nothing.status == "not_in_corpus"


def test_as_of_is_today_unless_told(assistant):
    assert assistant.ask(RISSE).as_of == datetime.date.today()
    assert assistant.ask(RISSE, as_of=DIENSTAG).as_of == DIENSTAG


def test_search_gives_the_best_first_and_no_more_than_asked_for(assistant):
    hits = assistant.search("Kranbrücke", k=3)
    assert len(hits) == 3
    assert hits[0].score >= hits[1].score >= hits[2].score
    assert len(assistant.search("Kranbrücke")) == 10


@pytest.mark.parametrize("k", [0, -1])
def test_a_search_for_no_hits_is_refused(assistant, k):
    with pytest.raises(QuestionError, match=f"k is {k}"):
        assistant.search("Kranbrücke", k=k)


@pytest.mark.parametrize("question", ["", "…", "x" * 2001])
def test_what_cannot_be_understood_is_refused_by_every_door(assistant, question):
    for ask in (assistant.ask, assistant.search, lambda text: next(assistant.stream(text))):
        with pytest.raises(QuestionError):
            ask(question)


def test_a_parameter_misspelt_is_refused(assistant):
    with pytest.raises(QuestionError, match="'date_form'"):
        assistant.ask(RISSE, date_form=DIENSTAG)


def test_an_unknown_model_is_refused_when_opened_and_when_asked(assistant, sample_store):
    with pytest.raises(SettingsError, match="'gpt'"):
        assistant.ask(RISSE, model="gpt")
    with pytest.raises(SettingsError, match="'gpt'"):
        rag.open(Settings(store=sample_store, model="gpt"))
    assert assistant.ask(RISSE, model="quoting").model == "quoting"


def test_articles_and_paragraphs_by_their_ids(assistant):
    id_ = "hafenkurier/2025-11-04-kranbruecke-gesperrt"
    article = assistant.article(id_)
    assert [paragraph.number for paragraph in article.paragraphs][:2] == [1, 2]
    assert assistant.paragraph(id_, 2) == article.paragraphs[1].text
    with pytest.raises(NotFound, match="'nirgends'"):
        assistant.article("nirgends")
    with pytest.raises(NotFound, match="999"):
        assistant.paragraph(id_, 999)


# --- LangChain -------------------------------------------------------------------------------


def test_the_retriever_is_langchains(assistant):
    assert isinstance(assistant.retriever, BaseRetriever)
    documents = assistant.retriever.invoke("Kranbrücke")
    hits = assistant.search("Kranbrücke")
    assert [d.id for d in documents] == [f"{hit.article_id}#{hit.paragraph}" for hit in hits]
    assert [d.page_content for d in documents] == [hit.text for hit in hits]
    assert asyncio.run(assistant.retriever.ainvoke("Kranbrücke")) == documents


def test_the_runnable_is_langchains(assistant):
    runnable = assistant.runnable
    assert isinstance(runnable, Runnable)
    assert runnable.invoke({"question": RISSE}).citations == assistant.ask(RISSE).citations
    kinds = [type(event) for event in runnable.stream({"question": RISSE})]
    assert kinds == [Sources, *[Token] * (len(kinds) - 2), Answer]
    answers = runnable.batch([{"question": RISSE}, {"question": "Miami", "as_of": DIENSTAG}])
    assert [answer.question for answer in answers] == [RISSE, "Miami"]
    shout = runnable | (lambda answer: answer.answer.upper())
    assert "WIEBKE TAMSEN" in shout.invoke({"question": RISSE})


# --- with a language model -------------------------------------------------------------------


def test_a_question_chooses_who_answers(sample_store):
    with scripted(BEHAVIOURS["answers-well"], sample_store) as (assistant, server):
        chosen = (None, MODEL, "quoting")
        models = [assistant.ask(FLOOD, model=name).model for name in chosen]
        assert (models, len(server.requests)) == ([MODEL, MODEL, "quoting"], 2)
        with pytest.raises(SettingsError, match=f"'openai:other'.*quoting and {MODEL}"):
            assistant.ask(FLOOD, model="openai:other")


def test_examples_are_found_without_asking_the_model(sample_store):
    with scripted(BEHAVIOURS["answers-well"], sample_store) as (assistant, server):
        assert assistant.examples()
        assert server.requests == []


def test_astream_gives_the_same_events_without_blocking(sample_store):
    async def watched(assistant):
        ticks, events = 0, []

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0.02)
                ticks += 1

        ticking = asyncio.create_task(tick())
        async for event in assistant.astream(FLOOD):
            events.append(event)
        ticking.cancel()
        return events, ticks

    with scripted(BEHAVIOURS["dawdles"], sample_store) as (assistant, _):
        events, ticks = asyncio.run(watched(assistant))
        assert_in_order(events)
        assert_valid(events[-1], assistant)
    assert any(isinstance(event, Pending) for event in events)
    assert ticks > 10


@pytest.mark.parametrize("way", ["closed", "cancelled"])
def test_who_stops_reading_ends_the_models_call(way, sample_store):
    async def given_up(assistant, server):
        events = assistant.astream(FLOOD)
        assert isinstance(await anext(events), Sources)
        reading = asyncio.ensure_future(anext(events))
        while not server.requests:
            await asyncio.sleep(0.005)
        reading.cancel()
        await asyncio.wait([reading])
        if way == "closed":
            await events.aclose()
        until = time.monotonic() + 1
        while time.monotonic() < until and not (server.gone and not server.open):
            await asyncio.sleep(0.005)
        return len(server.gone)

    with scripted(BEHAVIOURS["stalls"], sample_store, timeout=60) as (assistant, server):
        assert asyncio.run(given_up(assistant, server)) == 1


def test_closing_the_assistant_ends_what_is_asked(sample_store):
    with ThreadPoolExecutor(1) as pool:
        with scripted(BEHAVIOURS["stalls"], sample_store, timeout=60) as (assistant, server):
            asked = pool.submit(lambda: list(assistant.stream(FLOOD)))
            while not server.requests:
                time.sleep(0.005)
        assert asked.exception(5) is not None or asked.result()[-1].model == "quoting"


# --- threads, time and life ------------------------------------------------------------------


def test_many_threads_ask_at_once(assistant):
    questions = [RISSE, "Miami", "Wie alt ist Wiebke Tamsen?", "Xaver Quetzal?"]
    expected = {question: assistant.ask(question).answer for question in questions}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(assistant.ask, questions * 16))
    assert len(answers) == 64
    assert all(answer.answer == expected[answer.question] for answer in answers)


@pytest.mark.parametrize("text", [RISSE, "x", "1.", "Kranbrückensperrung "])
def test_a_long_question_is_answered_fast(assistant, text):
    started = time.process_time()
    assistant.ask((text * 1900)[:1900])
    assert time.process_time() - started < 1


def test_after_indexing_again_the_open_assistant_answers_anew(store):
    with rag.open(store) as assistant:
        before = assistant.ask("Wann läutete die Glocke?")
        index_articles(store, NEW)
        after = assistant.ask("Wann läutete die Glocke?")
        assert "Montag" in before.answer
        assert "Freitag" in after.answer
        assert before.generation < after.generation
        assert assistant.manifest().generation == after.generation


def test_a_stream_ends_in_the_generation_it_began_with(store):
    with rag.open(store) as assistant:
        events = assistant.stream("Wann läutete die Glocke?")
        next(events)
        index_articles(store, NEW)
        assert "Freitag" in assistant.ask("Wann läutete die Glocke?").answer
        *_, answer = events
        assert "Montag" in answer.answer


def test_a_stream_given_up_does_not_hold_its_generation(store):
    def given_up():
        events = assistant.stream("Wann läutete die Glocke?")
        return next(events)

    with rag.open(store) as assistant:
        given_up()
        archive = assistant._serving._current.archive
        index_articles(store, NEW)
        assistant.ask("Wann läutete die Glocke?")
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            archive.counts()


def test_leaving_closes_the_store(store):
    with rag.open(store) as assistant:
        assert assistant.article("a").id == "a"
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        assistant.article("a")


def test_what_cannot_be_opened_is_refused_with_the_command_that_helps(store, tmp_path):
    with pytest.raises(StoreMissing, match="beleg index"):
        rag.open(tmp_path / "nowhere")
    with pytest.raises(EmbeddingMismatch, match="--rebuild"):
        rag.open(Settings(store=store, embedding="openai:text-embedding-3-small"))
