"""Proves the sentences a language model wrote, one by one, by the sources it was given.

A sentence is proven by a source it names, by several of them together, or by another one that it
should have named; then it carries that one instead. Knows nothing of how sentences come about, and
of what becomes of those that nothing proves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from index.language import words
from rag.briefing import Given
from rag.draft import Draft
from rag.verification import Problem, Verdict, verify, verify_together

_LEAST = 3  # words; less is a catchword, which stands in too many texts to be proven by one
# Share of its words that a source must have which the model did not name: it was not written from
# it. With .38, as for a source that is named, two of four words could be exchanged.
_REPAIRED = 0.6
SecondOpinion = Callable[[str, str], bool]
"""Called with a sentence and the words that are to prove it: does it find no contradiction?"""


class Evidence(NamedTuple):
    """The words of a source that prove a sentence: ``given.hit.text[start:end]``."""

    given: Given
    start: int
    end: int


class Proof(NamedTuple):
    """What proves a sentence; if nothing does, what comes nearest and why it does not.

    Each piece of evidence proves it alone, unless they do so ``together``.
    """

    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...] = ()
    together: bool = False

    @property
    def holds(self) -> bool:
        """Whether the sentence is proven."""
        return bool(self.evidence) and not self.problems


def prove(draft: Draft, given: Sequence[Given], opinion: SecondOpinion | None = None) -> Proof:
    """Return the proof of a sentence by the sources it names, or by another one."""
    if len(words(draft.text)) < _LEAST:
        return Proof((), (Problem("fragment", ""),))
    named = [one for one in given if one.id in draft.ids]
    proof = _by_each(draft, named)
    if not proof.holds and len(named) > 1:
        proof = _together(draft, named) or proof
    if not proof.holds:
        proof = _by_another(draft, [one for one in given if one not in named]) or proof
    if proof.holds and opinion is not None:
        return _confirmed(draft, proof, opinion)
    return proof


def _by_each(draft: Draft, named: Sequence[Given]) -> Proof:
    """Return the proof by those of the sources that prove it alone; else the nearest miss."""
    verdicts = [(one, verify(draft.text, one.source)) for one in named]
    proving = [(one, verdict) for one, verdict in verdicts if verdict.is_supported]
    if proving:
        return Proof(tuple(_evidence(*pair) for pair in proving))
    if not verdicts:
        return Proof((), (Problem("citation", ""),))
    nearest = min(verdicts, key=lambda pair: (len(pair[1].problems), -pair[1].coverage))
    return Proof((_evidence(*nearest),), nearest[1].problems)


def _together(draft: Draft, named: Sequence[Given]) -> Proof | None:
    if not verify_together(draft.text, [one.source for one in named]).is_supported:
        return None
    evidence = tuple(_evidence(one, verify(draft.text, one.source)) for one in named)
    return Proof(evidence, together=True)


def _by_another(draft: Draft, others: Sequence[Given]) -> Proof | None:
    for one in others:
        verdict = verify(draft.text, one.source)
        if verdict.is_supported and verdict.coverage >= _REPAIRED:
            return Proof((_evidence(one, verdict),))
    return None


def _confirmed(draft: Draft, proof: Proof, opinion: SecondOpinion) -> Proof:
    """Return the proof without the evidence that a second look finds contradicted."""
    proofs = [proof.evidence] if proof.together else [(one,) for one in proof.evidence]
    agreed = tuple(one for all_ in proofs if opinion(draft.text, _words(all_)) for one in all_)
    return Proof(agreed) if agreed else Proof(proof.evidence, (Problem("contradiction", ""),))


def _words(evidence: Sequence[Evidence]) -> str:
    return "\n".join(one.given.hit.text[one.start : one.end] for one in evidence)


def _evidence(one: Given, verdict: Verdict) -> Evidence:
    return Evidence(one, verdict.start, verdict.end)
