"""Do other articles answer a question otherwise, and is the quoted one out of date?

Numbers, ages and dates only; names of people and places never, as no wording tells one event with
two culprits from two events. Every test here is there to be strict: a conflict that is missed costs
less than one that is invented. Knows nothing of how articles were found.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from index.language import ALL_FUNCTION_WORDS, forms, stem
from rag import phrases
from rag.dates.words import MONTHS
from rag.expected import Asked
from rag.facts.claims import Claim, claim, counts
from rag.facts.numerals import numbers
from rag.matching import coverage, presence
from rag.question import Question
from rag.stories import same_text, stands_in

_DAYS_APART = 45  # the sample stories run for five weeks; next year's flood is another flood
_NAME = 1.0  # what ``question`` weighs a name or noun
_PRESENT = 0.7  # a name stands in a text: the same family of words or closer
# "Wie viele Tote gab es bei dem Unfall?" is asked of every accident: beside what is counted there
# must be two names or nouns. When all Wikinews articles were dated alike, as if by different
# outlets, 6 of 3,500 such questions met with a conflict; 282 without this and with half of _ALIKE.
_NAMED, _NAMED_PERSON = 3, 2
# Of the shorter sentence's content words: the two reports of one demonstration in the samples share
# .44; of 285 pairs of Wikinews sentences that count the same in different events 90 % share less.
_ALIKE = 0.4
# "Nicht 8000, sondern 21'400" settles by itself what it is about, if the number is no small one and
# the paragraph has some of the question ("Betroffen", "Personen", but not the town: .39).
_TELLING, _COVERED = 100, 0.35

_UPDATED = re.compile(
    r"\b(?:nun|jetzt|inzwischen|mittlerweile|gestiegen|stieg|steigt|erhöht\w*|korrigier\w+|gesunken"
    r"|sank|verschoben|verlegt|now|meanwhile|risen|rose|rises|revised|corrected|postponed)\b",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"\b(?:früheren? (?:Fassung|Version)|falsch\w*|fälschlich\w*|irrtümlich\w*|earlier version"
    r"|wrong\w*|erroneous\w*|mistaken\w*)\b",
    re.IGNORECASE,
)
_SCOPE = re.compile(r"\b(?:allein|alleine|insgesamt|zusammen|alone|altogether|total)\b", re.I)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_WEEKDAY = re.compile(
    r"\b(?:mon|diens|donners|frei|sams|sonn)tag|\bmittwoch|\bsonnabend"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What an article with another value is to the quoted one."""

    SUPERSEDED = "superseded"  # a later article says that it is otherwise by now
    DISAGREES = "disagrees"  # another outlet says otherwise on the same day


class Statement(NamedTuple):
    """A sentence of an article; ``text`` is what it is read in: headline and paragraph."""

    sentence: str
    article_id: str
    date: datetime.date | None
    source: str | None
    text: str


class Conflict(NamedTuple):
    """``statement`` gives ``theirs`` where the ``quoted`` one gives ``mine``, both verbatim."""

    quoted: Statement
    statement: Statement
    mine: str
    theirs: str
    kind: Kind


def conflicts(question: Question, quoted: Statement, others: Sequence[Statement]) -> list[Conflict]:
    """Return where ``others`` contradict ``quoted``: each outlet of the day, then the latest news.

    What an earlier article says is no conflict: the reader is shown the newer one.
    """
    mine = _claim(question, quoted)
    if mine is None:
        return []
    found = (_conflict(question, quoted, mine, other) for other in others)
    first: dict[tuple[str, Kind], Conflict] = {}
    for conflict in filter(None, found):
        first.setdefault((conflict.statement.article_id, conflict.kind), conflict)
    same_day = [c for c in first.values() if c.kind is Kind.DISAGREES]
    later = [c for c in first.values() if c.kind is Kind.SUPERSEDED]
    return same_day + sorted(later, key=lambda c: c.statement.date or datetime.date.min)[-1:]


def _claim(question: Question, statement: Statement) -> Claim | None:
    if statement.date is None or _RETRACTED.search(statement.sentence):
        return None
    return claim(question, statement.sentence, statement.date)


def _conflict(
    question: Question, quoted: Statement, mine: Claim, other: Statement
) -> Conflict | None:
    kind = _kind(quoted, other)
    theirs = _claim(question, other) if kind else None
    if kind is None or theirs is None or theirs.about != mine.about:
        return None
    if not theirs.value.differs(mine.value) or _is_copy(quoted, other):
        return None
    is_denied = _denies(theirs, mine) or (kind is Kind.DISAGREES and _denies(mine, theirs))
    is_news = (
        kind is Kind.DISAGREES or question.asked is Asked.AGE or _UPDATED.search(other.sentence)
    )
    if is_denied and _is_about(question, other) and _is_about(question, quoted):
        return Conflict(quoted, other, mine.value.text, theirs.value.text, kind)
    if is_news and _say_the_same(question, quoted, other):
        return Conflict(quoted, other, mine.value.text, theirs.value.text, kind)
    return None


def _kind(quoted: Statement, other: Statement) -> Kind | None:
    if quoted.date is None or other.date is None or quoted.article_id == other.article_id:
        return None
    days = (other.date - quoted.date).days
    if 0 < days <= _DAYS_APART:
        return Kind.SUPERSEDED
    # Two reports of one outlet on one day are more often two events than two opinions.
    is_independent = quoted.source and other.source and quoted.source != other.source
    return Kind.DISAGREES if days == 0 and is_independent else None


def _is_copy(one: Statement, other: Statement) -> bool:
    return stands_in(one.sentence, other.sentence) or same_text(one.text, other.text)


def _denies(one: Claim, other: Claim) -> bool:
    """Tell whether ``one`` says itself that the other's value does not hold."""
    said = _amounts(other.value.text)
    return max(said, default=0) >= _TELLING and any(_amounts(v.text) == said for v in one.denied)


def _amounts(text: str) -> list[float]:
    return [number.amount for number in numbers(text)]


def _is_about(question: Question, statement: Statement) -> bool:
    """Tell whether the statement covers enough of the question."""
    weights = {term.form: term.weight for term in question.terms}
    return coverage(weights, presence(weights, forms(_read_in(statement)))) >= _COVERED


def _read_in(statement: Statement) -> str:
    """Return the text with its outlet, as a local paper does not name its town."""
    return f"{statement.text} {statement.source or ''}"


def _say_the_same(question: Question, one: Statement, other: Statement) -> bool:
    """Tell whether two sentences are alike in all but the value."""
    mine, theirs = one.sentence, other.sentence
    names = _names(question)
    if len(names) < (_NAMED_PERSON if question.asked is Asked.AGE else _NAMED):
        return False
    names -= {name for name in names if counts(question, name)}  # "14 Tote" are "14 Opfer"
    return (
        _present(names, _read_in(one)) == _present(names, _read_in(other)) == names
        and bool(_present(names, mine))
        and _present(names, mine) == _present(names, theirs)
        and _shared(mine, theirs) >= _ALIKE
        and _words(_SCOPE, mine) == _words(_SCOPE, theirs)
        and all(_compatible(pattern, mine, theirs) for pattern in (_YEAR, _WEEKDAY))
    )


def _names(question: Question) -> frozenset[str]:
    """Return the names and nouns, each once; dates are left to the dates of the articles."""
    terms = (term.form for term in question.terms if term.weight == _NAME)
    names = {stem(form): form for form in terms if not form[0].isdigit() and form not in MONTHS}
    return frozenset(names.values())


def _present(terms: Iterable[str], text: str) -> frozenset[str]:
    found = presence(terms, forms(text))
    return frozenset(term for term, surely in found.items() if surely >= _PRESENT)


def _compatible(pattern: re.Pattern[str], one: str, other: str) -> bool:
    """Tell whether the two have no such word, only one of them has, or they have one in common."""
    mine, theirs = _words(pattern, one), _words(pattern, other)
    return not mine or not theirs or bool(mine & theirs)


def _words(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match.lower() for match in pattern.findall(text)}


def _shared(one: str, other: str) -> float:
    """Return the share of the shorter sentence's content words that both have."""
    mine, theirs = _content(one), _content(other)
    alike = min(len(_present(mine, other)), len(_present(theirs, one)))
    return alike / max(1, min(len(mine), len(theirs)))


def _content(text: str) -> set[str]:
    return {f for f in forms(text) if f not in ALL_FUNCTION_WORDS and not f[0].isdigit()}


def note(conflicts: Sequence[Conflict], language: str) -> tuple[str, ...]:
    """Return a sentence for the reader about each conflict, in German or English."""
    return tuple(_note(conflict, language) for conflict in conflicts)


def _note(conflict: Conflict, language: str) -> str:
    is_later = conflict.kind is Kind.SUPERSEDED
    sentence = (phrases.SUPERSEDED if is_later else phrases.DISAGREES)[language]
    return sentence.format(
        mine=conflict.mine,
        theirs=conflict.theirs,
        here=_named(conflict.quoted, language),
        there=_named(conflict.statement, language),
    )


def _named(statement: Statement, language: str) -> str:
    name = statement.source or statement.article_id
    return f"{name}, {phrases.written(statement.date, language)}" if statement.date else name
