"""The answer as the contract promises it: sentences, their citations, and what was retrieved.

Knows the shapes and their JSON, nothing of how an answer comes about.
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["answered", "not_in_corpus"]
Support = Literal["quoted", "verified", "unverified"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage; ``text`` is ``paragraph text[start:end]``, ``score`` orders hits."""

    article_id: str
    paragraph: int
    start: int
    end: int
    text: str
    score: float
    title: str
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None
    context: str = ""
    language: str = "de"

    def to_dict(self) -> dict[str, Any]:
        """The hit as JSON-ready values."""
        return {f.name: _jsonable(getattr(self, f.name)) for f in dataclasses.fields(self)}


@dataclass(frozen=True, slots=True)
class Twin:
    """Where else the same paragraph stands: another outlet that carried the story."""

    article_id: str
    paragraph: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a sentence: ``quote == paragraph text[start:end]``, in characters.

    ``when`` is the day the quote speaks of, or ``first/last``, in ISO 8601: only where it is asked.
    """

    number: int
    article_id: str
    paragraph: int
    quote: str
    start: int
    end: int
    title: str
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None
    when: str | None = None
    also_in: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer and the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]
    support: Support = "quoted"


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an honest ``not_in_corpus`` without sentences and citations.

    ``confidence`` in [0, 1] separates answerable from unanswerable questions; ``timings_ms`` are
    milliseconds. ``usage`` is what a language model took: ``calls``, ``input_tokens``,
    ``output_tokens``, and ``cost`` where the settings name prices; empty without one.
    """

    question: str
    status: Status
    answer: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    language: str = "de"
    model: str = "quoting"
    as_of: datetime.date | None = None
    generation: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    usage: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, keys as in the contract."""
        return {f.name: _jsonable(getattr(self, f.name)) for f in dataclasses.fields(self)}


@dataclass(frozen=True, slots=True)
class Sources:
    """First event of a stream: the passages the answer is made from."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A sentence being written or checked: not yet proven, so not yet part of the answer.

    Each takes the place of the one before; a ``Token`` or an empty text ends it.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; all pieces joined are the answer."""

    text: str


Event = Sources | Pending | Token | Answer


def _jsonable(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
