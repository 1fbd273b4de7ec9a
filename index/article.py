"""The nouns everything else speaks: articles, their numbered paragraphs, and passages.

Deliberately ignorant of where articles come from (``readers``), of what is boilerplate
(``cleaning``) and of how passages are found (``vectors``, ``lexical``).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


class ParagraphKind(StrEnum):
    """What a paragraph is good for: only ``TEXT`` is retrieved and quoted."""

    TEXT = "text"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, numbered from 1 in source order; ``text`` is exactly what the source says."""

    number: int
    text: str
    kind: ParagraphKind = ParagraphKind.TEXT


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read from a file; ``paragraphs`` are never empty strings."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    date: datetime.date | None = None
    source: str | None = None
    url: str | None = None
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved: ``paragraph.text[start:end]`` of one paragraph.

    ``context`` is what a reader of the page would have in mind (headline, sub-heading); it is
    searched, never quoted. ``date`` is the article's.
    """

    id: str
    article_id: str
    paragraph: int
    start: int
    end: int
    text: str
    context: str = ""
    date: datetime.date | None = None
