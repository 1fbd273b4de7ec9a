"""The language-model answerer: a model writes, and only what a source proves is passed on.

Sentence by sentence, as they arrive: a proven one becomes part of the answer; one that is not is
put to the model once more with the reason, then left out or, if the settings say so, shown as
unverified. What a model does wrong otherwise is a ``ModelError`` for whoever called. Knows nothing
of how the sources were found.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import prompts
from index.errors import ModelError
from rag import phrases
from rag.allowance import Allowance
from rag.answer import Pending
from rag.briefing import Given, presented
from rag.draft import Draft, Reader
from rag.model import LanguageModel
from rag.proof import Evidence, Proof, prove
from rag.question import Question

_ANSWER = prompts.load("answer", {"language", "abstain", "today", "sources", "question"})
_REPAIR = prompts.load("repair", {"language", "sources", "sentence", "problem"})
_VERIFY = prompts.load("verify", {"source", "sentence"})
_REPAIRS = 3  # of an answer; a model that needs more is better replaced
_MOST = 40  # sentences; a model that repeats itself for ever is stopped
_LONGEST = 2_000  # characters; longer, a sentence is none, and takes seconds to check
_SLICE = 200  # characters; a server may send a whole reply in one piece


class Written(NamedTuple):
    """A sentence of the answer: its text, what proves it, and whether anything does."""

    text: str
    evidence: tuple[Evidence, ...]
    is_proven: bool


class Writer:
    """Writes the answer to one question; counts the sentences that nothing proved."""

    def __init__(
        self, model: LanguageModel, allowance: Allowance, *, shows_unproven: bool, looks_twice: bool
    ) -> None:
        self._model = model
        self._allowance = allowance
        self._shows_unproven = shows_unproven
        self._opinion = self._agrees if looks_twice else None
        self._repairs = _REPAIRS
        self.left_out = 0

    def write(
        self, question: Question, text: str, given: Sequence[Given]
    ) -> Iterator[Pending | Written]:
        """Yield the sentence being written, again and again, and each sentence that is done.

        ``text`` is the question as the model is asked it.

        Raises:
            ModelError: the model did not reply in time, or not to the end.
        """
        for draft in self._drafts(question, text, given):
            if isinstance(draft, Pending):
                yield draft
            elif not _is_abstention(draft.text):
                yield Pending(draft.text)
                yield from self._settled(draft, question, given)
                self._require_time()

    def _drafts(
        self, question: Question, text: str, given: Sequence[Given]
    ) -> Iterator[Draft | Pending]:
        told, asked = _ANSWER.fill(
            language=phrases.LANGUAGE[question.language],
            abstain=phrases.NOT_IN_CORPUS[question.language],
            today=str(question.as_of or datetime.date.today()),
            sources=presented(given),
            question=prompts.data(text),
        )
        reader, written, unended = Reader(), 0, 0
        for piece in _slices(self._model.stream(told, asked, self._allowance)):
            unended += len(piece)
            for draft in reader.take(piece):
                written, unended = written + 1, 0
                yield draft
            if written >= _MOST:
                return
            self._require_end(unended)
            yield Pending(reader.pending)
        yield from reader.end()

    def _settled(
        self, draft: Draft, question: Question, given: Sequence[Given]
    ) -> Iterator[Written]:
        """Yield the sentence if it is proven, as it is or written again; else as unproven."""
        proof = prove(draft, given, self._opinion)
        if proof.holds:
            yield Written(draft.text, proof.evidence, is_proven=True)
            return
        for again in self._again(draft, proof, question, given) if self._repairs else ():
            second = prove(again, given, self._opinion)
            if second.holds:
                yield Written(again.text, second.evidence, is_proven=True)
                return
        if self._shows_unproven:
            yield Written(draft.text, proof.evidence, is_proven=False)
        else:
            self.left_out += 1

    def _again(
        self, draft: Draft, proof: Proof, question: Question, given: Sequence[Given]
    ) -> list[Draft]:
        """Return the sentence as the model writes it when it is told what is wrong."""
        self._repairs -= 1
        named = [one for one in given if one.id in draft.ids]
        told, asked = _REPAIR.fill(
            language=phrases.LANGUAGE[question.language],
            sources=presented(named or given),
            sentence=prompts.data(draft.text),
            problem=prompts.data(_reasons(proof)),
        )
        try:
            reply = self._complete(told, asked)
        except ModelError:  # the answer goes on without this sentence
            return []
        reader = Reader()
        return [*reader.take(reply[:_LONGEST]), *reader.end()][:1]

    def _agrees(self, sentence: str, source: str) -> bool:
        """Ask the model whether it finds a contradiction; a reply that is none counts as one."""
        told, asked = _VERIFY.fill(source=prompts.data(source), sentence=prompts.data(sentence))
        found = re.search(r"\{.*\}", self._complete(told, asked)[:_LONGEST], re.DOTALL)
        try:
            return found is not None and json.loads(found[0])["supported"] is True
        except (ValueError, KeyError, TypeError, RecursionError):
            return False

    def _require_time(self) -> None:
        """Checking takes time, too: a model may write more than can be checked."""
        if self._allowance.is_over:
            raise self._error("wrote more than could be checked in time: set a longer timeout")

    def _require_end(self, unended: int) -> None:
        if unended > _LONGEST:
            raise self._error("wrote a sentence that does not end: ask again, or another model")

    def _error(self, problem: str) -> ModelError:
        return ModelError(f"model {self._model.name!r} {problem}")

    def _complete(self, told: str, asked: str) -> str:
        return self._model.complete(told, asked, self._allowance)


def _slices(pieces: Iterator[str]) -> Iterator[str]:
    for piece in pieces:
        yield from (piece[at : at + _SLICE] for at in range(0, len(piece), _SLICE))


def _reasons(proof: Proof) -> list[str]:
    return [
        f"{phrases.PROBLEM[problem.kind]}: {problem.words}".removesuffix(": ")
        for problem in proof.problems
    ]


def _is_abstention(text: str) -> bool:
    return any(text.strip(" .") == phrase.strip(" .") for phrase in phrases.NOT_IN_CORPUS.values())
