"""Ranking metrics per question, at paragraph and at article level, computed by ir-measures.

Only answerable questions have them, and at paragraph level only those whose evidence names
paragraphs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Record

MEASURES = {
    "ndcg@10": nDCG @ 10,
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "mrr": RR,
}

Relevant = Mapping[str, frozenset[str]]
Ranked = Mapping[str, Sequence[str]]


def paragraph_level(
    questions: Sequence[GoldenQuestion], records: Mapping[str, Record]
) -> dict[str, dict[str, float]]:
    """Return metric -> question id -> value for the paragraphs retrieved."""
    relevant = {
        q.id: frozenset(f"{e.article_id}#{e.paragraph}" for e in q.evidence)
        for q in questions
        if q.answerable and all(e.paragraph for e in q.evidence)
    }
    ranked = {
        id_: [f"{article}#{number}" for article, number in records[id_].ranking] for id_ in relevant
    }
    return _measure(relevant, ranked)


def article_level(
    questions: Sequence[GoldenQuestion], records: Mapping[str, Record]
) -> dict[str, dict[str, float]]:
    """Return metric -> question id -> value for the articles, each at its best paragraph's rank."""
    relevant = {
        q.id: frozenset(e.article_id for e in q.evidence) for q in questions if q.answerable
    }
    ranked = {id_: list(dict.fromkeys(a for a, _ in records[id_].ranking)) for id_ in relevant}
    return {f"article_{name}": values for name, values in _measure(relevant, ranked).items()}


def _measure(relevant: Relevant, ranked: Ranked) -> dict[str, dict[str, float]]:
    qrels = [
        ir_measures.Qrel(id_, doc, 1) for id_, docs in relevant.items() for doc in sorted(docs)
    ]
    run = [
        ir_measures.ScoredDoc(id_, doc, -place)  # ir-measures ranks by score, so the place is one
        for id_, docs in ranked.items()
        for place, doc in enumerate(docs)
    ]
    measured: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if qrels else ():
        measured[names[metric.measure]][metric.query_id] = metric.value
    return measured
