"""A fault in an answerer shows in the metric meant for it, clearly, and in no other, not at all.

Each faulty answerer wraps the real assistant over the sample articles and spoils one thing. The
questions are the golden set's unanswerable ones and those the assistant answers: elsewhere "never
abstains" would change two things, as answering what it did not dare to is no fault.
"""

import dataclasses
import random
from functools import partial

import pytest

from rag.answer import Answer, Hit, Sources, Token
from rag.evaluation import golden
from rag.evaluation.comparison import compare
from rag.evaluation.ranking import MEASURES
from rag.evaluation.record import ask
from rag.evaluation.running import run
from rag.evaluation.table import build
from tests.golden import SAMPLES

RANKING = {*MEASURES, *(f"article_{name}" for name in MEASURES)}


class Faulty:
    """The sound assistant, whose events a subclass spoils."""

    def __init__(self, assistant):
        self.assistant = assistant
        self.paragraph = assistant.paragraph

    def stream(self, question, **request):
        for event in self.assistant.stream(question, **request):
            if isinstance(event, Sources):
                yield self.retrieved(event, random.Random(question))
            elif isinstance(event, Answer):
                yield self.answered(event, random.Random(question))
            else:
                yield event

    def retrieved(self, sources, chance):
        return sources

    def answered(self, answer, chance):
        return answer

    def any_hit(self, chance):
        article = self.assistant.article(chance.choice(sorted(self.assistant.newest())))
        paragraph = chance.choice(article.paragraphs)
        text = paragraph.text
        return Hit(article.id, paragraph.number, 0, len(text), text, 1.0, article.title)


class CitesTheWrongParagraph(Faulty):
    """Says the right thing, but each citation leads to some other paragraph, quoted exactly."""

    def answered(self, answer, chance):
        return dataclasses.replace(
            answer, citations=tuple(self.wrong(c, chance) for c in answer.citations)
        )

    def wrong(self, citation, chance):
        hit = self.any_hit(chance)
        while hit.article_id == citation.article_id:
            hit = self.any_hit(chance)
        return dataclasses.replace(
            citation, article_id=hit.article_id, paragraph=hit.paragraph,
            quote=hit.text, start=0, end=len(hit.text),
        )  # fmt: skip


class CitesMoreThanNeeded(CitesTheWrongParagraph):
    """Adds a citation that does not support anything to each one that does."""

    def answered(self, answer, chance):
        added = {c.number: self.wrong(c, chance) for c in answer.citations}
        more = [dataclasses.replace(c, number=n + 100) for n, c in added.items()]
        sentences = [
            dataclasses.replace(s, citations=(*s.citations, *(n + 100 for n in s.citations)))
            for s in answer.sentences
        ]
        return dataclasses.replace(
            answer, sentences=tuple(sentences), citations=(*answer.citations, *more)
        )


class NeverAbstains(Faulty):
    """Quotes the best passage where the sound assistant says that there is no answer."""

    def stream(self, question, **request):
        hits = ()
        for event in super().stream(question, **request):
            hits = event.hits if isinstance(event, Sources) else hits
            is_no = isinstance(event, Answer) and event.status == "not_in_corpus"
            if not isinstance(event, Token):
                yield self.invented_yes(event, hits[0]) if is_no else event

    def invented_yes(self, answer, hit):
        from rag.citation import Excerpt, cite
        from rag.composition import Composition
        from rag.question import understand
        from rag.stories import Story

        composition = Composition()
        excerpt, story = Excerpt(hit, 0, len(hit.text)), Story(hit, ())
        citation = cite(understand(answer.question), excerpt, [story])
        composition.add(f"«{hit.text}»", [citation], "quoted")
        return dataclasses.replace(
            answer, status="answered", answer=composition.text,
            sentences=tuple(composition.sentences), citations=tuple(composition.citations),
        )  # fmt: skip


class InventsSentences(Faulty):
    """Adds to each answer a sentence of its own, for which it has nothing to cite."""

    def answered(self, answer, chance):
        if answer.status != "answered":
            return answer
        invented = dataclasses.replace(
            answer.sentences[0], text="Xaver Quetzal dementierte.", citations=()
        )
        return dataclasses.replace(
            answer, answer=f"{answer.answer} {invented.text}",
            sentences=(*answer.sentences, invented),
        )  # fmt: skip


class InventsQuotes(Faulty):
    """Cites the right places, but shows other words than stand there."""

    def answered(self, answer, chance):
        citations = [dataclasses.replace(c, quote="Quetzal!") for c in answer.citations]
        return dataclasses.replace(answer, citations=tuple(citations))


class RetrievesAtRandom(Faulty):
    """Retrieves any passages; that the answers stay is what keeps this one fault apart."""

    def retrieved(self, sources, chance):
        return Sources(tuple(self.any_hit(chance) for _ in sources.hits))


class IsSureOfTheWrong(Faulty):
    """Is the surer of an answer the less there is to it."""

    def answered(self, answer, chance):
        return dataclasses.replace(answer, confidence=1 - answer.confidence)


# What each fault lowers. "Never abstains" also takes away what abstention precision is a share of.
MEANT = {
    CitesTheWrongParagraph: {"citation_recall", "citation_precision", "evidence_cited"},
    CitesMoreThanNeeded: {"citation_precision"},
    NeverAbstains: {"abstention_recall"},
    InventsSentences: {"citation_recall"},
    InventsQuotes: {"exactness"},
    RetrievesAtRandom: RANKING,
    IsSureOfTheWrong: {"auroc", "selective_accuracy"},
}
GONE = {NeverAbstains: {"abstention_precision"}}


@pytest.fixture(scope="module")
def questions(assistant):
    every = golden.read(SAMPLES).questions.values()
    return [q for q in every if not q.answerable or _answers(assistant, q)]


def _answers(assistant, question):
    return ask(assistant, question).status == "answered"


@pytest.fixture(scope="module")
def sound(assistant, questions):
    return build(questions, run(partial(ask, assistant), questions))


def test_the_sound_run_is_good_enough_to_fall(sound):
    figures = sound.figures()
    exact = {"citation_recall", "citation_precision", "exactness", "abstention_precision"}
    assert {name: figures[name].value for name in exact} == dict.fromkeys(exact, 1)
    assert set().union(*MEANT.values(), *GONE.values()) <= set(figures)


@pytest.mark.parametrize("fault", MEANT, ids=lambda fault: fault.__name__)
def test_a_fault_shows_in_its_metric_and_in_no_other(assistant, questions, sound, fault):
    faulty = build(questions, run(partial(ask, fault(assistant)), questions))
    before, after = sound.figures(), faulty.figures()
    changes = compare(faulty, sound)
    assert set(before) - set(after) == GONE.get(fault, set())
    assert {n: f for n, f in after.items() if f != before[n]}.keys() == MEANT[fault]
    for name in MEANT[fault]:
        assert changes[name].difference < 0
        assert changes[name].p < 0.01, name
        assert after[name].value < before[name].low, name
