"""A text taken apart for comparison: sentences, and in each its words, clauses, figures and days.

The same for what is claimed and for what is to prove it. Knows nothing of comparing them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from index.language import Span, sentences, stem
from index.lexical import Period
from rag.dates import times
from rag.facts.figures import unit_after
from rag.facts.numerals import numbers
from rag.thesaurus import common
from rag.verification.words import Kind, Token, tokens

_BORDER = re.compile(
    r"[,;:–—()\[\]]|(?<!\d)\.\s|\b(?:und|aber|sondern|doch|jedoch|während|obwohl|sowie|and|but|while|although"
    r"|whereas)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"nicht|niemals|nie|niemand\w*|nichts|nirgends|weder|kaum|not|\w+n[’']t|never|nobody|none"
    r"|nothing|neither|nor|cannot|hardly|(?:an)?statt|instead|rather"
)
_NO_NEGATION = re.compile(r"nur|zuletzt|only|dessen")
_LACKING = re.compile(r"\w{4,}los(?:e[nmrs]?)?")
_WITHOUT = re.compile(r"kein\w*|ohne|no|without")  # it denies the thing that follows
# "zweijährig", "dreitägiger"
_COMPOUND = re.compile(
    r"\b(?P<number>[a-zäöüß]+?|\d+-?)(?P<unit>jähr|monat|wöch|täg|stünd|minüt|-?mal)ig\w*",
    re.IGNORECASE,
)
_UNITS = {
    "jähr": "Jahre", "monat": "Monate", "wöch": "Wochen", "täg": "Tage", "stünd": "Stunden",
    "minüt": "Minuten",
}  # fmt: skip
_DAY_ZERO = datetime.date(2000, 1, 1)  # for an article without date: "gestern" equals "gestern"
# How many years they are worth: "fünf Jahrzehnte" are "50 Jahre".
_SPELLS = re.compile(r" (?:(jahrzehnte?n?|decades?)|jahrhunderte?n?|centuries)\b", re.IGNORECASE)


class Amount(NamedTuple):
    """A number as it is used: what it is worth, its unit ("" if it has none), what it counts."""

    value: float
    unit: str
    noun: str
    text: str
    start: int
    is_date: bool = False


@dataclass(frozen=True)
class Clause:
    """What stands between two commas or the like, and the words in it that are denied."""

    tokens: tuple[Token, ...]
    denied: tuple[Token, ...]

    @cached_property
    def forms(self) -> list[str]:
        """Its words, normalised."""
        return [token.form for token in self.tokens]


@dataclass(frozen=True, eq=False)
class Part:
    """A sentence, ``text[start:end]`` of the text it stands in, taken apart."""

    text: str
    language: str
    start: int
    end: int
    clauses: tuple[Clause, ...]
    amounts: tuple[Amount, ...]
    times: tuple[Period, ...]

    @cached_property
    def tokens(self) -> list[Token]:
        """All its words, in order."""
        return [token for clause in self.clauses for token in clause.tokens]


@lru_cache(maxsize=1 << 10)
def parts(text: str, language: str, date: datetime.date | None) -> tuple[Part, ...]:
    """Return the sentences of ``text``; its relative days count from ``date``."""
    return tuple(_part(text, span, language, date or _DAY_ZERO) for span in sentences(text))


def whole(text: str, language: str, date: datetime.date | None) -> Part:
    """Return ``text`` as if it were one sentence."""
    return _part(text, Span(0, len(text)), language, date or _DAY_ZERO)


def _part(text: str, span: Span, language: str, date: datetime.date) -> Part:
    own = text[span.start : span.end]
    named = times(own, date)
    clauses = tuple(_clauses(own, tokens(own, language)))
    amounts = tuple(_amounts(own, [where for where, _ in named]))
    days = tuple(when for _, when in named)
    return Part(own, language, span.start, span.end, clauses, amounts, days)


def _clauses(text: str, found: Sequence[Token]) -> Iterator[Clause]:
    borders = [0, *(match.start() for match in _BORDER.finditer(text)), len(text)]
    for start, end in pairwise(borders):
        inside = tuple(token for token in found if start <= token.start < end)
        if inside:
            yield Clause(inside, tuple(_denied(inside)))


def _denied(row: Sequence[Token]) -> Iterator[Token]:
    """Yield what each "nicht", "kein", "without" denies.

    After "kein" and "ohne" it is the next noun, after "nicht" the verb or adjective that follows,
    or else what comes next, or came last. Where nothing does, it is the negation itself;
    "unmöglich" and "chancenlos" deny themselves.
    """
    for at, token in enumerate(row):
        after = [t for t in content(row[at + 1 :]) if t.form != "länger"]
        before = content(row[:at])[::-1]
        if _WITHOUT.fullmatch(token.form):
            yield _first(after, is_verb=False) or _first(before, is_verb=False) or token
        elif token.kind is Kind.OTHER and is_privative(token.form):
            yield token
        elif _NEGATION.fullmatch(token.form) and not _is_particle(token, row[at + 1 : at + 2]):
            yield _first(after, is_verb=True) or _first(before, is_verb=True) or token


def is_privative(form: str) -> bool:
    """Tell whether a word denies another: "unmöglich", "chancenlos"."""
    is_opposite = form.startswith("un") and stem(form.removeprefix("un")) in common()
    return is_opposite or _LACKING.fullmatch(form) is not None


def _first(row: Sequence[Token], *, is_verb: bool) -> Token | None:
    """Return the first verb or adjective, or the first noun; else the first word."""
    wanted = (token for token in row if (token.kind is Kind.OTHER) == is_verb)
    return next(wanted, row[0] if row else None)


def _is_particle(token: Token, after: Sequence[Token]) -> bool:
    """Tell whether it denies nothing: "nicht nur", "findet statt", "stattdessen"."""
    if not after:
        return token.form in ("statt", "instead", "rather")
    return _NO_NEGATION.fullmatch(after[0].form) is not None


def _amounts(text: str, dates: Sequence[Span]) -> Iterator[Amount]:
    """Yield the numbers that are not part of a date; "vor vier Jahren" counts years, too."""
    compounds = list(_COMPOUND.finditer(text))
    for number in numbers(text):
        if any(match.start() <= number.start < match.end() for match in compounds):
            continue
        unit, noun = unit_after(text, number.end)
        is_date = any(start <= number.start < end for start, end in dates)
        said = text[number.start : number.end]
        if spell := _SPELLS.match(text, number.end):
            years = number.amount * (10 if spell[1] else 100)
            yield Amount(years, "jahre", "jahre", said, number.start, is_date)
        else:
            yield Amount(number.amount, unit, noun, said, number.start, is_date)
    for match in compounds:
        for number in numbers(match["number"]):
            unit, _ = unit_after(f"2 {_UNITS.get(match['unit'].lower(), '')}", 1)
            yield Amount(number.amount, unit, unit, match[0], match.start(), False)


def content(found: Sequence[Token]) -> list[Token]:
    """Return the words that say something: no function words, no numbers."""
    return [token for token in found if token.kind not in (Kind.EMPTY, Kind.NUMBER)]
