"""The built-in answerer: the best one to three sentences, verbatim, or an honest no.

Each sentence of the best passages is scored by how much of the question it and its surroundings
cover and by whether it holds the kind of thing that is asked for. No model is involved, and nothing
is ever reworded. Knows nothing of how passages were found.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.language import forms, sentences
from rag import vocabulary
from rag.answer import Citation, Hit, Sentence, Twin
from rag.matching import best_of, coverage, presence, weigh
from rag.question import Question

_READ = 8  # passages whose sentences are looked at
_QUOTED = 3  # sentences at most
_TWIN = 0.8  # share of words two paragraphs have in common when they are one agency text
_NEARLY = 0.85  # of the best score: what a further sentence must reach to be quoted too

# Fitted on the dev questions (a softmax over each question's sentences), then rounded.
_OWN, _NEAR, _EVERYWHERE, _FOUND, _HOLDS, _LENGTH = 0.3, 0.25, 0.25, 0.4, 0.25, 0.05
_CONFIDENCE_WITHOUT = (
    0.7  # what is left of the confidence if the kind of thing asked for is missing
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, ``hit.text[start:end]``, with what speaks for it.

    ``own``, ``near`` and ``everywhere`` are the shares of the question, in [0, 1], that the
    sentence itself covers, with its neighbours, and with its paragraph and headline. ``holds``
    tells whether it has the kind of thing that is asked for.
    """

    hit: Hit
    start: int
    end: int
    own: float
    near: float
    everywhere: float
    holds: bool

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.hit.text[self.start : self.end]

    @property
    def score(self) -> float:
        """What orders candidates."""
        return (
            _OWN * self.own
            + _NEAR * self.near
            + _EVERYWHERE * self.everywhere
            + _FOUND * self.hit.score
            + _HOLDS * self.holds
            + _LENGTH * math.log(1 + self.text.count(" "))
        )

    @property
    def confidence(self) -> float:
        """How surely it answers, in [0, 1]."""
        covered = (self.near + self.everywhere) / 2
        return round(covered * (1 if self.holds else _CONFIDENCE_WITHOUT), 3)


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
    spans = sentences(hit.text)
    own = [presence(weights, forms(hit.text[start:end])) for start, end in spans]
    everywhere = best_of([*own, presence(weights, forms(hit.context))])
    for number, (start, end) in enumerate(spans):
        yield Candidate(
            hit=hit,
            start=start,
            end=end,
            own=coverage(weights, own[number]),
            near=coverage(weights, best_of(own[max(0, number - 1) : number + 2])),
            everywhere=coverage(weights, everywhere),
            holds=_holds(question, hit.text[start:end]),
        )


def _holds(question: Question, sentence: str) -> bool:
    """Tell whether the sentence holds the kind of thing that is asked for."""
    if question.about_saying and not vocabulary.HOLDS_SPEECH.search(sentence):
        return False
    pattern = vocabulary.HOLDS.get(question.asked)
    if pattern is None:
        return True
    known = question.text.lower()
    found = (match.group().strip(" .,").lower() for match in pattern.finditer(sentence))
    return any(thing not in known for thing in found)


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence, and others only where they are nearly as good and say more."""
    chosen = list(ranked[:1])
    for candidate in ranked[1:]:
        if len(chosen) == _QUOTED or candidate.score < _NEARLY * chosen[0].score:
            break
        if candidate.holds and not any(_overlap(candidate.text, c.text) >= _TWIN for c in chosen):
            chosen.append(candidate)
    return chosen


def quote(
    chosen: Sequence[Candidate], hits: Sequence[Hit]
) -> tuple[list[Sentence], list[Citation]]:
    """Return the chosen sentences as quotations, each with its own citation."""
    citations = [_citation(number, c, hits) for number, c in enumerate(chosen, start=1)]
    return [Sentence(_in_marks(c.quote), (c.number,)) for c in citations], citations


def marked(quoted: Sequence[Sentence]) -> list[str]:
    """Return the sentences with their marks; joined they are the answer's text."""
    marks = ("".join(f"[{number}]" for number in sentence.citations) for sentence in quoted)
    pieces = [f"{s.text} {mark}" for s, mark in zip(quoted, marks, strict=True)]
    return [f"{piece} " for piece in pieces[:-1]] + pieces[-1:]


def _in_marks(text: str) -> str:
    """Put quotation marks around it, of the other kind if it has guillemets of its own."""
    return f"„{text}“" if "«" in text or "»" in text else f"«{text}»"


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


def _overlap(one: str, other: str) -> float:
    """Return the Jaccard similarity of two texts' words."""
    mine, others = set(forms(one)), set(forms(other))
    return len(mine & others) / len(mine | others) if mine | others else 1.0
