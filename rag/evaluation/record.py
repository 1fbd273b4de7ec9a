"""What was answered to one golden question: everything the metrics and the report look at.

A record is one line of ``run.jsonl`` and carries the cited paragraphs' text, so a run can be scored
again without its archive. Knows how to ask, nothing of how answers are judged.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from index.errors import BelegError
from rag.answer import Answer, Event, Sources
from rag.evaluation.golden import GoldenQuestion


class Answering(Protocol):
    """What evaluation needs of an assistant."""

    def stream(self, question: str, **request: Any) -> Iterator[Event]:
        """Yield the sources, text, and last the answer."""

    def paragraph(self, article_id: str, number: int) -> str:
        """Return the text of one paragraph."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, with the text of the paragraph it points to."""

    number: int
    article_id: str
    paragraph: int
    quote: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """The answer to one question; ``ranking`` are the paragraphs retrieved, best first.

    ``error`` is set, and all else empty, when the question could not be asked. Only
    ``milliseconds`` differs between two runs over the same archive.
    """

    id: str
    status: str
    answer: str = ""
    confidence: float = 0.0
    model: str = ""
    sentences: tuple[tuple[str, tuple[int, ...]], ...] = ()
    citations: tuple[Cited, ...] = ()
    ranking: tuple[tuple[str, int], ...] = ()
    milliseconds: float = 0.0
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Record:
        """Return the record that ``to_dict`` described."""
        sentences = tuple((text, tuple(numbers)) for text, numbers in fields["sentences"])
        citations = tuple(Cited(**cited) for cited in fields["citations"])
        ranking = tuple((article_id, number) for article_id, number in fields["ranking"])
        known = {"sentences": sentences, "citations": citations, "ranking": ranking}
        return cls(**{**fields, **known})


def ask(assistant: Answering, question: GoldenQuestion) -> Record:
    """Ask one question and return what came of it; errors are recorded, not raised."""
    started = time.perf_counter()
    try:
        events = list(
            assistant.stream(
                question.question, history=list(question.history), as_of=question.as_of
            )
        )
    except BelegError as error:
        return Record(question.id, "error", error=str(error))
    milliseconds = (time.perf_counter() - started) * 1000
    return _record(assistant, question.id, events, round(milliseconds, 1))


def _record(assistant: Answering, id_: str, events: Sequence[Event], milliseconds: float) -> Record:
    answer = events[-1]
    assert isinstance(answer, Answer)
    hits = [hit for event in events if isinstance(event, Sources) for hit in event.hits]
    return Record(
        id=id_,
        status=answer.status,
        answer=answer.answer,
        confidence=answer.confidence,
        model=answer.model,
        sentences=tuple((sentence.text, sentence.citations) for sentence in answer.sentences),
        citations=tuple(
            Cited(c.number, c.article_id, c.paragraph, c.quote, c.start, c.end,
                  assistant.paragraph(c.article_id, c.paragraph))
            for c in answer.citations
        ),
        ranking=tuple((hit.article_id, hit.paragraph) for hit in hits),
        milliseconds=milliseconds,
    )  # fmt: skip
