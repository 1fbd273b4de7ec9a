"""Which time a question is about, and whether a passage fits it.

A time that counts from today ("letzte Woche", "seit Montag") leaves older articles out. One that
does not ("im August 2005") may be told of later, so articles of that time are only preferred. Knows
nothing of how times are worded (``dates``) or of what else is asked.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from index.language import Span
from index.lexical import ANY_TIME, Period
from rag.dates import periods, time_asked

# Of the Wikinews questions with a date, the report is of that day or within a week of it.
_REPORTED_WITHIN = datetime.timedelta(days=7)
_FROM_TODAY = re.compile(
    r"\b(heut\w*|gestern|vorgestern|(letzt|vergangen|vorig|dies|jüngst)\w*|seit|in den"
    r"|vor \w+ (tag|woche|monat|jahr)\w*"
    r"|today|yesterday|last|past|previous|this|since|ago|recent\w*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b\d{4}\b")


@dataclass(frozen=True, slots=True)
class Timing:
    """The time a question is about."""

    within: Period = ANY_TIME  # articles of other days are left out
    about: Period = ANY_TIME  # articles of these days are preferred
    newest: bool = False  # of several reports the latest is wanted
    spans: tuple[Span, ...] = ()  # where the text says so
    is_narrowed: bool = False  # ``within`` is what the text says


ANY = Timing()


def timing(text: str, as_of: datetime.date, given: Period) -> Timing:
    """Return the time a question asked on ``as_of`` is about, within the period ``given``."""
    time = time_asked(text, as_of)
    spoken = " ".join(text[start:end] for start, end in time.spans)
    counts = _FROM_TODAY.search(spoken) and not _YEAR.search(spoken)
    within = periods.overlap(given, _reported(time.period, as_of)) if counts else None
    is_narrowed = within is not None and bool(within.first and within.last)
    return Timing(within or given, time.period, time.newest, time.spans, is_narrowed)


def fits(about: Period, day: datetime.date | None, text: str) -> bool:
    """Tell whether an article of that ``day``, or its ``text``, speaks of the time asked about."""
    if about == ANY_TIME:
        return True
    if day is not None and day in _reported(about, datetime.date.max):
        return True
    years = Period(*(bound and bound.replace(month=1, day=1) for bound in about))
    named = (int(year) for year in _YEAR.findall(text))
    return any(datetime.date(year, 1, 1) in years for year in named if year >= datetime.MINYEAR)


def _reported(period: Period, latest: datetime.date) -> Period:
    """Return the days on which articles tell of a period."""
    if period.last is None or latest - period.last < _REPORTED_WITHIN:
        return Period(period.first, None if latest == datetime.date.max else latest)
    return Period(period.first, period.last + _REPORTED_WITHIN)
