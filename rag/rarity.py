"""How rare words are in an archive: what makes finding one of them say something.

Knows counts, nothing of where words stand or of what is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from rag.question import Term


def inverse_frequency(frequency: int, among: int) -> float:
    """Return BM25's inverse document frequency of what ``frequency`` of so many have."""
    return math.log(1 + (among - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class Rarity:
    """Counts of an archive: its passages, and how many of them have a stem, or a subword."""

    passages: int
    with_stem: Callable[[str], int]
    with_subword: Callable[[str], int]

    def of_frequency(self, frequency: int) -> float:
        """Return BM25's inverse document frequency, at least 0."""
        return inverse_frequency(min(frequency, self.passages), self.passages)

    def of_stem(self, stem: str) -> float:
        """Return how rare a stem is."""
        return self.of_frequency(self.with_stem(stem))

    def of_subword(self, subword: str) -> float:
        """Return how rare a subword is."""
        return self.of_frequency(self.with_subword(subword))

    def of_term(self, term: Term) -> float:
        """Return how rare it is that any word for the term occurs."""
        return self.of_frequency(sum(map(self.with_stem, {term.stem, *term.related})))
