"""Which questions belong together: by tag, language, kind of question and age of the article."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence

from rag.evaluation.golden import GoldenQuestion
from rag.expected import asked_for

_AGES = ((7, "up to a week"), (31, "up to a month"), (366, "up to a year"))
_OLDEST = "older than a year"


def slices(
    questions: Sequence[GoldenQuestion],
    date_of: Callable[[str], datetime.date | None],
    newest: datetime.date | None,
) -> dict[str, list[int]]:
    """Return slice name -> rows of the questions in it, for slices that are not all of them.

    Age is counted from the ``newest`` article of the archive, so that it does not change with the
    day of the run.
    """
    found: dict[str, list[int]] = {}
    for row, question in enumerate(questions):
        for name in _names(question, date_of, newest):
            found.setdefault(name, []).append(row)
    return {name: rows for name, rows in sorted(found.items()) if len(rows) < len(questions)}


def _names(
    question: GoldenQuestion,
    date_of: Callable[[str], datetime.date | None],
    newest: datetime.date | None,
) -> list[str]:
    names = [f"tag: {tag}" for tag in question.tags]
    names += [f"language: {question.language}", f"asks: {asked_for(question.question)}"]
    dates: Mapping[str, datetime.date | None] = {
        e.article_id: date_of(e.article_id) for e in question.evidence
    }
    known = [date for date in dates.values() if date]
    return [*names, f"article: {_age(newest - max(known))}"] if known and newest else names


def _age(age: datetime.timedelta) -> str:
    return next((name for days, name in _AGES if age.days <= days), _OLDEST)
