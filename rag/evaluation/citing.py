"""Answer metrics of one question: is the answer there, and do the citations prove it?

Citation recall and precision per sentence as ALCE defines them (Gao et al. 2023, section 3), with
``rag.verification`` as the entailment test. A metric that does not apply is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.evaluation.comparable import contains, token_f1
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Record
from rag.verification import supports

QUOTING = "quoting"  # the built-in model: its words are never its own, so they have no F1


def answer_metrics(question: GoldenQuestion, record: Record) -> dict[str, float | None]:
    """Return metric -> value in [0, 1], or ``None`` where it does not apply."""
    abstained = record.status == "not_in_corpus"  # an error is no abstention
    return {
        "answer_hit": _answer_hit(question, record),
        "answer_f1": _answer_f1(question, record),
        "evidence_cited": _evidence_cited(question, record),
        "citation_recall": _mean([_recall(*pair) for pair in _cited_sentences(record)]),
        "citation_precision": _mean(
            [value for pair in _cited_sentences(record) for value in _precisions(*pair)]
        ),
        "exactness": _mean([float(c.quote == c.text[c.start : c.end]) for c in record.citations]),
        "abstention_precision": float(not question.answerable) if abstained else None,
        "abstention_recall": None if question.answerable else float(abstained),
    }


def is_right(question: GoldenQuestion, metrics: Mapping[str, float | None]) -> bool:
    """Tell whether the answer is there or, where none is written down, the evidence is cited."""
    return metrics["answer_hit" if question.answers else "evidence_cited"] == 1.0


def _answer_hit(question: GoldenQuestion, record: Record) -> float | None:
    """1 when an accepted answer stands in the answer's text or its quotes."""
    if not question.answers:
        return None
    said = [record.answer, *(cited.quote for cited in record.citations)]
    if record.status != "answered":
        return 0.0
    return float(any(contains(text, answer) for text in said for answer in question.answers))


def _answer_f1(question: GoldenQuestion, record: Record) -> float | None:
    if not question.answers or record.status != "answered" or record.model == QUOTING:
        return None
    return max(token_f1(record.answer, answer) for answer in question.answers)


def _evidence_cited(question: GoldenQuestion, record: Record) -> float | None:
    """1 when a citation points into the expected evidence."""
    if not question.answerable:
        return None
    cited = {(c.article_id, c.paragraph) for c in record.citations}
    articles = {article_id for article_id, _ in cited}
    return float(
        any(
            (e.article_id, e.paragraph) in cited if e.paragraph else e.article_id in articles
            for e in question.evidence
        )
    )


def _cited_sentences(record: Record) -> list[tuple[str, list[str]]]:
    """Return each sentence with the texts of the paragraphs it cites."""
    texts = {cited.number: cited.text for cited in record.citations}
    return [
        (sentence, [texts[n] for n in numbers if n in texts])
        for sentence, numbers in record.sentences
    ]


def _recall(sentence: str, texts: Sequence[str]) -> float:
    """1 when the cited paragraphs together support the sentence."""
    return float(supports(sentence, texts))


def _precisions(sentence: str, texts: Sequence[str]) -> list[float]:
    """Return for each citation of a sentence whether it is needed or supports it by itself."""
    if not supports(sentence, texts):
        return [0.0] * len(texts)
    rest = [[*texts[:i], *texts[i + 1 :]] for i in range(len(texts))]
    return [
        float(supports(sentence, [text]) or not supports(sentence, others))
        for text, others in zip(texts, rest, strict=True)
    ]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
