"""Near-duplicates among what was found: one agency report that several outlets carry.

Decided from the texts when a question is asked, so indexing costs nothing and a twin is found
whatever its article is called. A report in other words is another report, and so is one that
differs in a number, a date or a "nicht": those are for ``disagreement``. Knows no questions.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.language import ALL_FUNCTION_WORDS, fold, forms, sentences, stem
from rag.answer import Hit
from rag.dates.words import MONTHS, WEEKDAYS
from rag.facts.numerals import numbers

_SHINGLE = 3  # words
# Of the shorter one's shingles. Among 7.6 million pairs of Wikinews paragraphs of ten words or more
# none lies between .49 and .71: above are the same paragraphs edited, below common phrases.
_SAME = 0.6
_SHORTEST = 10  # words; "Verletzt wurde niemand." stands in reports of different accidents
_SHORTER_BY = 0.5  # a paragraph of less than half the other's length tells another part of it
_DAYS_APART = 7  # later, the paragraph is background of a new report: no copy
# Of the best score. On the sample questions copies that still hold the answer lie within 4 % of
# each other, those that have cut it 8 % and more below.
_EQUALLY_GOOD = 0.95
# Share of content words, figures apart: planted copies .77 and more, the paragraphs found together
# for 40 hand-written questions .55 and less.
_SAME_WORDS, _FEW = 0.66, 5
_ALIKE = 2  # so that a contradiction shows

_NEGATIONS = frozenset(
    "nicht kein keine keinen keinem keiner nie niemals niemand ohne not no never nobody without"
    .split()
)  # fmt: skip
_DAYS = frozenset(map(fold, (*WEEKDAYS, *MONTHS)))


class Story(NamedTuple):
    """A report: the hit that leads it, and the same report in other articles."""

    hit: Hit
    copies: tuple[Hit, ...]


class _Print(NamedTuple):
    """What two texts are compared by."""

    length: int
    shingles: frozenset[tuple[str, ...]]
    facts: frozenset[str | float]
    negations: int
    content: frozenset[str]


def collapse(hits: Sequence[Hit]) -> list[Story]:
    """Return the reports among ``hits`` (best first), each at its best hit's place.

    A report is led by its best hit, as the others may have cut what was asked for. Where the scores
    are as good as equal it is led by the earliest, the likeliest origin; then by the longest.
    """
    found: list[list[Hit]] = []
    for hit in hits:
        for story in found:
            if _is_copy(hit, story[0]):
                story.append(hit)
                break
        else:
            found.append([hit])
    return [_led(story) for story in found]


def distinct(stories: Sequence[Story]) -> list[Story]:
    """Return the stories without those that only repeat the words of two before, figures apart.

    A text may be planted many times with other figures: each would be a report of its own, and
    together they would crowd out all others.
    """
    kept: list[Story] = []
    for story in stories:
        if sum(_repeats(story.hit.text, other.hit.text) for other in kept) < _ALIKE:
            kept.append(story)
    return kept


def _repeats(text: str, before: str) -> bool:
    mine, theirs = _print(text).content, _print(before).content
    return len(mine) >= _FEW and len(mine & theirs) >= _SAME_WORDS * len(mine)


def _is_copy(hit: Hit, first: Hit) -> bool:
    if hit.article_id == first.article_id:
        return False
    if hit.date and first.date and abs((hit.date - first.date).days) > _DAYS_APART:
        return False
    return same_text(hit.text, first.text)


def _led(story: Sequence[Hit]) -> Story:
    good = [hit for hit in story if hit.score >= _EQUALLY_GOOD * story[0].score]
    first = min(good, key=lambda hit: (hit.date or datetime.date.max, -len(hit.text)))
    return Story(first, tuple(hit for hit in story if hit is not first))


def same_text(one: str, other: str) -> bool:
    """Tell whether two paragraphs are one text, apart from small edits and a sentence or two."""
    short, long = sorted((_print(one), _print(other)), key=lambda p: p.length)
    if short.length < max(_SHORTEST, _SHORTER_BY * long.length):
        return False
    return _contained(short, long) >= _SAME and not _contradicts(short, long)


def stands_in(sentence: str, text: str) -> bool:
    """Tell whether ``sentence`` stands, nearly verbatim, in ``text``."""
    mine = _print(sentence)
    if mine.length < _SHORTEST or _contained(mine, _print(text)) < _SAME:
        return False
    return any(
        _contained(mine, other) >= _SAME
        and mine.facts <= other.facts
        and mine.negations == other.negations
        for other in _sentences(text)
    )


def _contained(short: _Print, long: _Print) -> float:
    return len(short.shingles & long.shingles) / max(1, len(short.shingles))


def _contradicts(short: _Print, long: _Print) -> bool:
    """Tell whether facts were exchanged rather than cut, or a lone "nicht" came in."""
    if short.facts - long.facts and long.facts - short.facts:
        return True
    is_as_long = long.length - short.length < _SHORTEST  # so no sentence was added
    return is_as_long and short.negations != long.negations


@lru_cache(maxsize=4096)
def _print(text: str) -> _Print:
    words = [fold(form) for form in forms(text)]
    shingles = zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
    values = (number.amount for number in numbers(text))
    days = _DAYS.intersection(words)
    negations = sum(word in _NEGATIONS for word in words)
    facts: frozenset[str | float] = frozenset([*values, *days])
    content = (form for form in forms(text) if form not in ALL_FUNCTION_WORDS)
    stems = frozenset(stem(form) for form in content if not form[0].isdigit())
    return _Print(len(words), frozenset(shingles), facts, negations, stems)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[_Print, ...]:
    return tuple(_print(text[start:end]) for start, end in sentences(text))
