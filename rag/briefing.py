"""What a language model is given to write from: the paragraphs found, each under an opaque id.

Articles are somebody else's text, and may be written to deceive a model. They go out as JSON, in
which no tag can stand, and under ids made anew for every question, which no article can know. One
story is one source, however many copies of it there are, and no article fills the list. Knows how
sources are presented, not what is asked or what the model makes of them.
"""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import prompts
from rag.answer import Hit
from rag.stories import Story, distinct
from rag.verification import Source

_SOURCES = 10  # more seldom answer: the gold paragraph is among the first five for 95 of 100
_OF_ONE_ARTICLE = 4
_CHARACTERS = 16_000  # beside the best: some 5,000 tokens, which every model of today can read
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"  # no vowels, so no words; nothing that looks like another
_LENGTH = 3
_TRIES = 100  # until ids become longer: a text could have all the short ones in it


class Given(NamedTuple):
    """A source as the model is given it, and as it is checked."""

    id: str
    story: Story
    source: Source

    @property
    def hit(self) -> Hit:
        """The paragraph itself."""
        return self.story.hit


def brief(stories: Sequence[Story], articles: Mapping[str, str]) -> list[Given]:
    """Return the sources for one question, best first.

    ``articles`` has the whole text of each article by its id: it tells who is meant by "he".
    """
    chosen = list(itertools.islice(_chosen(distinct(stories)), _SOURCES))
    return [
        Given(id_, story, _source(story.hit, articles.get(story.hit.article_id, "")))
        for story, id_ in zip(chosen, _ids(chosen), strict=False)
    ]


def presented(given: Sequence[Given]) -> str:
    """Return the sources as they stand in a prompt: one JSON object a line."""
    return "\n".join(
        prompts.data(
            {
                "id": one.id,
                "headline": one.hit.title,
                "outlet": one.hit.source,
                "date": one.hit.date and one.hit.date.isoformat(),
                "text": one.hit.text,
            }
        )
        for one in given
    )


def _chosen(stories: Sequence[Story]) -> Iterator[Story]:
    """Yield the best story, however long it is, and those that there is room for beside it."""
    of_article: Counter[str] = Counter()
    left = _CHARACTERS
    for place, story in enumerate(stories):
        length = len(story.hit.text) if place else 0
        if of_article[story.hit.article_id] < _OF_ONE_ARTICLE and length <= left:
            of_article[story.hit.article_id] += 1
            left -= length
            yield story


def _ids(stories: Sequence[Story]) -> Iterator[str]:
    """Yield ids that stand in none of the texts, headlines and outlets."""
    hits = [story.hit for story in stories]
    taken = "\n".join(f"{hit.text}\n{hit.title}\n{hit.source}" for hit in hits).lower()
    for tried in itertools.count():
        length = _LENGTH + tried // _TRIES
        id_ = "".join(secrets.choice(_ALPHABET) for _ in range(length))
        if id_ not in taken:
            taken += f"\n{id_}"
            yield id_


def _source(hit: Hit, article: str) -> Source:
    background = "\n".join(filter(None, (hit.title, hit.context, article)))
    return Source(hit.text, background, hit.date, hit.language)
