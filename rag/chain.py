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
from rag import phrases, quoting
from rag.answer import Answer, Event, Hit, Sources, Token
from rag.question import Question, understand
from rag.retrieval import retrieve

HITS = 20  # paragraphs an answer is made from


class Request(TypedDict, total=False):
    """What is asked, as scripts and the server give it; only ``question`` is needed."""

    question: str
    history: Sequence[Mapping[str, Any]]
    date_from: datetime.date | None
    date_to: datetime.date | None
    as_of: datetime.date | None
    model: str | None


class Retrieved(NamedTuple):
    """A question with its hits, best first, and how many milliseconds they took."""

    question: Question
    hits: tuple[Hit, ...]
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
        hits = retrieve(question, generation, embedding, HITS)
        return Retrieved(question, hits, _milliseconds_since(started))

    def write(retrieved: Retrieved) -> Iterator[Event]:
        yield Sources(retrieved.hits)
        yield from _quote(retrieved, generation, threshold)

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


def _quote(
    retrieved: Retrieved, generation: Generation, threshold: float
) -> Iterator[Token | Answer]:
    """Yield the built-in answer sentence by sentence, then the whole."""
    question = retrieved.question
    started = time.perf_counter()
    frequencies = {word: generation.lexical.document_frequency(word) for word in question.words}
    passages = generation.manifest.counts["passages"]
    ranked = quoting.candidates(question, retrieved.hits, frequencies, passages)
    confidence = ranked[0].confidence if ranked else 0.0
    is_answered = confidence >= threshold
    sentences, citations = quoting.quote(
        quoting.choose(ranked) if is_answered else (), retrieved.hits
    )
    pieces = quoting.marked(sentences) or [phrases.NOT_IN_CORPUS[question.language]]
    took = _milliseconds_since(started)  # before a slow reader delays us
    yield from map(Token, pieces)
    yield Answer(
        question=question.text,
        status="answered" if is_answered else "not_in_corpus",
        answer="".join(pieces),
        sentences=tuple(sentences),
        citations=tuple(citations),
        confidence=confidence,
        language=question.language,
        as_of=question.as_of,
        generation=generation.name,
        timings_ms={
            "retrieve": retrieved.milliseconds,
            "answer": took,
            "total": round(retrieved.milliseconds + took, 1),
        },
    )


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
