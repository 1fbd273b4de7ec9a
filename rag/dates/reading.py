"""Which days a question or a sentence of the news speaks of, in German and English.

One grammar for both (``grammar``). Here its names of times are put together: a word before
one makes it a border ("seit", "before"), and two are a range, or one says when the other was ("Mai
vergangenen Jahres"). A question looks back from the day it is asked; the news also announces.
Knows nothing of the archive, of feast days, or of which event is meant: "Wahl 2009" is the year.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from index.language import Span, normalise
from index.lexical import ANY_TIME, Period
from rag.dates import patterns, periods
from rag.dates.grammar import GRAMMAR, LIMITS, Limit, Resolve, Words
from rag.dates.periods import Now


@dataclass(frozen=True, slots=True)
class TimeAsked:
    """What a question says about time."""

    period: Period
    spans: tuple[Span, ...]  # where its time expressions stand in the text, in order
    newest: bool  # it asks for the latest there is


class _Name(NamedTuple):
    """A time as it is named in a text."""

    span: Span
    words: Words
    resolve: Resolve

    def read(self, now: Now) -> Period | None:
        """Return the days named; ``None`` when there are no such days."""
        return _existing(self.resolve, self.words, now)


class _Border(NamedTuple):
    """A word before a time ("seit"): how long it is, and which days it leaves."""

    length: int
    limit: Limit


class _Expression(NamedTuple):
    """A time that a text speaks of: one name or two, with the word that makes it a border."""

    span: Span
    period: Period


def time_asked(text: str, as_of: datetime.date) -> TimeAsked:
    """Return what a question asked on ``as_of`` says about time."""
    expressions = _expressions(text, Now(as_of, as_of, announces=False))
    newest = [Span(*match.span()) for match in patterns.NEWEST.finditer(text)]
    spans = [expression.span for expression in expressions]
    spans += [span for span in newest if _is_free(span, spans)]
    return TimeAsked(_together(expressions) or ANY_TIME, tuple(sorted(spans)), bool(newest))


def when(sentence: str, published: datetime.date) -> Period | None:
    """Return the days a sentence of an article of that date speaks of, or ``None``."""
    return _together(_expressions(sentence, Now(published, published, announces=True)))


def times(sentence: str, published: datetime.date) -> list[tuple[Span, Period]]:
    """Return each time that a sentence of an article of that date names: where, and which days."""
    if not patterns.ANY.search(sentence):
        return []
    found = _expressions(sentence, Now(published, published, announces=True))
    return [(one.span, one.period) for one in found]


def _together(expressions: Iterable[_Expression]) -> Period | None:
    """Return the shortest period, the first of equals, narrowed by all others that overlap."""
    together: Period | None = None
    for period in sorted((one.period for one in expressions), key=periods.length):
        together = period if together is None else periods.overlap(together, period) or together
    return together


def _expressions(text: str, now: Now) -> list[_Expression]:
    """Return the times a text speaks of, in order; those that do not exist are left out."""
    found: list[_Expression] = []
    names, end = _names(text)[::-1], 0
    while names:
        name = names.pop()
        before = text[end : name.span.start]
        join = _join(before, text[name.span.end : names[-1].span.start]) if names else None
        last = names.pop() if join else name
        end = last.span.end
        period = join(name, last, now) if join else name.read(now)
        border = _border(before)
        if period and (limited := _existing(border.limit, period, now)):
            found.append(_Expression(Span(name.span.start - border.length, end), limited))
    return found


def _names(text: str) -> list[_Name]:
    """Return the times named, in order; of those that touch, the earliest in the grammar."""
    names: list[_Name] = []
    for pattern, resolve in GRAMMAR:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if _is_free(span, (name.span for name in names)):
                words = {group: normalise(w) for group, w in match.groupdict().items() if w}
                names.append(_Name(span, words, resolve))
    return sorted(names, key=lambda name: name.span)


def _is_free(span: Span, others: Iterable[Span]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)


def _existing(resolve: Callable[..., Period], *arguments: object) -> Period | None:
    """Return the period; ``None`` for 30 February, the year 10000, a last day before the first."""
    try:
        period = resolve(*arguments)
    except (ValueError, OverflowError, KeyError):  # ſ is an s for patterns, not in the tables
        return None
    return periods.overlap(period, period)


def _border(before: str) -> _Border:
    """Return the border whose word ends the text before a name."""
    for pattern, limit in LIMITS:
        if match := pattern.search(before):
            return _Border(len(before) - match.start(), limit)
    return _Border(0, lambda period, _: period)


def _join(before: str, between: str) -> Callable[[_Name, _Name, Now], Period | None] | None:
    """Return how two names are read as one, by the text before and between them."""
    if patterns.INSIDE.fullmatch(between):
        return _inside
    is_range = patterns.TO.fullmatch(between) and not _border(before).length
    if is_range or (patterns.AND.fullmatch(between) and patterns.BETWEEN.search(before)):
        return _range
    return None


def _inside(name: _Name, other: _Name, now: Now) -> Period | None:
    """Read "Montag, 3. Mai" and "Mai vergangenen Jahres"; where they disagree the second holds."""
    outer = other.read(now)
    if outer is None:
        return name.read(now)
    inner = name.read(now._replace(latest=periods.last_of(outer), announces=False))
    return (inner and periods.overlap(inner, outer)) or outer


def _range(name: _Name, other: _Name, now: Now) -> Period | None:
    """Read "30. April bis 2. Mai 2005": the first is the latest such day before the second."""
    last = other.read(now)
    if last is None:
        return None
    first = name.read(now._replace(latest=periods.last_of(last), announces=False))
    return first and _existing(Period, first.first, last.last)
