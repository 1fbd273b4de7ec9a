"""The retrieval chain in plain LCEL: request -> question -> hits -> answer.

The last step streams, so the sources are there before the answer. Knows one generation and
nothing of stores, HTTP or the chat.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from langchain_core.runnables import Runnable, RunnableLambda

from index.embedding import Embedding
from index.errors import QuestionError
from index.generation import Generation
from index.lexical import Period
from rag import phrases
from rag.answer import Answer, Event, Sources, Token
from rag.candidates import find_candidates
from rag.confidence import confidence
from rag.question import Question, understand
from rag.quoting import Quotation, marked, quote
from rag.retrieval import READ, rarity_in, retrieve
from rag.stories import Story, collapse

HITS = 20  # paragraphs shown as sources, which confidence looks at
_UNSURE = 0.5  # confidence is a probability: below, it is as likely as not that it does not answer


class Request(TypedDict, total=False):
    """What is asked, as scripts and the server give it; only ``question`` is needed."""

    question: str
    history: Sequence[Mapping[str, Any]]
    date_from: datetime.date | None
    date_to: datetime.date | None
    as_of: datetime.date | None
    model: str | None


class Retrieved(NamedTuple):
    """A question with the stories found, best first, and how many milliseconds that took."""

    question: Question
    stories: list[Story]
    milliseconds: float


def build(
    generation: Generation, embedding: Embedding, threshold: float
) -> Runnable[Request, Event]:
    """Return the chain over one generation: it streams ``Sources``, ``Token`` and an ``Answer``.

    Plain steps, without ``RunnablePassthrough.assign``: that starts a thread per key and joins it
    when an abandoned stream is collected, which can be in the middle of starting another thread,
    and then both wait for ever (seen in 2 of 8 runs of the tests, langchain-core 1.8).
    """

    def find(question: Question) -> Retrieved:
        started = time.perf_counter()
        stories = collapse(retrieve(question, generation, embedding, HITS))
        return Retrieved(question, stories, _milliseconds_since(started))

    def write(retrieved: Retrieved) -> Iterator[Event]:
        yield Sources(tuple(story.hit for story in retrieved.stories))
        yield from _answer(retrieved, generation, threshold)

    return RunnableLambda(_understand) | RunnableLambda(find) | RunnableLambda(write)


def _understand(request: Request) -> Question:
    known = Request.__annotations__
    if unknown := request.keys() - known.keys():  # a date_from misspelt must not go unnoticed
        raise QuestionError(f"there is no parameter {min(unknown)!r}: known are {', '.join(known)}")
    return understand(
        request["question"],
        request.get("history") or (),
        period=Period(request.get("date_from"), request.get("date_to")),
        as_of=request.get("as_of"),
    )


def _answer(
    retrieved: Retrieved, generation: Generation, threshold: float
) -> Iterator[Token | Answer]:
    """Yield the built-in answer sentence by sentence, then the whole."""
    question, stories = retrieved.question, retrieved.stories
    started = time.perf_counter()
    hits = [story.hit for story in stories]
    ranked = find_candidates(question, hits[:READ])
    sure = confidence(question, ranked, hits, rarity_in(generation))
    is_answered = sure >= threshold
    quotation = quote(question, ranked, stories) if is_answered else Quotation()
    pieces = marked(quotation.sentences) or [phrases.NOT_IN_CORPUS[question.language]]
    took = _milliseconds_since(started)  # before a slow reader delays us
    yield from map(Token, pieces)
    yield Answer(
        question=question.text,
        status="answered" if is_answered else "not_in_corpus",
        answer="".join(pieces),
        sentences=quotation.sentences,
        citations=quotation.citations,
        confidence=sure,
        notes=(*_notes(question, sure if is_answered else 1.0), *quotation.notes),
        language=question.language,
        as_of=question.as_of,
        generation=generation.name,
        timings_ms={
            "retrieve": retrieved.milliseconds,
            "answer": took,
            "total": round(retrieved.milliseconds + took, 1),
        },
    )


def _notes(question: Question, sure: float) -> Iterator[str]:
    """Yield what the reader should know of the search: how sure it is, and when it looked."""
    if sure < _UNSURE:
        yield phrases.UNSURE[question.language]
    if question.time.is_narrowed:
        days = (phrases.written(day, question.language) for day in question.time.within if day)
        yield phrases.WITHIN[question.language].format(*days)


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
