"""Periods by the calendar: weeks, months, years, their thirds, and which of many is meant.

Arithmetic only; knows no words. What does not exist (30 February, the year 10000) raises a
``ValueError`` or an ``OverflowError``.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from index.lexical import Period

LAST, THIS, NEXT = -1, 0, 1

# What a month or a date without year is taken back to in the news, which also announces.
_MEMORY = datetime.timedelta(days=275)
_LONGEST_MONTH, _MEAN_MONTH = 31, 30.44  # days
_FURTHEST = 8  # years between two 29 February, at most


class Now(NamedTuple):
    """The day from which a text speaks."""

    today: datetime.date
    latest: datetime.date  # a name without year or week is the latest one begun by this day
    announces: bool  # unless that is long ago: then it is the next one


def single(day: datetime.date) -> Period:
    """Return one day."""
    return Period(day, day)


def month(year: int, number: int, months: int = 1) -> Period:
    """Return ``months`` months from the given one on."""
    first = datetime.date(year, number, 1)
    end = later(first, months - 1)
    return Period(first, end.replace(day=calendar.monthrange(end.year, end.month)[1]))


def year(number: int, years: int = 1) -> Period:
    """Return ``years`` years from the given one on."""
    return Period(datetime.date(number, 1, 1), datetime.date(number + years - 1, 12, 31))


def week(day: datetime.date, first: int = 0, last: int = 6) -> Period:
    """Return the week of a day, or its days from ``first`` to ``last`` (Monday is 0)."""
    monday = day - datetime.timedelta(day.weekday())
    return Period(monday + datetime.timedelta(first), monday + datetime.timedelta(last))


def later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day ``months`` months later, or the last one of a shorter month."""
    years, index = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, index + 1)[1]
    return day.replace(day.year + years, index + 1, min(day.day, last))


def shifted(day: datetime.date, unit: str, count: int) -> datetime.date:
    """Return the day ``count`` days, weeks, months or years later."""
    if unit in ("day", "week"):
        return day + datetime.timedelta(count * (7 if unit == "week" else 1))
    return later(day, count * (12 if unit == "year" else 1))


def around(day: datetime.date, unit: str) -> Period:
    """Return the day, week, month or year that ``day`` is in."""
    if unit == "day":
        return single(day)
    if unit == "week":
        return week(day)
    return year(day.year) if unit == "year" else month(day.year, day.month)


def third(period: Period, number: int) -> Period:
    """Return the first, second or last third (0, 1, 2): in days of a month, in months of more."""
    first, days = first_of(period), length(period).days + 1
    if days <= _LONGEST_MONTH:
        begins = [first + datetime.timedelta(i * round(days / 3)) for i in range(3)]
    else:
        months = round(days / _MEAN_MONTH)
        begins = [later(first, i * months // 3) for i in range(3)]
    lasts = [*(day - datetime.timedelta(1) for day in begins[1:]), last_of(period)]
    return Period(begins[number], lasts[number])


def recurring(make: Callable[[int], Period], which: int | None, now: Now) -> Period:
    """Return the one meant of what recurs; ``make(0)`` is this year's or week's, -1 the last one's.

    ``which`` is LAST (over already), THIS or NEXT; ``None`` is the latest that has begun.
    """
    near = _existing(make)
    if which == THIS:
        return make(0)
    if which == NEXT:
        return min(period for period in near if first_of(period) > now.today)
    if which == LAST:
        return max(period for period in near if last_of(period) < now.today)
    latest = max(period for period in near if first_of(period) <= now.latest)
    long_ago = now.latest - last_of(latest) > _MEMORY
    coming = (period for period in near if period > latest)
    return min(coming, default=latest) if now.announces and long_ago else latest


def _existing(make: Callable[[int], Period]) -> list[Period]:
    """Return those there are, from years ago to the next one."""
    found = []
    for offset in range(-_FURTHEST, 2):
        with suppress(ValueError, OverflowError):  # 29 February, the year 10000
            found.append(make(offset))
    return found


def overlap(one: Period, other: Period) -> Period | None:
    """Return the days that are in both."""
    firsts = [period.first for period in (one, other) if period.first]
    lasts = [period.last for period in (one, other) if period.last]
    both = Period(max(firsts, default=None), min(lasts, default=None))
    return None if both.first and both.last and both.first > both.last else both


def length(period: Period) -> datetime.timedelta:
    """Return how long a period is; an open one ends with the calendar."""
    return last_of(period) - first_of(period)


def first_of(period: Period) -> datetime.date:
    """Return the first day, for an open one that of the calendar."""
    return period.first or datetime.date.min


def last_of(period: Period) -> datetime.date:
    """Return the last day, for an open one that of the calendar."""
    return period.last or datetime.date.max
