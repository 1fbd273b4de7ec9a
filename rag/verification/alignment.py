"""Which few words a statement has in place of others, where the rest is the same as in its source.

A checker that only looks for words is satisfied by a name or number that stands elsewhere in the
source; this one sees what it was put in place of. Knows nothing of what the words are.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from rag.verification.parts import Part
from rag.verification.windows import Window
from rag.verification.words import Token

_SAME_WORDS = 0.6  # share of a statement's words that stand in its source in the same order
_FEW = 4  # words; more is another wording


class Substitution(NamedTuple):
    """The words of the statement, and those of the source in whose place they stand; one may be
    empty.
    """

    mine: tuple[Token, ...]
    theirs: tuple[Token, ...]


class Alignment(NamedTuple):
    """What is replaced beside each row of words that has most of the statement's in their order."""

    rows: tuple[tuple[Substitution, ...], ...]

    @property
    def is_close(self) -> bool:
        """Whether there is such a row: else the statement is worded freely."""
        return bool(self.rows)

    @property
    def substitutions(self) -> tuple[Substitution, ...]:
        """All that is replaced, each once."""
        return tuple(dict.fromkeys(one for row in self.rows for one in row))


def align(statement: Part, window: Window) -> Alignment:
    """Compare a statement with a window, and with each of its sentences by itself.

    What stands in another name's place may be the name that the sentence before has.
    """
    own, rows = statement.tokens, [part.tokens for part in window.parts]
    if len(rows) > 1:
        rows.append([*window.tokens])
    found = (_replaced(own, row) for row in rows)
    return Alignment(tuple(row for row in found if row is not None))


def _replaced(mine: Sequence[Token], theirs: Sequence[Token]) -> tuple[Substitution, ...] | None:
    """Return the few words that are replaced, or ``None`` if most stand in no common order."""
    own, there = [token.stem for token in mine], [token.stem for token in theirs]
    needed, known = _SAME_WORDS * len(own), set(there)
    if sum([stem in known for stem in own]) < needed:  # no order can reach it, and fast to see
        return None
    operations = SequenceMatcher(None, own, there, autojunk=False).get_opcodes()
    if sum(b - a for kind, a, b, _, _ in operations if kind == "equal") < needed:
        return None
    return tuple(
        Substitution(tuple(mine[a:b]), tuple(theirs[c:d]))
        for kind, a, b, c, d in operations
        if kind != "equal" and b - a <= _FEW and d - c <= _FEW
    )
