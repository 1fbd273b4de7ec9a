"""The report: one HTML page that needs no network, with every figure and every question.

Prepares what the template shows; all text from articles and questions is escaped by Jinja.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jinja2
import numpy as np

from rag.evaluation import plots
from rag.evaluation.diagnosis import RIGHT
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Cited, Record
from rag.evaluation.run import Run
from rag.evaluation.table import SELECTIVE

_SHOWN = "answer_hit", "evidence_cited", "recall@5", "article_recall@5", "abstention_recall"
_BINS = 10


def render(run: Run, questions: Sequence[GoldenQuestion], records: Mapping[str, Record]) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rag.evaluation", "."), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    entries = [_entry(question, records[question.id], run) for question in questions]
    return environment.get_template("report.html.jinja").render(
        run=run,
        entries=entries,
        diagnoses=sorted({entry["diagnosis"] for entry in entries}),
        slices=_slice_plots(run),
        calibration=plots.curve(
            list(_calibration(records, run)), "confidence", "right", diagonal=True
        ),
        coverage=plots.curve(
            list(_coverage_risk(records, run)), "answered", "wrong", diagonal=False
        ),
        latency=plots.histogram([r.milliseconds for r in records.values()], "milliseconds"),
    )


def _entry(question: GoldenQuestion, record: Record, run: Run) -> dict[str, Any]:
    diagnosis = run.diagnoses[question.id]
    return {
        "question": question,
        "record": record,
        "diagnosis": diagnosis.split(" (")[0],
        "details": diagnosis,
        "is_right": diagnosis == RIGHT,
        "cited": [(cited, *_highlighted(cited)) for cited in record.citations],
        "won": [name for name, change in run.changes.items() if question.id in change.won],
        "lost": [name for name, change in run.changes.items() if question.id in change.lost],
    }


def _highlighted(cited: Cited) -> tuple[str, str, str]:
    """Return the paragraph before, in and after the quoted words."""
    text = cited.text
    return text[: cited.start], text[cited.start : cited.end], text[cited.end :]


def _slice_plots(run: Run) -> dict[str, Any]:
    """Return metric -> plot of its value in each slice."""
    shown = {
        metric: {
            f"{name} ({count})": figures[metric]
            for name, (count, figures) in run.slices.items()
            if metric in figures
        }
        for metric in _SHOWN
    }
    return {metric: plots.intervals(figures) for metric, figures in shown.items() if figures}


def _correct(run: Run) -> list[tuple[str, bool]]:
    """Return for each question whether answering it was right."""
    right = run.table.columns[SELECTIVE].astype(bool).tolist()
    return list(zip(run.table.ids, right, strict=True))


def _calibration(records: Mapping[str, Record], run: Run) -> Iterator[tuple[float, float]]:
    """Yield mean confidence and share of right answers, for answers binned by confidence."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for id_, is_right in _correct(run):
        record = records[id_]
        if record.status == "answered":
            place = min(_BINS - 1, int(record.confidence * _BINS))
            bins[place].append((record.confidence, is_right))
    for some in filter(None, bins):
        yield tuple(np.mean(some, axis=0).tolist())


def _coverage_risk(records: Mapping[str, Record], run: Run) -> Iterator[tuple[float, float]]:
    """Yield share answered and share wrong among them, as the threshold falls."""
    ordered = sorted(_correct(run), key=lambda pair: -records[pair[0]].confidence)
    answered = [pair for pair in ordered if records[pair[0]].status == "answered"]
    wrong = 0
    for number, (_, is_right) in enumerate(answered, start=1):
        wrong += not is_right
        yield number / len(ordered), wrong / number
