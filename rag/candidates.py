"""The sentences that might answer, each with what speaks for it, best first.

A linear model over a few features of every sentence in the best passages. A word counts the more
the fewer of these sentences have it: what all of them share says nothing about which one answers.
Knows nothing of how passages were found or of how an answer is put together.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from index.language import Span, forms, sentences, subwords
from rag.answer import Hit
from rag.expected import held, holds_speech, is_asked
from rag.matching import coverage, covered
from rag.question import Question
from rag.rarity import inverse_frequency


class Features(NamedTuple):
    """What speaks for a sentence; shares of the question, in [0, 1], where nothing else is said."""

    passage: float  # the score of its passage
    words: float  # the words it has, weighed by how few of the sentences have them
    subwords: float  # the same of subwords
    before: float  # what only the sentence before has
    carried: float  # the same, when a pronoun refers back to it
    holds: float  # 1 when it has the kind of thing that is asked for
    held: float  # log(1 + how many of these)
    length: float  # log(1 + words)


# Fitted by a softmax over the sentences of each dev question's best paragraphs, then rounded. The
# right sentence first / among three of XQuAD-de: .72 / .89 by shared words and subwords alone,
# .78 / .92 with these, .76 / .92 of them without other words for a term.
WEIGHTS = Features(6.2, 3.6, 2.7, 1.8, 1.2, 1.25, 0.95, 0.1)

# Within the first words: "Mit 39 Jahren ist er auch der älteste Quarterback."
_REFERS_BACK = re.compile(
    r"^(?:\W*+\w++){0,4}?\W*+\b(er|sie|es|dies\w*|sein\w*|ihr\w*|ihm|ihn|damit|dabei|dadurch|dazu|dafür"
    r"|darin|dort|damals|da|dann|he|she|it|they|this|these|his|her|their)\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, ``hit.text[start:end]``, and what speaks for it.

    ``number`` counts the sentences of its passage from 0.
    """

    hit: Hit
    number: int
    start: int
    end: int
    features: Features

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.hit.text[self.start : self.end]

    @property
    def score(self) -> float:
        """What orders candidates."""
        return WEIGHTS.passage * self.features.passage + self.merit

    @property
    def merit(self) -> float:
        """What speaks for the sentence itself, wherever it stands."""
        pairs = zip(WEIGHTS[1:], self.features[1:], strict=True)
        return sum(weight * value for weight, value in pairs)


class _Sentence(NamedTuple):
    """A sentence with what of the question it has: words by how surely, and subwords."""

    hit: Hit
    number: int
    span: Span
    present: dict[str, float]
    grams: frozenset[str]

    @property
    def text(self) -> str:
        return self.hit.text[self.span.start : self.span.end]


def find_candidates(question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return all sentences of ``hits``, best first."""
    words = {term.form: term.share for term in question.terms}
    grams = {gram: share for word, share in reversed(words.items()) for gram in subwords(word)}
    found = [s for hit in hits for s in _sentences_of(question, hit, grams.keys())]
    rarity = _rarity([[term for term, there in s.present.items() if there] for s in found], words)
    rarity_of_grams = _rarity([s.grams for s in found], grams)
    previous = [None, *found[:-1]]
    candidates = [
        Candidate(
            hit=sentence.hit,
            number=sentence.number,
            start=sentence.span.start,
            end=sentence.span.end,
            features=_features(
                question, sentence, before if sentence.number else None, rarity, rarity_of_grams
            ),
        )
        for sentence, before in zip(found, previous, strict=False)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _sentences_of(question: Question, hit: Hit, grams: Set[str]) -> Iterator[_Sentence]:
    for number, span in enumerate(sentences(hit.text)):
        words = forms(hit.text[span.start : span.end])
        own = frozenset(gram for word in words for gram in subwords(word))
        yield _Sentence(hit, number, span, covered(question.terms, words), own & grams)


def _rarity(sets: Sequence[Collection[str]], shares: Mapping[str, float]) -> dict[str, float]:
    """Return how rare each thing is among the sets, times the share that it counts for."""
    counts = Counter(thing for things in sets for thing in things)
    return {thing: shares[thing] * inverse_frequency(n, len(sets)) for thing, n in counts.items()}


def _features(
    question: Question, sentence: _Sentence, before: _Sentence | None,
    rarity: Mapping[str, float], rarity_of_grams: Mapping[str, float],
) -> Features:  # fmt: skip
    only_before = {
        term: before.present[term] if before and not there else 0.0
        for term, there in sentence.present.items()
    }
    weights = {term.form: term.weight * term.share for term in question.terms}
    carried = coverage(weights, only_before)
    text = sentence.text
    return Features(
        passage=sentence.hit.score,
        words=coverage(rarity, {term: sentence.present[term] for term in rarity}),
        subwords=_share(sentence.grams, rarity_of_grams),
        before=carried,
        carried=carried if _REFERS_BACK.search(text) else 0.0,
        holds=float(_holds(question, text)),
        held=math.log(1 + len(held(question.asked, question.wording, text))),
        length=math.log(1 + text.count(" ")),
    )


def _share(found: Collection[str], weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(weights[thing] for thing in found) / total if total else 0.0


def _holds(question: Question, sentence: str) -> bool:
    """Tell whether the sentence holds the kind of thing that is asked for."""
    if question.about_saying and not holds_speech(sentence):
        return False
    return is_asked(question.asked, question.wording, sentence)
