"""The retrieval chain in plain LCEL: request -> question -> stories -> answer.

The last step streams, so the sources are there before the answer. Knows one generation and
nothing of stores, HTTP or the chat.
"""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from langchain_core.runnables import Runnable, RunnableLambda

from index.embedding import Embedding
from index.errors import QuestionError
from index.generation import Generation
from index.lexical import Period
from rag.allowance import Allowance
from rag.answer import Event, Sources
from rag.answering import Answering, Retrieved, milliseconds_since
from rag.conversation import leans_on_history
from rag.model import LanguageModel
from rag.question import Question, understand
from rag.retrieval import retrieve
from rag.rewording import Rewording
from rag.settings import Settings
from rag.stories import Story, collapse, distinct
from rag.writing import Writer

HITS = 20  # paragraphs shown as sources, which confidence looks at
_MORE, _MOST_HITS = 5, 500  # where copies of a few stories fill the first hits: times, and at most
_ENOUGH = 5  # stories


class Request(TypedDict, total=False):
    """What is asked, as scripts and the server give it; only ``question`` is needed.

    By its ``allowance`` whoever asks can end what is under way.
    """

    question: str
    history: Sequence[Mapping[str, Any]]
    date_from: datetime.date | None
    date_to: datetime.date | None
    as_of: datetime.date | None
    model: str | None
    allowance: Allowance


class _Asked(NamedTuple):
    """A request understood; ``text`` stands alone, ``question`` is what is searched for."""

    typed: str
    text: str
    question: Question
    allowance: Allowance


def build(
    generation: Generation, embedding: Embedding, settings: Settings, model: LanguageModel | None
) -> Runnable[Request, Event]:
    """Return the chain over one generation; without a ``model`` the answer is quoted.

    It streams ``Sources``, ``Pending``, ``Token`` and an ``Answer``. Plain steps, without
    ``RunnablePassthrough.assign``: that starts a thread per key and joins it when an abandoned
    stream is collected, which can be in the middle of starting another thread, and then both wait
    for ever (seen in 2 of 8 runs of the tests, langchain-core 1.8).
    """
    steps = _Steps(generation, embedding, settings, model)
    return (
        RunnableLambda(steps.understand) | RunnableLambda(steps.find) | RunnableLambda(steps.answer)
    )


class _Steps:
    """The three steps, over one generation."""

    def __init__(
        self, generation: Generation, embedding: Embedding, settings: Settings,
        model: LanguageModel | None,
    ) -> None:  # fmt: skip
        self._generation = generation
        self._embedding = embedding
        self._settings = settings
        self._model = model

    def understand(self, request: Request) -> _Asked:
        """Return what is asked, made self-contained by the model if there is one."""
        _refuse_unknown(request)
        allowance = request.get("allowance") or Allowance(self._settings.timeout)
        typed, history = request["question"], request.get("history") or ()
        question = _understood(request, typed, history)
        if self._model and history and leans_on_history(typed):
            text = Rewording(self._model, allowance).self_contained(typed, history)
            if text:
                return _Asked(typed, text, _understood(request, text, ()), allowance)
        return _Asked(typed, typed, question, allowance)

    def find(self, asked: _Asked) -> Retrieved:
        """Search, once more in the archive's language if the question is in another."""
        started = time.perf_counter()
        question, stories = asked.question, self._stories(asked.question)
        tongue = _language_of(stories)
        if self._model and tongue not in (None, question.language):
            text = Rewording(self._model, asked.allowance).translated(asked.text, str(tongue))
            if text:
                question = _translated(text, question)
                stories = self._stories(question) or stories
        took = milliseconds_since(started)
        return Retrieved(asked.typed, asked.text, question, stories, took, asked.allowance)

    def answer(self, retrieved: Retrieved) -> Iterator[Event]:
        """Yield the sources, the answer's text and the answer."""
        yield Sources(tuple(story.hit for story in retrieved.stories))
        answering = Answering(retrieved, self._generation, self._settings)
        if self._model is None:
            yield from answering.quoted()
            return
        writer = Writer(
            self._model,
            retrieved.allowance,
            shows_unproven=self._settings.unproven == "show",
            looks_twice=self._settings.second_check,
        )
        yield from answering.written(writer)

    def _stories(self, question: Question) -> list[Story]:
        """Return the best stories; of more hits, where the first only repeat each other."""
        wanted = HITS
        while True:
            hits = retrieve(question, self._generation, self._embedding, wanted)
            stories = collapse(hits)
            different = distinct(stories)
            if len(different) >= _ENOUGH or len(hits) < wanted or wanted >= _MOST_HITS:
                return stories if wanted == HITS else different[:HITS]
            wanted *= _MORE


def _refuse_unknown(request: Request) -> None:
    known = Request.__annotations__
    if unknown := request.keys() - known.keys():  # a date_from misspelt must not go unnoticed
        raise QuestionError(f"there is no parameter {min(unknown)!r}: known are {', '.join(known)}")


def _understood(request: Request, text: str, history: Sequence[Mapping[str, Any]]) -> Question:
    return understand(
        text,
        history,
        period=Period(request.get("date_from"), request.get("date_to")),
        as_of=request.get("as_of"),
    )


def _language_of(stories: Sequence[Story]) -> str | None:
    """Return the language that most of the best stories are in."""
    languages = [story.hit.language for story in stories[:HITS]]
    return max(languages, key=languages.count, default=None)


def _translated(text: str, question: Question) -> Question:
    """Return the question in other words, to be answered in its own language."""
    other = understand(text, as_of=question.as_of)
    return dataclasses.replace(other, language=question.language, time=question.time)
