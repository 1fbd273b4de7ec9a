"""How surely the best sentence answers: is what is asked for there, about the very thing asked?

A logistic model over how much of the question the paragraph and its article cover, what is missing
of it, and whether anything else fits as well. Knows nothing of thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.language import forms, stem
from rag.answer import Hit
from rag.candidates import Candidate
from rag.matching import best_of, coverage, covered, weigh
from rag.question import Question
from rag.rarity import Rarity
from rag.timing import fits


class Features(NamedTuple):
    """What speaks for an answer; shares of the question, in [0, 1], where nothing else is said."""

    paragraph: float  # what the paragraph and its headline cover
    article: float  # what all that was found of the article covers
    names: float  # the names and numbers that the article lacks
    holds: float  # 1 when the sentence has the kind of thing that is asked for
    order: float  # pairs of words that follow each other in the paragraph, too
    lead: float  # by how much the passage outscores the best of other articles
    terms: float  # log(1 + words of the question that say something)


# Fitted to the dev questions, asked of their archive, of the archive without what answers them, and
# to those that cannot be answered.
_BIAS = -5.1
WEIGHTS = Features(2.1, 2.8, -1.6, 0.8, 2.6, 0.55, 0.6)


def confidence(
    question: Question, ranked: Sequence[Candidate], hits: Sequence[Hit], rarity: Rarity
) -> float:
    """Return the probability, in [0, 1], that the best of ``ranked`` answers."""
    if not ranked:
        return 0.0
    found = features_of(question, ranked[0], hits, rarity)
    if not found.article:
        return 0.0
    evidence = _BIAS + sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))
    return round(1 / (1 + math.exp(-evidence)), 3)


def features_of(
    question: Question, best: Candidate, hits: Sequence[Hit], rarity: Rarity
) -> Features:
    """Return what speaks for ``best``, a sentence of one of the ``hits``."""
    weights = weigh(question, rarity)
    hit = best.hit
    paragraph = best_of(
        [_covered(question, hit.text), _covered(question, hit.context), _dated(question, hit)]
    )
    siblings = [_covered(question, h.text) for h in hits if h.article_id == hit.article_id]
    article = best_of([paragraph, *siblings])
    others = [other.score for other in hits if other.article_id != hit.article_id]
    return Features(
        paragraph=coverage(weights, paragraph),
        article=coverage(weights, article),
        names=_missing_names(question, weights, article),
        holds=best.features.holds,
        order=_order(question, hit),
        lead=hit.score - max(others, default=0.0),
        terms=math.log(1 + len(weights)),
    )


def _covered(question: Question, text: str) -> dict[str, float]:
    return covered(question.terms, forms(text))


def _dated(question: Question, hit: Hit) -> dict[str, float]:
    """Return the words that only say when as present, if the article is of that time."""
    is_then = fits(question.time.about, hit.date, hit.text)
    return {term.form: float(term.is_time and is_then) for term in question.terms}


def _order(question: Question, hit: Hit) -> float:
    asked = list(pairwise(map(stem, forms(question.wording))))
    there = set(pairwise(map(stem, forms(hit.text))))
    return sum(pair in there for pair in asked) / len(asked) if asked else 0.0


def _missing_names(
    question: Question, weights: Mapping[str, float], present: Mapping[str, float]
) -> float:
    names = [term.form for term in question.terms if term.is_name]
    total = sum(weights.values())
    return sum(weights[name] * (1 - present[name]) for name in names) / total if total else 0.0
