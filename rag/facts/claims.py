"""What a sentence gives as the answer to a question: one number, one age, one date, or nothing.

Where a sentence gives several that could be meant, it gives nothing. Knows nothing of articles.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from typing import NamedTuple

from index.language import fold, forms, normalise, stem
from rag.dates import words
from rag.expected import Asked
from rag.facts.figures import Figure, Value, figures
from rag.matching import likeness
from rag.question import Question

_HOW_MANY = re.compile(r"\b(?:wie ?viele?[nr]?|how (?:many|much))\b", re.IGNORECASE)
_ANY = "77"  # stands for the number asked for, so that the question reads as its answer would
_UNITS = {
    Asked.MONEY: frozenset("euro dollar franken pfund".split()),
    Asked.SHARE: frozenset(["prozent"]),
    Asked.DURATION: frozenset("minuten stunden tage wochen monate jahre".split()),
}
_SAME_FAMILY = 0.7  # demonstriert / Demonstranten, as ``matching`` weighs it
_BIRTHDAY = 0.5  # years: 52 and 53 may both be right

_FULL_NAME = (
    r"(?:[A-ZÄÖÜ][\w’'.-]* )*(?P<given>[A-ZÄÖÜ][\w’'-]+)"
    r"(?: (?:von|van|de|der|zu))* (?P<surname>[A-ZÄÖÜ][\w’'-]+)"
)
_AGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FULL_NAME} \((?P<age>\d{{1,3}})\)",
        rf"{_FULL_NAME}, (?P<age>\d{{1,3}}),",
        rf"{_FULL_NAME} (?:ist|war|is|was) (?P<age>\d{{1,3}}) (?:Jahre alt|years old)",
        rf"\b(?P<age>\d{{1,3}})(?: Jahre alte[rn]?|-?jährige[rn]?|-year-old) {_FULL_NAME}",
    )
)
_MONTHS = {name.capitalize(): number for name, number in words.MONTHS.items()}
_DATE = re.compile(
    r"(?:\b(?P<bound>[Ss]eit|[Aa]b|[Vv]on|[Vv]om|[Bb]is|[Ss]ince|[Ff]rom|[Uu]ntil|[Bb]y)\b[^,;.]{0,20}?)?"
    r"(?P<date>(?:\b(?:Anfang|Mitte|Ende|early|late) )?(?:\b(?P<day>\d{1,2})\. ?)?"
    rf"\b(?P<month>{'|'.join(_MONTHS)})\b(?: (?P<english>\d{{1,2}})\b(?![\d:]|\.\d))?"
    r"(?:,? (?P<year>(?:19|20)\d\d)\b)?|\b(?P<only>(?:1[5-9]|20)\d\d)\b(?! [A-ZÄÖÜ]|[.,:]\d))"
)
_UNTIL = frozenset(("bis", "until", "by"))
_HALF_A_YEAR = 6  # months


class Claim(NamedTuple):
    """A value, and what must be alike for two claims to be about one thing.

    ``denied`` are values that the sentence itself says do not hold (any more).
    """

    value: Value
    about: tuple[object, ...]
    denied: tuple[Value, ...] = ()


def claim(question: Question, sentence: str, day: datetime.date) -> Claim | None:
    """Return what ``sentence``, written on ``day``, gives as the answer, if just one thing."""
    found: list[Claim] = []
    if question.asked is Asked.AGE:
        found = _ages(question, sentence)
    elif question.asked is Asked.WHEN:
        found = _dates(sentence, day)
    elif question.asked is Asked.NUMBER or question.asked in _UNITS:
        found = _numbers(question, sentence)
    return found[0] if len(found) == 1 else None


def _numbers(question: Question, sentence: str) -> list[Claim]:
    found = figures(sentence)
    if any(not figure.noun and not figure.denied for figure in found):
        return []  # "Romney hat 563, Santorum 263 und Gingrich 135 Delegierte"
    asked = None if question.asked in _UNITS else _asked_figure(question)
    fitting = [figure for figure in found if _fits(figure, asked, question, sentence)]
    denied = tuple(f.value for f in found if f.denied and (not f.noun or f in fitting))
    return [
        Claim(figure.value, (asked.what if asked else figure.what, figure.which), denied)
        for figure in fitting
        if not figure.denied
    ]


def counts(question: Question, word: str) -> bool:
    """Tell whether ``word`` is what the question counts ("Tote" in "Wie viele Tote")."""
    asked = _asked_figure(question)
    return asked is not None and asked.noun == word


def _asked_figure(question: Question) -> Figure | None:
    """Return what a "how many" counts, as the figure it will be in an answer."""
    found = figures(_HOW_MANY.sub(_ANY, question.wording, count=1))
    return next((f for f in found if f.value.text == _ANY and f.noun), None)


def _fits(figure: Figure, asked: Figure | None, question: Question, sentence: str) -> bool:
    """Tell whether the figure is of the kind that is asked for."""
    if units := _UNITS.get(question.asked):
        return figure.what in units
    if asked is None:  # "wie hoch", "wie schwer"
        return figure.is_measured
    if figure.what == asked.what:
        return True
    if not figure.counts_people:
        return False
    asked_stem, stems = stem(asked.noun), map(stem, forms(sentence))
    return asked.counts_people or any(
        likeness(asked_stem, word) >= _SAME_FAMILY
        for word in stems  # "40 Leute demonstrierten"
    )


def _ages(question: Question, sentence: str) -> list[Claim]:
    """Return the ages of people whose surname the question has."""
    asked = {fold(term.form) for term in question.terms}
    found = []
    for match in (match for pattern in _AGES for match in pattern.finditer(sentence)):
        name = tuple(fold(normalise(match[part])) for part in ("given", "surname"))
        if name[1] in asked:
            age = int(match["age"])
            found.append(Claim(Value(age - _BIRTHDAY, age + _BIRTHDAY, match["age"]), name))
    return found


def _dates(sentence: str, day: datetime.date) -> list[Claim]:
    """Return the dates that name at least a day or a year."""
    found = []
    for match in _DATE.finditer(sentence):
        is_exact = match["day"] or match["english"] or match["year"] or match["only"]
        if is_exact and (bounds := _first_and_last(match, day)):
            bound = (match["bound"] or "").lower()
            side = "until" if bound in _UNTIL else "since" if bound else "on"
            found.append(Claim(Value(*bounds, match["date"]), (side,)))
    return found


def _first_and_last(match: re.Match[str], day: datetime.date) -> tuple[int, int] | None:
    """Return the first and the last day that a date can mean, as ordinals."""
    if match["only"]:
        year = int(match["only"])
        return datetime.date(year, 1, 1).toordinal(), datetime.date(year, 12, 31).toordinal()
    month = _MONTHS[match["month"]]
    year = int(match["year"] or _nearest_year(month, day))
    length, number = monthrange(year, month)[1], int(match["day"] or match["english"] or 0)
    if number > length:
        return None
    first, last = (number, number) if number else (1, length)
    begin = datetime.date(year, month, 1).toordinal() - 1
    return begin + first, begin + last


def _nearest_year(month: int, day: datetime.date) -> int:
    """Return the year in which ``month`` is nearest to ``day``."""
    ahead = month - day.month
    return day.year + (ahead < -_HALF_A_YEAR) - (ahead > _HALF_A_YEAR)
