"""Paragraphs into passages, the unit that is retrieved.

A paragraph is one passage; only a very long one is cut, between sentences. Headings and boilerplate
become none: a heading lives on as context of what follows it. Knows nothing of vectors or terms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from index.article import Article, Paragraph, ParagraphKind, Passage
from index.language import Span, sentences

# Nearly every news paragraph stays whole (99.9 % of Wikinews are shorter): a citation then shows
# what a reader would have read. Longer ones would blur what a passage is about.
_LONGEST = 2000


def passages_of(article: Article) -> Iterator[Passage]:
    """Yield the passages of ``article``, each with its headline and sub-heading as context."""
    heading = ""
    for paragraph in article.paragraphs:
        if paragraph.kind is ParagraphKind.HEADING:
            heading = paragraph.text
        elif paragraph.kind is ParagraphKind.TEXT:
            context = "\n".join(part for part in (article.title, heading) if part)
            yield from _cut(article, paragraph, context)


def fingerprint(passage: Passage) -> str:
    """Return what decides whether a stored vector can be used again."""
    return hashlib.sha256(searchable(passage).encode()).hexdigest()


def searchable(passage: Passage) -> str:
    """Return the text that is embedded: the passage after its context."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def _cut(article: Article, paragraph: Paragraph, context: str) -> Iterator[Passage]:
    pieces = _pieces(paragraph.text)
    for number, (start, end) in enumerate(pieces, start=1):
        suffix = f".{number}" if len(pieces) > 1 else ""
        yield Passage(
            id=f"{article.id}#{paragraph.number}{suffix}",
            article_id=article.id,
            paragraph=paragraph.number,
            start=start,
            end=end,
            text=paragraph.text[start:end],
            context=context,
            date=article.date,
        )


def _pieces(text: str) -> list[Span]:
    """Return the whole text, or runs of sentences of at most ``_LONGEST`` characters."""
    if len(text) <= _LONGEST:
        return [Span(0, len(text))]
    pieces: list[Span] = []
    for start, end in sentences(text):
        if pieces and end - pieces[-1].start <= _LONGEST:
            pieces[-1] = Span(pieces[-1].start, end)
        else:
            pieces.append(Span(start, end))
    return pieces
