"""Does the source speak of the persons, places and organisations of a statement?

Knows how an article names somebody a second time; which role a name has is told by ``roles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.thesaurus import place
from rag.verification.alignment import Substitution
from rag.verification.parts import Part
from rag.verification.spelling import is_named, is_same
from rag.verification.windows import SAYS_NOTHING, Window, sentence_alone
from rag.verification.words import Kind, Token, tokens

# A pronoun, or somebody at the beginning who must have been named before: "Der Minister sagte".
_REFERS_BACK = re.compile(
    r"\b(?:er|sie|es|ihm|ihn|ihnen|ihr\w*|sein\w{0,2}|dies\w*|jene\w*|dessen|deren|dort|dazu|wir|ich"
    r"|he|she|it|they|him|her|his|their|this|these|there|we|i)\b|^\W*(?:der|die|das|the)\b",
    re.IGNORECASE | re.MULTILINE,
)


def unknown_names(statement: Part, window: Window) -> Iterator[str]:
    """Yield the names of the statement that neither the window nor what it refers to has."""
    here = window.tokens
    missing = [token for token in _names(statement.tokens) if not is_named(token, here)]
    if not missing:
        return
    source = window.source
    background = _background(source.background, source.language)
    headline = _background(source.background.partition("\n")[0], source.language)
    refers = _REFERS_BACK.search(window.text) is not None
    for token in missing:
        is_meant = is_named(token, background if refers else headline)
        if not is_meant and not _completes(token, statement, here, background):
            yield token.form


def _names(row: Sequence[Token]) -> list[Token]:
    return [t for t in row if t.kind is Kind.NAME and t.form not in SAYS_NOTHING]


@lru_cache(maxsize=1 << 9)
def _background(text: str, language: str) -> tuple[Token, ...]:
    return tokens(text, language)


def replaced_names(statement: Part, found: Sequence[Substitution]) -> Iterator[str]:
    """Yield the words where the window, otherwise in the same words, has another name."""
    for mine, theirs in found:
        is_one_for_one = len(mine) == len(theirs)
        lost = [t for t in theirs if is_one_for_one or not is_named(t, statement.tokens)]
        if any(token.kind is Kind.NAME for token in lost):
            yield from (token.form for token in _substitutes(mine, lost))
    yield from _swapped(found)


def _substitutes(mine: Sequence[Token], lost: Sequence[Token]) -> Iterator[Token]:
    """Yield the nouns and names that stand in for other ones."""
    for token in mine:
        is_noun = token.kind in (Kind.NAME, Kind.NOUN) and token.form not in SAYS_NOTHING
        if is_noun and not is_named(token, lost):
            yield token


def _swapped(found: Sequence[Substitution]) -> Iterator[str]:
    """Yield the names that stand for each other."""
    pairs = [
        (one.form, other.form)
        for mine, theirs in found
        for one, other in zip(mine, theirs, strict=False)
        if one.kind is other.kind is Kind.NAME
    ]
    yield from (one for one, other in pairs if (other, one) in pairs and one != other)


def misplaced_names(statement: Part, window: Window) -> Iterator[str]:
    """Yield the names that another sentence has than the one that says all the rest.

    That is a sentence about somebody else: it names another one, and refers to nobody before it.
    """
    alone = sentence_alone(statement, window) if len(window.parts) > 1 else None
    if alone is None or _REFERS_BACK.search(alone.text):
        return
    others = [t for t in _names(alone.tokens) if not is_named(t, statement.tokens)]
    for token in _names(statement.tokens):
        rivals = [other for other in others if bool(place(other.form)) == bool(place(token.form))]
        if rivals and not is_named(token, alone.tokens):
            yield token.form


def _completes(
    token: Token, statement: Part, here: Sequence[Token], background: Sequence[Token]
) -> bool:
    """Tell whether the article elsewhere puts this name beside one that the window has."""
    row = statement.tokens
    at = row.index(token)
    beside = [t for t in row[max(0, at - 2) : at + 3] if t != token and t.kind is Kind.NAME]
    return any(
        is_named(other, here)
        and _stand_together(token, other, background)
        and not _has_company(other, here)
        for other in beside
    )


def _has_company(name: Token, row: Sequence[Token]) -> bool:
    """Tell whether a name stands beside another one everywhere: then it is no name cut short."""
    pairs = zip([None, *row], row, [*row[1:], None], strict=False)
    return all(
        any(t is not None and t.kind is Kind.NAME for t in (before, after))
        for before, token, after in pairs
        if is_same(name.form, token.form)
    )


def _stand_together(one: Token, other: Token, row: Sequence[Token]) -> bool:
    return any(
        (is_same(one.form, a.form) and is_same(other.form, b.form))
        or (is_same(one.form, b.form) and is_same(other.form, a.form))
        for a, b in pairwise(row)
    )
