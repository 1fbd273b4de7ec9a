"""The built-in answerer: the best one to three sentences, verbatim, or an honest no.

Each sentence of the best passages is scored by how much of the question it and its surroundings
cover and by whether it holds the kind of thing that is asked for. No model is involved, and nothing
is ever reworded. Knows nothing of how passages were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.language import ALL_FUNCTION_WORDS, forms, sentences
from rag import vocabulary
from rag.answer import Citation, Hit, Sentence, Twin
from rag.matching import coverage, presence, weigh
from rag.question import Asked, Question

_READ = 8  # passages whose sentences are looked at
_QUOTED = 3  # sentences at most
_TWIN = 0.8  # share of words two paragraphs have in common when they are one agency text

# What a term counts when it stands not in the sentence but in its paragraph or above it.
_IN_PARAGRAPH = 0.7
_IN_CONTEXT = 0.6
_HOLDS_NOT = 0.5  # what is left of a sentence's score if it lacks the kind of thing asked for


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with what speaks for it; all figures in [0, 1]."""

    hit: Hit
    start: int
    end: int
    coverage: float
    own_coverage: float
    holds: bool

    @property
    def text(self) -> str:
        """The sentence, verbatim; ``start`` and ``end`` index into the passage."""
        return self.hit.text[self.start : self.end]

    @property
    def score(self) -> float:
        """What orders candidates: mostly the words, then how well the passage was found."""
        found = 0.7 * self.coverage + 0.3 * self.own_coverage + 0.3 * self.hit.score
        return found * (1 if self.holds else _HOLDS_NOT)


def candidates(
    question: Question, hits: Sequence[Hit], frequencies: Mapping[str, int], passages: int
) -> list[Candidate]:
    """Return the sentences of the best ``hits``, best first.

    ``frequencies`` holds for each term in how many of the archive's ``passages`` it occurs.
    """
    weights = weigh(question, frequencies, passages)
    found = [c for hit in hits[:_READ] for c in _candidates_of(question, hit, weights)]
    return sorted(found, key=lambda candidate: -candidate.score)


def _candidates_of(
    question: Question, hit: Hit, weights: Mapping[str, float]
) -> Iterator[Candidate]:
    around = _weaker(presence(weights, forms(hit.text)), _IN_PARAGRAPH)
    above = _weaker(presence(weights, forms(hit.context)), _IN_CONTEXT)
    for start, end in sentences(hit.text):
        text = hit.text[start:end]
        own = presence(weights, forms(text))
        everywhere = {term: max(own[term], around[term], above[term]) for term in weights}
        yield Candidate(
            hit=hit,
            start=start,
            end=end,
            coverage=coverage(weights, everywhere),
            own_coverage=coverage(weights, own),
            holds=_holds(question, text),
        )


def _weaker(present: Mapping[str, float], factor: float) -> dict[str, float]:
    return {term: factor * value for term, value in present.items()}


def _holds(question: Question, sentence: str) -> bool:
    """Tell whether the sentence holds the kind of thing that is asked for."""
    if question.about_saying and not vocabulary.HOLDS_SPEECH.search(sentence):
        return False
    if question.asked is Asked.WHO:
        return _names_someone_else(question, sentence)
    pattern = vocabulary.HOLDS.get(question.asked)
    return pattern is None or pattern.search(sentence) is not None


def _names_someone_else(question: Question, sentence: str) -> bool:
    """Tell whether a capitalised word stands in the sentence that the question does not have."""
    asked = set(forms(question.text))
    capitals = re.findall(r"\b[A-ZÄÖÜ]\w+", sentence)
    return any(w.lower() not in asked and w.lower() not in ALL_FUNCTION_WORDS for w in capitals)


def confidence(chosen: Sequence[Candidate]) -> float:
    """Return how surely the best sentence answers, in [0, 1]."""
    if not chosen:
        return 0.0
    best = chosen[0]
    return round(best.coverage * (1 if best.holds else _HOLDS_NOT), 3)


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence, and others only where they are nearly as good and say more."""
    chosen: list[Candidate] = []
    for candidate in ranked:
        is_close = not chosen or candidate.score >= 0.85 * chosen[0].score
        if is_close and candidate.holds and not any(_same(candidate, c) for c in chosen):
            chosen.append(candidate)
        if len(chosen) == _QUOTED:
            break
    return chosen or list(ranked[:1])


def _same(one: Candidate, other: Candidate) -> bool:
    return _overlap(one.text, other.text) >= _TWIN


def _overlap(one: str, other: str) -> float:
    """Return the Jaccard similarity of two texts' words."""
    mine, others = set(forms(one)), set(forms(other))
    return len(mine & others) / len(mine | others) if mine | others else 1.0


def quote(
    chosen: Sequence[Candidate], hits: Sequence[Hit]
) -> tuple[list[Sentence], list[Citation]]:
    """Return the chosen sentences as quotations, each with its own citation."""
    citations = [_citation(number, c, hits) for number, c in enumerate(chosen, start=1)]
    quoted = [Sentence(f"«{c.quote}»", (c.number,)) for c in citations]
    return quoted, citations


def _citation(number: int, candidate: Candidate, hits: Sequence[Hit]) -> Citation:
    hit = candidate.hit
    return Citation(
        number=number,
        article_id=hit.article_id,
        paragraph=hit.paragraph,
        quote=candidate.text,
        start=hit.start + candidate.start,
        end=hit.start + candidate.end,
        title=hit.title,
        date=hit.date,
        source=hit.source,
        url=hit.url,
        also_in=tuple(
            Twin(other.article_id, other.paragraph, other.source)
            for other in hits
            if other.article_id != hit.article_id and _overlap(other.text, hit.text) >= _TWIN
        ),
    )


def answer_text(quoted: Sequence[Sentence]) -> str:
    """Return the sentences with their marks, as a reader sees them."""
    return " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in quoted)
