"""The built-in answerer: the best one to three sentences, verbatim, and who contradicts them.

No model is involved, and nothing is ever reworded. Knows nothing of how passages were found, of how
their sentences were ranked, or of whether the answer is good enough to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.language import forms, sentences
from rag.answer import Hit
from rag.candidates import Candidate
from rag.citation import Excerpt
from rag.facts.disagreement import Conflict, Statement, conflicts, note
from rag.question import Question
from rag.stories import Story

_QUOTED = 3  # sentences at most, without those that contradict them
_COMPARED = 10  # stories that are searched for contradictions
_REPEATS = 0.8  # share of words two sentences have in common when one says nothing new
# How far below the best score a further sentence may lie (they are logits: e^3 is a twentieth of
# the chance). With 2, 3, 4 an accepted answer stands in the quotes for 69, 76, 79 % of the
# hand-written questions and 91, 92, 93 % of XQuAD-de's, in 2.2, 2.6, 2.8 sentences.
_NEARLY = 3.0


class Quotation(NamedTuple):
    """The words to quote, in order, and what the reader should know."""

    excerpts: tuple[Excerpt, ...] = ()
    notes: tuple[str, ...] = ()


def quote(question: Question, ranked: Sequence[Candidate], stories: Sequence[Story]) -> Quotation:
    """Return the best of ``ranked`` as quotations, with what other stories say against it."""
    excerpts = [Excerpt(one.hit, one.start, one.end) for one in choose(ranked)]
    against = _contradictions(question, excerpts[0], stories) if excerpts else {}
    excerpts += [other for other in against if other not in excerpts]
    return Quotation(tuple(excerpts), note(list(against.values()), question.language))


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence, and others only where they are nearly as good and say more.

    A sentence that needs the one before it ("Er sagte ...") brings that one with it.
    """
    chosen: list[Candidate] = []
    for candidate in ranked:
        if chosen and candidate.score < ranked[0].score - _NEARLY:
            break
        needed = [candidate, *_context_of(candidate, ranked)]
        chosen += [one for one in needed if not any(_repeats(one, other) for other in chosen)]
    return chosen[:_QUOTED]


def _context_of(candidate: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentence before, if this one refers back to what is asked about."""
    before = [c for c in ranked if c.hit == candidate.hit and c.number == candidate.number - 1]
    lacks_answer = before and before[0].features.holds > candidate.features.holds
    return before if candidate.features.carried or lacks_answer else []


def _repeats(one: Candidate, other: Candidate) -> bool:
    mine, others = set(forms(one.text)), set(forms(other.text))
    return len(mine & others) >= _REPEATS * len(mine | others)


def _contradictions(
    question: Question, quoted: Excerpt, stories: Sequence[Story]
) -> dict[Excerpt, Conflict]:
    """Return the sentences of other stories that state something else, and how."""
    others = {
        _statement(excerpt): excerpt
        for story in stories[:_COMPARED]
        if story.hit.article_id != quoted.hit.article_id
        for excerpt in _excerpts(story.hit)
    }
    found = conflicts(question, _statement(quoted), list(others))
    return {others[conflict.statement]: conflict for conflict in found}


def _excerpts(hit: Hit) -> Iterator[Excerpt]:
    return (Excerpt(hit, start, end) for start, end in sentences(hit.text))


def _statement(excerpt: Excerpt) -> Statement:
    hit = excerpt.hit
    text = f"{hit.title} {hit.text}"  # towns are often named in the headline alone
    return Statement(excerpt.text, hit.article_id, hit.date, hit.source, text)


def in_marks(text: str) -> str:
    """Put quotation marks around it, of the other kind if it has guillemets of its own."""
    return f"„{text}“" if "«" in text or "»" in text else f"«{text}»"
