"""Does the source give the numbers and units of a statement?

Knows figures only; days are told by ``days``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.language import stem
from rag.facts.numerals import numbers
from rag.verification.alignment import Substitution
from rag.verification.parts import Amount, Part, parts
from rag.verification.windows import Window
from rag.verification.words import Token

_ROUGHLY = re.compile(
    r"\b(?:rund|etwa|ca\.|circa|ungefähr|gut|knapp|fast|beinahe|über|mehr als|about|around|some"
    r"|roughly|approximately|nearly|almost|over|more than) +$",
    re.IGNORECASE,
)
_ROUNDED = 0.05  # "rund 2,4 Millionen" for 2.389.000
# What a source may say without a number: value and unit.
_IN_WORDS = (
    (re.compile(r"\b(?:beid\w*|both|paar|pair)\b", re.IGNORECASE), 2.0, ""),
    (re.compile(r"\b(?:die|der|zur) hälfte\b|\bhalf\b", re.IGNORECASE), 50.0, "prozent"),
    (re.compile(r"\b(?:ein|eines) viertel|\ba quarter of\b", re.IGNORECASE), 25.0, "prozent"),
    (re.compile(r"\bdrei ?viertel|\bthree[ -]quarters\b", re.IGNORECASE), 75.0, "prozent"),
    (re.compile(r"\bhalbe\w* jahr|\bhalf a year\b", re.IGNORECASE), 6.0, "monate"),
    (re.compile(r"\b(?:zweimal|doppelt\w*|verdoppel\w*|twice|doubled?)\b", re.IGNORECASE), 2.0, ""),
)


def wrong_amounts(statement: Part, window: Window, *, is_close: bool) -> Iterator[str]:
    """Yield the numbers of the statement that the window does not give for the same thing.

    A statement worded freely may have a number from elsewhere in the text, if it is counted alike.
    """
    wanted = [amount for amount in statement.amounts if not amount.is_date]
    given = _given(window) if wanted else []
    further = [] if is_close or not wanted else _further(window)
    is_foreign = statement.language != window.source.language
    for amount in wanted:
        same = [other for other in given if _is_same(amount, other, statement.text)]
        if any(_counts_same(amount, other, given, is_foreign=is_foreign) for other in same):
            continue
        if not any(amount.value == other.value and _is_thing(amount, other) for other in further):
            yield amount.text


def _further(window: Window) -> list[Amount]:
    """Return all amounts of the text."""
    source = window.source
    read = parts(source.text, source.language, source.date)
    return [amount for part in read for amount in part.amounts]


def _is_thing(amount: Amount, other: Amount) -> bool:
    """Tell whether both name the same unit, or the same noun."""
    if amount.unit or other.unit:
        return amount.unit == other.unit
    return bool(amount.noun) and stem(amount.noun) == stem(other.noun)


def _given(window: Window) -> list[Amount]:
    """Return the amounts of the window; instead of its place each has the number of its sentence.

    The years that days fall into are among them: "2005" may be read as a number on one side only.
    """
    given = [
        amount._replace(start=number)
        for number, part in enumerate(window.parts)
        for amount in part.amounts
        if amount.unit or not amount.is_date
    ]
    given += [
        Amount(v, unit, "", "", -1) for said, v, unit in _IN_WORDS if said.search(window.text)
    ]
    bounds = (bound for part in window.parts for period in part.times for bound in period)
    years = {bound.year for bound in bounds if bound}
    return given + [Amount(float(year), "", "", str(year), -1) for year in years]


def _is_same(amount: Amount, other: Amount, text: str) -> bool:
    if amount.value == other.value:
        return True
    is_rough = _ROUGHLY.search(text, 0, amount.start) is not None
    return is_rough and abs(amount.value - other.value) <= _ROUNDED * other.value


def _counts_same(
    amount: Amount, other: Amount, given: Sequence[Amount], *, is_foreign: bool
) -> bool:
    """Tell whether both count the same, as far as one can tell.

    Units must be equal; in another language only where both are known. Another noun may be another
    word for it, but not where the same sentence counts that noun by another number.
    """
    if amount.noun.endswith(other.noun) or other.noun.endswith(amount.noun):
        return True  # "Minuten", "Spielminuten"
    if amount.unit or other.unit:
        is_unknown = not (amount.noun and other.noun) or (
            is_foreign and not (amount.unit and other.unit)
        )
        return amount.unit == other.unit or is_unknown
    mine = stem(amount.noun)
    rivals = (g for g in given if g.value != other.value and g.start == other.start and g.noun)
    return mine == stem(other.noun) or not any(stem(rival.noun) == mine for rival in rivals)


def replaced_amounts(statement: Part, found: Sequence[Substitution]) -> Iterator[str]:
    """Yield the numbers that stand where the window, otherwise in the same words, has another."""
    values = {amount.value for amount in statement.amounts}
    for mine, theirs in found:
        own, there = _values(mine), _values(theirs)
        if own - there and there - own - values:
            yield " ".join(token.form for token in mine)


def _values(some: Iterable[Token]) -> set[float]:
    return {number.amount for token in some for number in numbers(token.form)}
