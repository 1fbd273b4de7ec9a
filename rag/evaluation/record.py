"""What was answered to one golden question: everything the metrics and the report look at.

A record is one line of ``run.jsonl`` and carries the cited paragraphs' text, so a run can be scored
again without its archive. Knows how to ask, nothing of how answers are judged.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from index.errors import BelegError
from rag.answer import Answer, Event, Sources
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.usage import counted


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
class Judgement:
    """The marks a language model gave to an answer, in [0, 1], or why there are none."""

    correctness: float = 0.0
    faithfulness: float = 0.0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The answer to one question; ``ranking`` are the paragraphs retrieved, best first.

    ``error`` is set, and the answer empty, when the question could not be asked. ``made_with``
    names what answered, so that a resumed run does not mix two settings. ``tokens`` are those of
    the answering model, if there was one. Only ``milliseconds`` differs between two runs over the
    same archive without a language model.
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
    made_with: str = ""
    tokens: Mapping[str, int] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
    judge_tokens: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Record:
        """Return the record that ``to_dict`` described."""
        sentences = tuple((text, tuple(numbers)) for text, numbers in fields["sentences"])
        citations = tuple(Cited(**cited) for cited in fields["citations"])
        ranking = tuple((article_id, number) for article_id, number in fields["ranking"])
        judgements = tuple(Judgement(**judgement) for judgement in fields["judgements"])
        known = {"sentences": sentences, "citations": citations, "ranking": ranking}
        return cls(**{**fields, **known, "judgements": judgements})


def ask(assistant: Answering, question: GoldenQuestion) -> Record:
    """Ask one question and return what came of it; errors are recorded, not raised."""
    started = time.perf_counter()
    request = {"history": list(question.history), "as_of": question.as_of}
    try:
        with counted() as tokens:
            events = list(assistant.stream(question.question, **request))
        record = _record(assistant, question.id, events)
    except BelegError as error:
        record, tokens = Record(question.id, "error", error=str(error)), {}
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return dataclasses.replace(record, milliseconds=milliseconds, tokens=tokens)


def _record(assistant: Answering, id_: str, events: Sequence[Event]) -> Record:
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
    )  # fmt: skip
