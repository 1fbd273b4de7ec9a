"""How well a text covers the terms of a question: the measure behind quoting and confidence.

A term counts in full for the same stem, and in part for a close spelling (Selenskyj / Selenski) or
a compound that contains it (Friedensgespräche / Gespräche). Knows nothing of articles or answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from index.language import sound, stem, subwords
from rag.question import Question, Term
from rag.rarity import Rarity

# Two words are one, misspelt, when they share this part of their letter trigrams (Dice): Peskow /
# Pekow have .55, Merkel / Merz .40; that Hamburg / Homburg have .57 is the price.
_SPELLING = 0.54
_SAME_SOUND = 0.9  # what the same name in another transliteration counts
_COMPOUND = 0.8  # what a part of a compound counts
_FAMILY, _FAMILY_SHARE = 0.7, 0.6  # verhandelt / Verhandlung: what they count, and begin alike by
_RELATED, _RELATED_PART = 0.8, 0.4  # what another word for it counts, alone or in a compound
_SHORTEST_PART = 5  # shorter words stand inside others by chance
_CLOSE_LENGTH = 5


def weigh(question: Question, rarity: Rarity) -> dict[str, float]:
    """Return term -> weight: its kind times how rare it is in the archive."""
    return {term.form: term.weight * term.share * rarity.of_term(term) for term in question.terms}


def coverage(weights: Mapping[str, float], present: Mapping[str, float]) -> float:
    """Return the weighted share of the terms that are present, in [0, 1]."""
    total = sum(weights.values())
    return sum(w * present[term] for term, w in weights.items()) / total if total else 0.0


def presence(terms: Iterable[str], words: Sequence[str]) -> dict[str, float]:
    """Return term -> how surely one of ``words`` is it, in [0, 1]."""
    wanted = tuple(terms)
    near = _near(wanted, words)
    return {term: max((likeness(term, word) for word in near), default=0.0) for term in wanted}


def _near(terms: tuple[str, ...], words: Sequence[str]) -> list[str]:
    """Return the few words worth comparing: what is alike shares a stem or a subword."""
    stems, grams = _pieces(terms)
    return [
        word
        for word in frozenset(words)
        if stem(word) in stems or not grams.isdisjoint(subwords(word))
    ]


@lru_cache(maxsize=1 << 10)
def _pieces(terms: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    grams = frozenset(gram for term in terms for gram in subwords(term))
    return frozenset(map(stem, terms)), grams


def covered(terms: Sequence[Term], words: Sequence[str]) -> dict[str, float]:
    """Return term -> how surely ``words`` say it, be it by another word for it, in [0, 1]."""
    present = presence([term.form for term in terms], words)
    stems = frozenset(map(stem, words))
    return {t.form: max(present[t.form], _related(t.related, stems)) for t in terms}


def _related(related: frozenset[str], stems: frozenset[str]) -> float:
    if not related.isdisjoint(stems):
        return _RELATED
    parts = [part for part in related if len(part) >= _SHORTEST_PART]
    return _RELATED_PART if any(part in word for part in parts for word in stems) else 0.0


def best_of(present: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return term -> the surest of several presences."""
    return {term: max(one[term] for one in present) for term in present[0]}


@lru_cache(maxsize=1 << 18)
def likeness(term: str, word: str) -> float:
    """Return how surely two words mean the same, in [0, 1]."""
    if term == word or stem(term) == stem(word):
        return 1.0
    if min(len(term), len(word)) < _CLOSE_LENGTH or term[0].isdigit():
        return 0.0
    return max(_compound(stem(term), stem(word)), _spelling(sound(term), sound(word)))


def _compound(term: str, word: str) -> float:
    short, long = sorted((term, word), key=len)
    return _COMPOUND if len(short) >= _SHORTEST_PART and short in long else 0.0


def _spelling(term: str, word: str) -> float:
    if term == word:
        return _SAME_SOUND
    shared = math.ceil(_FAMILY_SHARE * max(len(term), len(word)))
    if term[:shared] == word[:shared]:
        return _FAMILY
    mine, other = _trigrams(term), _trigrams(word)
    dice = 2 * len(mine & other) / (len(mine) + len(other))
    return dice if dice >= _SPELLING else 0.0


@lru_cache(maxsize=1 << 18)
def _trigrams(word: str) -> frozenset[str]:
    bounded = f"<{word}>"
    return frozenset(bounded[i : i + 3] for i in range(len(bounded) - 2))
