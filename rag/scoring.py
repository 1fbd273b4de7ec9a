"""Scores candidate passages by what counts in them: rare words, their order, the headline above.

A linear model over four features of each candidate. Knows how often words occur in the archive,
nothing of where the candidates come from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.article import Passage
from index.language import ALL_FUNCTION_WORDS, forms, stem, subwords
from rag.question import Question

# BM25 over subwords. tantivy's k1 = 1.2, b = .75 are fixed and favour short paragraphs: alone they
# give .915 nDCG@10 on XQuAD-de, these .944.
_K1, _B = 0.9, 0.3

# Fitted on the dev questions by a softmax over each question's 40 candidates (eight weights, 1,600
# questions), then four of them dropped and the rest rounded. nDCG@10 of XQuAD-de / Wikinews by hand
# / English twins: .945 / .774 / .694 by the sum of BM25 scores, .962 / .816 / .737 with these.
_SUBWORDS = 0.2
_OWN = 0.5  # a word of the question in the passage itself
_ABOVE = 1.0  # a word that stands only in its headline or sub-heading
_ORDER = 0.4  # two words that follow each other in both

_FUNCTION_WORD = 0.2  # what a function word weighs beside any other


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often things occur: passages in all, with a word, with a subword."""

    passages: int
    with_word: Callable[[str], int]
    with_subword: Callable[[str], int]

    def idf(self, frequency: int) -> float:
        """Return BM25's inverse document frequency."""
        return math.log(1 + (self.passages - frequency + 0.5) / (frequency + 0.5))


@dataclass(slots=True)
class _Asked:
    """The question's words with their weights, ready to be compared."""

    stems: list[str]
    content: dict[str, float]
    rarity: dict[str, float]
    grams: dict[str, float]
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, question: Question, frequencies: Frequencies) -> _Asked:
        words = list(dict.fromkeys([*forms(question.text), *question.words]))
        rarity = {stem(word): frequencies.idf(frequencies.with_word(word)) for word in words}
        content = {s: rarity[s] for s in map(stem, filter(_is_content, words))}
        grams: dict[str, float] = {}
        for word in words:
            weight = 1.0 if _is_content(word) else _FUNCTION_WORD
            for gram in subwords(word):
                grams.setdefault(gram, weight * frequencies.idf(frequencies.with_subword(gram)))
        return cls(list(map(stem, forms(question.text))), content, rarity, grams)

    def grams_of(self, word: str) -> tuple[str, ...]:
        """Return the subwords of a passage's word that the question has, too."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = tuple(g for g in subwords(word) if g in self.grams)
        return found


def _is_content(word: str) -> bool:
    return word not in ALL_FUNCTION_WORDS


def score_passages(
    question: Question, passages: Sequence[Passage], frequencies: Frequencies
) -> list[float]:
    """Return a score of at least 0 for each passage; only their order and shares mean something."""
    asked = _Asked.of(question, frequencies)
    texts = [forms(passage.text) for passage in passages]
    average = sum(map(len, texts)) / len(texts) if texts else 1.0
    return [
        _SUBWORDS * _bm25(asked, words, len(words) / (average or 1.0))
        + _coverage(asked, words, forms(passage.context))
        + _ORDER * _order(asked, words)
        for passage, words in zip(passages, texts, strict=True)
    ]


def _bm25(asked: _Asked, words: Sequence[str], length: float) -> float:
    """Return BM25 over subwords; ``length`` is relative to the average candidate."""
    counts = Counter(gram for word in words for gram in asked.grams_of(word))
    damping = _K1 * (1 - _B + _B * length)
    return sum(
        asked.grams[gram] * count * (_K1 + 1) / (count + damping) for gram, count in counts.items()
    )


def _coverage(asked: _Asked, words: Sequence[str], context: Sequence[str]) -> float:
    own, above = set(map(stem, words)), set(map(stem, context))
    return sum(
        weight * (_OWN if s in own else _ABOVE)
        for s, weight in asked.content.items()
        if s in own or s in above
    )


def _order(asked: _Asked, words: Sequence[str]) -> float:
    """Return how much of the question's wording stands there: pairs, as rare as their commoner."""
    there = set(pairwise(map(stem, words)))
    return sum(
        min(asked.rarity[one], asked.rarity[other])
        for one, other in pairwise(asked.stems)
        if (one, other) in there
    )
