"""Does the source have the words of a statement, clause by clause and noun by noun?

A statement most of whose words are proven may still have something added, or one thing in place of
another. Knows nothing of names, numbers and denials, which have checks of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.language import Span
from rag.verification.alignment import Substitution
from rag.verification.parts import Part, parts
from rag.verification.windows import Source, Window, coverage, word_weights
from rag.verification.words import Kind

_SHORTEST = 2  # words, without names, of a clause that says something
_NEXT_TO_NONE = 0.1  # share of its words
_LIKE = 0.3  # from here on the window may mean the word


def verbatim(statement: Part, source: Source) -> Span | None:
    """Return which sentences of the source are the statement word for word."""
    wanted = [token.form for token in statement.tokens]
    read = parts(source.text, source.language, source.date)
    rows = [[token.form for token in part.tokens] for part in read]
    for start in range(len(rows) if wanted else 0):
        left, end = wanted, start
        while end < len(rows) and left and left[: len(rows[end])] == rows[end]:
            left, end = left[len(rows[end]) :], end + 1
        if not left:
            return Span(read[start].start, read[end - 1].end)
    return None


def unsaid_clauses(statement: Part, window: Window) -> Iterator[str]:
    """Yield the clauses of the statement of whose words the source has next to none.

    Those with a number or a name are left to the checks of these.
    """
    for clause in statement.clauses:
        if any(token.kind in (Kind.NAME, Kind.NUMBER) for token in clause.tokens):
            continue
        weights = word_weights(clause.tokens, statement.language)
        if len(weights) >= _SHORTEST and coverage(weights, window.anywhere) < _NEXT_TO_NONE:
            yield " ".join(clause.forms)


def other_nouns(window: Window, found: Sequence[Substitution]) -> Iterator[str]:
    """Yield the nouns that stand for another one, and that the window has no word like."""
    pairs = [
        (one, other)
        for mine, theirs in found
        if len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True)
    ]
    for one, other in pairs:
        is_noun = one.kind is other.kind is Kind.NOUN
        if is_noun and window.present.get(one.form, 0.0) < _LIKE:
            yield one.form
