"""What went wrong with a question, in words: the one line a person reads before the numbers."""

from __future__ import annotations

from rag.evaluation.citing import answer_metrics, is_right
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Record

RIGHT = "right"


def diagnose(question: GoldenQuestion, record: Record) -> str:
    """Return ``right``, or the first thing on the way to the answer that failed."""
    if record.error:
        return f"error: {record.error}"
    answered = record.status == "answered"
    if not question.answerable:
        return "should have abstained" if answered else RIGHT
    if not answered:
        return f"should have answered ({_retrieved(question, record)})"
    return _answered(question, record)


def _answered(question: GoldenQuestion, record: Record) -> str:
    metrics = answer_metrics(question, record)
    if metrics["exactness"] not in (1.0, None):
        return "a quote is not verbatim"
    if metrics["citation_recall"] != 1.0:
        return "a sentence is not supported by what it cites"
    if metrics["citation_precision"] != 1.0:
        return "a citation does not support its sentence"
    if is_right(question, metrics):
        return RIGHT
    if metrics["evidence_cited"] == 1.0:
        return "the right paragraph, but not the answer"
    return f"evidence not cited ({_retrieved(question, record)})"


def _retrieved(question: GoldenQuestion, record: Record) -> str:
    """Tell at which rank the expected evidence was found."""
    for rank, (article_id, paragraph) in enumerate(record.ranking, start=1):
        for evidence in question.evidence:
            if article_id == evidence.article_id and evidence.paragraph in (None, paragraph):
                return f"retrieved at rank {rank}"
    return "not retrieved"
