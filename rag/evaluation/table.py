"""All metrics of a run as columns, one value per question, and each column as a figure.

The columns are what intervals, slices and comparisons are computed from. Knows which metric is
aggregated how, nothing of how one is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.evaluation import ranking
from rag.evaluation.citing import answer_metrics, is_right
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.judge import judge_metrics
from rag.evaluation.record import Record
from rag.evaluation.statistics import (
    Column,
    Interval,
    Statistic,
    auroc,
    bootstrap,
    randomisation_test,
    selective_accuracy,
    weighted_mean,
)

CONFIDENCE = "auroc"  # the column holds confidences; its figure is the area under the ROC curve
# The column tells whether an answer is right; its figure takes the confidences, too.
SELECTIVE = "selective_accuracy"
_DIGITS = 6  # below that, sums in another order may differ


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a run; row ``i`` of each is the question ``ids[i]``.

    ``clusters`` names for each question the article it is about.
    """

    ids: tuple[str, ...]
    clusters: tuple[str, ...]
    answerable: NDArray[np.bool_]
    columns: Mapping[str, Column]

    def figures(self) -> dict[str, Interval]:
        """Return the figure of each column that is defined for any question."""
        figures = {
            name: bootstrap(self._values(name), self.clusters, self._statistic(name))
            for name in self.columns
        }
        return {name: _rounded(figure) for name, figure in figures.items() if figure is not None}

    def rows(self, rows: Sequence[int]) -> Table:
        """Return some rows, in the order given."""
        return Table(
            tuple(self.ids[row] for row in rows),
            tuple(self.clusters[row] for row in rows),
            self.answerable[list(rows)],
            {name: column[list(rows)] for name, column in self.columns.items()},
        )

    def difference(self, name: str, other: Table) -> float:
        """Return the p of the difference from the same rows of ``other`` in one metric."""
        mine, theirs = self._values(name), other._values(name)
        p = randomisation_test(mine, theirs, self.clusters, self._statistic(name))
        return round(p, _DIGITS)

    def _values(self, name: str) -> Column:
        """Return what the statistic of a metric is computed from."""
        column = self.columns[name]
        return np.stack([self.columns[CONFIDENCE], column]) if name == SELECTIVE else column

    def _statistic(self, name: str) -> Statistic:
        special = {CONFIDENCE: auroc(self.answerable), SELECTIVE: selective_accuracy}
        return special.get(name, weighted_mean)


def build(questions: Sequence[GoldenQuestion], records: Mapping[str, Record]) -> Table:
    """Measure every metric of every question that has a record."""
    asked = [question for question in questions if question.id in records]
    measured = ranking.paragraph_level(asked, records) | ranking.article_level(asked, records)
    per_question = {q.id: _of_one(q, records[q.id]) for q in asked}
    for name in next(iter(per_question.values()), {}):
        measured[name] = {
            id_: value
            for id_, values in per_question.items()
            if (value := values[name]) is not None
        }
    measured[CONFIDENCE] = {q.id: records[q.id].confidence for q in asked}
    return Table(
        ids=tuple(q.id for q in asked),
        clusters=tuple(q.evidence[0].article_id if q.evidence else q.id for q in asked),
        answerable=np.array([q.answerable for q in asked], dtype=bool),
        columns={
            name: np.array([values.get(q.id, np.nan) for q in asked])
            for name, values in measured.items()
        },
    )


def _of_one(question: GoldenQuestion, record: Record) -> dict[str, float | None]:
    """Return the metrics that need nothing but one question and its record.

    Answering an unanswerable question is never right, so ``SELECTIVE`` needs no answer to know it.
    """
    metrics = answer_metrics(question, record)
    right = question.answerable and is_right(question, metrics)
    return metrics | judge_metrics(question, record) | {SELECTIVE: float(right)}


def _rounded(figure: Interval) -> Interval:
    return Interval(*(round(value, _DIGITS) for value in figure))
