"""From what was found to the answer: written by a language model and proven, or else quoted.

Whatever the model does, the reader gets an answer: where it fails, the built-in one takes over, and
a note says so. Knows one question and what was found for it, nothing of the search.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.errors import ModelError
from index.generation import Generation
from rag import phrases
from rag.allowance import Allowance
from rag.answer import Answer, Pending, Support, Token
from rag.briefing import brief
from rag.candidates import Candidate, find_candidates
from rag.citation import Excerpt, cite
from rag.composition import Composition
from rag.confidence import confidence
from rag.question import Question
from rag.quoting import in_marks, quote
from rag.retrieval import READ, rarity_in
from rag.settings import Settings
from rag.stories import Story
from rag.writing import Writer, Written

_UNSURE = 0.5  # confidence is a probability: below, it is as likely as not that it does not answer


class Retrieved(NamedTuple):
    """A question, the stories found for it, best first, and how many milliseconds that took.

    ``typed`` is what the reader asked, ``asked`` the same so that it stands alone, and ``question``
    what was searched for, which may be in the archive's language.
    """

    typed: str
    asked: str
    question: Question
    stories: list[Story]
    milliseconds: float
    allowance: Allowance


class Answering:
    """The answer to one question in the making."""

    def __init__(self, retrieved: Retrieved, generation: Generation, settings: Settings) -> None:
        self._retrieved = retrieved
        self._generation = generation
        self._settings = settings
        self._started = time.perf_counter()
        self._composition = Composition()
        self._notes: list[str] = []
        self._model = "quoting"
        hits = [story.hit for story in retrieved.stories]
        self._ranked: list[Candidate] = find_candidates(retrieved.question, hits[:READ])
        self._sure = confidence(retrieved.question, self._ranked, hits, rarity_in(generation))

    def quoted(self) -> Iterator[Token | Answer]:
        """Yield the built-in answer sentence by sentence, then the whole."""
        tokens = list(self._quotations())
        answer = self._answer(self._sure)  # before a slow reader delays us
        yield from tokens or [Token(answer.answer)]
        yield answer

    def written(self, writer: Writer) -> Iterator[Pending | Token | Answer]:
        """Yield what the model writes as it is proven, then the whole."""
        try:
            yield from self._proven(writer)
            self._model = self._settings.model
        except ModelError as error:
            yield Pending("")
            yield from self._instead(error)
        self._note_what_is_missing(writer)
        answer = self._answer(self._certainty())
        if not self._composition.text:
            yield Token(answer.answer)
        yield answer

    def _proven(self, writer: Writer) -> Iterator[Pending | Token]:
        retrieved = self._retrieved
        given = brief(retrieved.stories, self._articles())
        if not given:
            return
        for event in writer.write(retrieved.question, retrieved.asked, given):
            if isinstance(event, Pending):
                yield event
            elif not self._composition.has(event.text):
                yield Token(self._compose(event))
        yield Pending("")

    def _compose(self, written: Written) -> str:
        excerpts = [Excerpt(one.given.hit, one.start, one.end) for one in written.evidence]
        return self._add(written.text, excerpts, "verified" if written.is_proven else "unverified")

    def _instead(self, error: ModelError) -> Iterator[Token]:
        """Yield the built-in answer, after what was written and proven before the model failed."""
        tongue = self._retrieved.question.language
        if self._composition.text:
            self._model = self._settings.model
        note = phrases.MODEL_BROKE_OFF if self._composition.text else phrases.MODEL_FAILED
        self._notes.append(note[tongue].format(str(error).rstrip(".")))
        yield from self._quotations()

    def _quotations(self) -> Iterator[Token]:
        if self._sure < self._settings.threshold:
            return
        question, stories = self._retrieved.question, self._retrieved.stories
        quotation = quote(question, self._ranked, stories)
        self._notes += quotation.notes
        new = (e for e in quotation.excerpts if not self._composition.has(e.text))
        for excerpt in new:
            yield Token(self._add(in_marks(excerpt.text), [excerpt], "quoted"))

    def _add(self, text: str, excerpts: list[Excerpt], support: Support) -> str:
        question, stories = self._retrieved.question, self._retrieved.stories
        citations = [cite(question, excerpt, stories) for excerpt in excerpts]
        return self._composition.add(text, citations, support)

    def _articles(self) -> Mapping[str, str]:
        """Return article id -> its whole text, for the articles found."""
        ids = list({story.hit.article_id for story in self._retrieved.stories})
        texts: dict[str, str] = {}
        for passage in self._generation.archive.passages_of(ids):
            texts[passage.article_id] = f"{texts.get(passage.article_id, '')}\n{passage.text}"
        return texts

    def _note_what_is_missing(self, writer: Writer) -> None:
        tongue = self._retrieved.question.language
        if writer.left_out:
            self._notes.append(phrases.LEFT_OUT[tongue].format(writer.left_out))
        if any(sentence.support == "unverified" for sentence in self._composition.sentences):
            self._notes.append(phrases.NOT_PROVEN[tongue])

    def _certainty(self) -> float:
        """Return how surely this is the answer: found by the search, and proven by the check.

        Half by each, for a model that abstains knows what words alone do not tell.
        """
        if self._model == "quoting":
            return self._sure
        sentences = self._composition.sentences
        proven = sum(sentence.support != "unverified" for sentence in sentences)
        return (self._sure + (proven / len(sentences) if sentences else 0.0)) / 2

    def _answer(self, sure: float) -> Answer:
        retrieved, composition = self._retrieved, self._composition
        question = retrieved.question
        is_answered = bool(composition.sentences)
        took = milliseconds_since(self._started)
        usage = retrieved.allowance.usage
        prices = self._settings.input_price, self._settings.output_price
        return Answer(
            question=retrieved.typed,
            status="answered" if is_answered else "not_in_corpus",
            answer=composition.text or phrases.NOT_IN_CORPUS[question.language],
            sentences=tuple(composition.sentences),
            citations=tuple(composition.citations),
            confidence=round(sure, 4),
            notes=(*_notes(question, sure if is_answered else 1.0), *self._notes),
            language=question.language,
            model=self._model,
            as_of=question.as_of,
            generation=self._generation.name,
            timings_ms={
                "retrieve": retrieved.milliseconds,
                "answer": took,
                "total": round(retrieved.milliseconds + took, 1),
            },
            usage=usage.to_dict(*prices) if usage.calls else {},
        )


def _notes(question: Question, sure: float) -> Iterator[str]:
    """Yield what the reader should know of the search: how sure it is, and when it looked."""
    if sure < _UNSURE:
        yield phrases.UNSURE[question.language]
    if question.time.is_narrowed:
        days = (phrases.written(day, question.language) for day in question.time.within if day)
        yield phrases.WITHIN[question.language].format(*days)


def milliseconds_since(started: float) -> float:
    """Return the time since ``started``, a moment of ``time.perf_counter()``."""
    return round((time.perf_counter() - started) * 1000, 1)
