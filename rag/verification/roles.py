"""Who does something to whom: full names by how they stand in a clause.

Knows prepositions and the passive; compares names by ``spelling``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise
from typing import NamedTuple

from rag.thesaurus import place
from rag.verification.parts import Part
from rag.verification.spelling import is_named, is_same
from rag.verification.windows import Window
from rag.verification.words import Kind, Token

_PREPOSITIONS = frozenset(
    """in im aus nach bei mit von vom für gegen über an am auf vor zwischen durch um unter seit zu
    zum zur ohne neben hinter laut to from with by of for against about at on over near into
    """.split()
)
_ARTICLES = frozenset("der die das den dem des the a an ein eine einen einem einer".split())
_ABBREVIATION = 3  # letters; parties and countries stand as adjectives: "FDP-Politiker"
_BESIDE = 4  # words between a title and whose it is: "der Vorsitzende der Kommission, Hans Müller"
_PASSIVE = re.compile(r"\b(?:wird|werden|wurden?|worden|by|been|was|were|being)\b", re.IGNORECASE)


class Role(NamedTuple):
    """A full name, the preposition before it ("" for none), and the places of its words."""

    name: tuple[str, ...]
    preposition: str
    first: int
    last: int

    @property
    def is_place(self) -> bool:
        """Whether it has the name of a place in it."""
        return any(map(place, self.name))

    def is_same(self, other: Role) -> bool:
        """Tell whether all words of the shorter name are in the longer one."""
        short, long = sorted((self.name, other.name), key=len)
        return all(any(is_same(word, w) for w in long) for word in short)


def roles(row: Sequence[Token]) -> list[Role]:
    """Return the names of a row of words, in order, without abbreviations."""
    found = []
    for is_name, group in groupby(enumerate(row), key=lambda pair: pair[1].kind is Kind.NAME):
        places, names = zip(*group, strict=True)
        name = tuple(token.form for token in names)
        if is_name and max(map(len, name)) > _ABBREVIATION:
            found.append(Role(name, _preposition(row, places[0]), places[0], places[-1]))
    return found


def _preposition(row: Sequence[Token], at: int) -> str:
    """Return what the name at a place hangs on: "von" for a genitive ("Gegner Thaksins"), too."""
    before = row[at - 1 :: -1] if at else ()
    if before and before[0].kind is Kind.NOUN and row[at].form.endswith("s"):
        return "von"
    for token in before:
        if token.form in _PREPOSITIONS:
            return token.form
        if token.kind is not Kind.NOUN and token.form not in _ARTICLES:
            return ""
    return ""


def other_bearers(statement: Part, window: Window) -> Iterator[str]:
    """Yield names after a title that in the window is only somebody else's: "Richter Müller"."""
    row = window.tokens
    for title, name in pairwise(statement.tokens):
        if not (title.kind is Kind.NOUN and name.kind is Kind.NAME) or place(name.form):
            continue
        at = [n for n, token in enumerate(row[:-1]) if is_same(title.form, token.form)]
        bearers = [row[n + 1] for n in at if row[n + 1].kind is Kind.NAME]
        near = [token for n in at for token in row[max(0, n - _BESIDE) : n + _BESIDE + 1]]
        if bearers and not is_named(name, near) and is_named(name, row):
            yield f"{title.form} {name.form}"


def exchanged_names(statement: Part, window: Window) -> Iterator[str]:
    """Yield names that have changed places.

    Word order is free and the passive turns it round, so only sentences of the same voice are
    compared, and only names that stand alone or after a preposition on both sides.
    """
    if bool(_PASSIVE.search(window.text)) != bool(_PASSIVE.search(statement.text)):
        return
    theirs = [roles(clause.tokens) for clause, _ in window.said]
    for clause in statement.clauses:
        for one, other in combinations(roles(clause.tokens), 2):
            is_alike = one.is_place == other.is_place
            if is_alike and any(_exchanged(one, other, row) for row in theirs):
                yield f"{' '.join(one.name)} / {' '.join(other.name)}"


def _exchanged(one: Role, other: Role, theirs: Sequence[Role]) -> bool:
    """Tell whether each of two names stands only where the other stands in the source."""
    of_one = [role for role in theirs if role.is_same(one)]
    of_other = [role for role in theirs if role.is_same(other)]
    if len(of_one) != 1 or len(of_other) != 1 or of_one == of_other:
        return False
    here = (one.preposition, other.preposition)
    there = (of_one[0].preposition, of_other[0].preposition)
    if here == there == ("", ""):
        return of_other[0].first < of_one[0].first
    return here != there and here == there[::-1]
