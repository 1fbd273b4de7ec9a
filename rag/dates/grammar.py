"""The grammar of ``dates``: every way of naming a time, and how it becomes days.

A table of patterns and of what resolves them; a resolver sees the words of a name and the day from
which it is read. Days that do not exist raise a ``ValueError`` or an ``OverflowError``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

from index.lexical import Period
from rag.dates import patterns, periods
from rag.dates.periods import Now
from rag.dates.words import MONTHS, NUMBERS, ORDINALS, PARTS, SEASONS, UNITS, WEEKDAYS, WHICH

Words = Mapping[str, str]  # the named groups of a pattern, normalised
Resolve = Callable[[Words, Now], Period]
Limit = Callable[[Period, Now], Period]

_SEVERAL = 5  # "in den letzten Tagen"
_DAY = datetime.timedelta(1)


def _date(words: Words, now: Now) -> Period:
    """Read "3. Mai 2005", "3.5.2005", "May 3", "3. bis 7. Mai"."""
    month, day = words["month"], words["day"]
    number = MONTHS.get(month) or int(month)

    def in_year(year: int) -> Period:
        ends = words.get("from", day), words.get("to", day)
        return Period(*(datetime.date(year, number, int(end)) for end in ends))

    return _in_year(in_year, words, now)


def _month(words: Words, now: Now) -> Period:
    """Read "im Mai", "Ende Mai 2005"."""
    number = MONTHS[words["month"]]
    return _in_year(lambda year: _part(periods.month(year, number), words), words, now)


def _quarter(words: Words, now: Now) -> Period:
    number = ORDINALS.get(words["quarter"]) or int(words["quarter"])
    return _in_year(lambda year: periods.month(year, 3 * number - 2, months=3), words, now)


def _season(words: Words, now: Now) -> Period:
    number = SEASONS[words["season"]]
    return _in_year(lambda year: periods.month(year, number, months=3), words, now)


def _decade(words: Words, now: Now) -> Period:
    first = int(words["decade"])
    return _part(periods.year(first + 1900 if first < 100 else first, years=10), words)


def _year(words: Words, now: Now) -> Period:
    """Read "2005", "Ende 2005", "Saison 2005/06"."""
    return _part(periods.year(int(words["year"]), years=2 if "next" in words else 1), words)


def _weekday(words: Words, now: Now) -> Period:
    number = WEEKDAYS[words["weekday"]]
    return _in_week(number - 1 if "night" in words else number, number, words, now)


def _weekend(words: Words, now: Now) -> Period:
    return _in_week(5, 6, words, now)


def _unit(words: Words, now: Now) -> Period:
    """Read "vergangene Woche", "Ende des Jahres"."""
    unit = UNITS[words["unit"]]
    day = periods.shifted(now.today, unit, WHICH[words.get("which", "this")])
    return _part(periods.around(day, unit), words)


def _ago(words: Words, now: Now) -> Period:
    """Read "vor zwei Wochen", which is that whole week."""
    unit = UNITS[words["unit"]]
    return periods.around(periods.shifted(now.today, unit, -_count(words)), unit)


def _last_few(words: Words, now: Now) -> Period:
    """Read "in den letzten drei Tagen", which is until today."""
    return Period(periods.shifted(now.today, UNITS[words["unit"]], -_count(words)), now.today)


def _days_later(count: int) -> Resolve:
    return lambda _, now: periods.single(now.today + count * _DAY)


def _count(words: Words) -> int:
    count = words.get("count", str(_SEVERAL))
    return NUMBERS.get(count) or int(count)


def _part(period: Period, words: Words) -> Period:
    return periods.third(period, PARTS[words["part"]]) if "part" in words else period


def _in_year(make: Callable[[int], Period], words: Words, now: Now) -> Period:
    """Return what there is in the year named, or in the one that is meant."""
    if "year" in words:
        return make(int(words["year"]))
    return _recurring(lambda years: make(now.latest.year + years), words, now)


def _in_week(first: int, last: int, words: Words, now: Now) -> Period:
    """Return these days of the week that is meant."""

    def after(weeks: int) -> Period:
        return periods.week(periods.shifted(now.latest, "week", weeks), first, last)

    return _recurring(after, words, now)


def _recurring(make: Callable[[int], Period], words: Words, now: Now) -> Period:
    return periods.recurring(make, WHICH[words["which"]] if "which" in words else None, now)


# The more specific a name the earlier it stands: "3. Mai 2005" before "Mai 2005" before "2005".
GRAMMAR: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), resolve)
    for pattern, resolve in (
        (patterns.ISO_DATE, _date),
        (patterns.NUMERIC_DATE, _date),
        (patterns.NUMERIC_DAY, _date),
        (patterns.DAY_FIRST, _date),
        (patterns.MONTH_FIRST, _date),
        (patterns.MONTH_OF_YEAR, _month),
        (patterns.MONTH, _month),
        (patterns.QUARTER, _quarter),
        (patterns.CALLED_YEAR, _year),
        (patterns.SEASON_OF_YEAR, _season),
        (patterns.SEASON, _season),
        (patterns.DECADE, _decade),
        (patterns.SHORT_DECADE, _decade),
        (patterns.WEEKDAY, _weekday),
        (patterns.TIME_OF_WEEKDAY, _weekday),
        (patterns.WEEKEND, _weekend),
        (patterns.LAST_FEW, _last_few),
        (patterns.FOR_SOME, _last_few),
        (patterns.AGO, _ago),
        (patterns.ENGLISH_AGO, _ago),
        (patterns.UNIT, _unit),
        (patterns.PART_OF_UNIT, _unit),
        (patterns.DAY_BEFORE_YESTERDAY, _days_later(-2)),
        (patterns.YESTERDAY, _days_later(-1)),
        (patterns.TODAY, _days_later(0)),
        (patterns.TOMORROW, _days_later(1)),
        (patterns.YEAR, _year),
    )
)

# A word before a name that makes it a border, and the days this leaves.
LIMITS: tuple[tuple[re.Pattern[str], Limit], ...] = (
    (patterns.SINCE, lambda period, now: Period(period.first, now.today)),
    (patterns.FROM, lambda period, _: Period(period.first, None)),
    (patterns.UNTIL, lambda period, _: Period(None, period.last)),
    (patterns.BEFORE, lambda period, _: Period(None, periods.first_of(period) - _DAY)),
    (patterns.AFTER, lambda period, _: Period(periods.last_of(period) + _DAY, None)),
)
