"""Words of a paragraph become a citation: where they stand, in which copies, of which day.

Knows nothing of how the words were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.answer import Citation, Hit, Twin
from rag.dates import when
from rag.expected import Asked
from rag.question import Question
from rag.stories import Story, stands_in


class Excerpt(NamedTuple):
    """Verbatim words: ``hit.text[start:end]``."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.hit.text[self.start : self.end]


def cite(question: Question, excerpt: Excerpt, stories: Sequence[Story]) -> Citation:
    """Return the citation of an excerpt from one of ``stories``; its number is still 0."""
    hit = excerpt.hit
    return Citation(
        number=0,
        article_id=hit.article_id,
        paragraph=hit.paragraph,
        quote=excerpt.text,
        start=hit.start + excerpt.start,
        end=hit.start + excerpt.end,
        title=hit.title,
        date=hit.date,
        source=hit.source,
        url=hit.url,
        when=_when(excerpt) if question.asked is Asked.WHEN else None,
        also_in=_twins(excerpt, stories),
    )


def _twins(excerpt: Excerpt, stories: Sequence[Story]) -> tuple[Twin, ...]:
    """Return where else the words stand: in copies of the story, or quoted in other reports."""
    copies = next((story.copies for story in stories if story.hit == excerpt.hit), ())
    hits = [hit for story in stories for hit in (story.hit, *story.copies)]
    carried = [*copies, *(hit for hit in hits if stands_in(excerpt.text, hit.text))]
    twins: dict[str, Hit] = {}
    for hit in carried:
        twins.setdefault(hit.article_id, hit)
    twins.pop(excerpt.hit.article_id, None)
    return tuple(Twin(hit.article_id, hit.paragraph, hit.source) for hit in twins.values())


def _when(excerpt: Excerpt) -> str | None:
    """Return the day the words speak of ("am Samstag"), or ``first/last``, in ISO 8601."""
    period = when(excerpt.text, excerpt.hit.date) if excerpt.hit.date else None
    if period is None:
        return None
    first, last = (bound.isoformat() if bound else ".." for bound in period)
    return first if first == last else f"{first}/{last}"
