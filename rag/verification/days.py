"""Does the source name the days of a statement?

Knows the calendar and the names of days and months only.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

from index.lexical import Period
from rag.dates.words import MONTHS, WEEKDAYS
from rag.verification.parts import Part, parts
from rag.verification.windows import Window

_THIRDS, _LONGEST_THIRD = (1, 11, 21), 11  # days: "Anfang", "Mitte", "Ende August"
_LONGEST_MONTH = 31  # days
_SINCE = re.compile(r"\b(?:seit\w*|ab|since|from)\b", re.IGNORECASE)  # then only the first counts
_VERBS = frozenset(("may", "march"))


def wrong_days(statement: Part, window: Window, *, is_close: bool) -> Iterator[str]:
    """Yield the days of the statement that the window does not name.

    A statement may be less exact than its source ("im Mai" for the 3rd), and if it is worded freely
    have its days from elsewhere in the text. Where the source names no day at all, its article's
    date is the day it speaks of.
    """
    named = [when for part in window.parts for when in part.times] or _before(window)
    if not is_close:
        named = [*named, *_anywhere(window)]
    begins = _SINCE.search(statement.text) is not None
    years = {amount.value for part in window.parts for amount in part.amounts}
    for when in statement.times:
        is_year = when.first and when.first.year in years and when == _year(when.first.year)
        is_named = any(
            _contains(when, other) or (begins and when.first == other.first) for other in named
        )
        if not is_year and not is_named:
            yield "/".join(str(bound) for bound in dict.fromkeys(when))
    yield from _wrong_words(statement, window, named)


def _wrong_words(statement: Part, window: Window, named: Sequence[Period]) -> Iterator[str]:
    """Yield the weekdays and months that the window neither names nor means.

    "Am Montag, dem 3. Mai 2005" is a day that there is, and yet the 3rd was a Tuesday.
    """
    weekdays = {first.weekday() for first, last in named if first and first == last}
    months = {first.month for first, last in named if first and last and _is_short(first, last)}
    known: tuple[tuple[Mapping[str, int], set[int]], ...] = ((WEEKDAYS, weekdays), (MONTHS, months))
    here = [token.form for token in window.tokens]
    for table, meant in known:
        said = {table[form] for form in here if form in table} | meant
        for form in (token.form for token in statement.tokens):
            if form in table and form not in _VERBS and said and table[form] not in said:
                yield form


def _is_short(first: datetime.date, last: datetime.date) -> bool:
    return (last - first).days < _LONGEST_MONTH


def _before(window: Window) -> list[Period]:
    """Return the days last named before, which a story goes on with, else its article's date."""
    source = window.source
    read = parts(source.text, source.language, source.date)
    earlier = [part.times for part in read if part.end <= window.start and part.times]
    if earlier:
        return list(earlier[-1])
    return [Period(source.date, source.date)] if source.date else []


def _anywhere(window: Window) -> list[Period]:
    source = window.source
    read = parts(source.text, source.language, source.date)
    return [when for part in read for when in part.times]


def _contains(outer: Period, inner: Period) -> bool:
    """Tell whether ``outer`` is the same days, or the month, year or decade they lie in.

    Of "bis Mitte Oktober" the end must lie there, of "seit 2002" the beginning.
    """
    if outer == inner:
        return True
    first, last = outer
    if first is None or last is None or not _is_calendar(first, last):
        return False
    return all(first <= bound <= last for bound in inner if bound)


def _year(year: int) -> Period:
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _is_calendar(first: datetime.date, last: datetime.date) -> bool:
    """Tell whether the days are a third of a month, a month, a year or a decade.

    "Von 1990 bis 2000" is none of these, and must be said so.
    """
    after = last + datetime.timedelta(1) if last < datetime.date.max else last
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day in _THIRDS and after.day in _THIRDS and (last - first).days < _LONGEST_THIRD:
        return True
    return first.day == after.day == 1 and (
        months == 1 or (months in (12, 120) and first.month == 1)
    )
