"""From a golden set and an assistant to an evaluated run, with its report if one is wanted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article
from index.errors import GoldenError, NotFound
from rag.assistant import Assistant
from rag.evaluation import golden as goldens
from rag.evaluation import running, table
from rag.evaluation.comparison import compare
from rag.evaluation.diagnosis import diagnose
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Record
from rag.evaluation.run import Run, read_table
from rag.evaluation.slices import slices
from rag.evaluation.table import Table

RECORDS, RUN, PAGE, JUNIT = "run.jsonl", "run.json", "report.html", "junit.xml"


def evaluate(
    assistant: Assistant,
    golden: Path,
    *,
    baseline: Path | None = None,
    report: Path | None = None,
    tags: Sequence[str] = (),
    limit: int | None = None,
    resume: bool = False,
    progress: running.Progress = lambda done, total: None,
    warn: Callable[[str], None] = lambda message: None,
) -> Run:
    """Ask the questions of ``golden``, measure the answers, and write the report.

    Raises:
        GoldenError: the golden set or the baseline cannot be used; nothing was asked.
    """
    theirs = read_table(baseline) if baseline else None
    questions = _questions(assistant, golden, tags, limit, warn)
    if report:
        report.mkdir(parents=True, exist_ok=True)
    keep = report / RECORDS if report else None
    records = running.run(assistant, questions, keep=keep, resume=resume, progress=progress)
    run = _measure(assistant, golden, questions, records, theirs)
    if report:
        _write(report, run, questions, records)
    return run


def _questions(
    assistant: Assistant,
    path: Path,
    tags: Sequence[str],
    limit: int | None,
    warn: Callable[[str], None],
) -> list[GoldenQuestion]:
    golden = goldens.read(path)
    for warning in goldens.require(golden, finder(assistant)):
        warn(str(warning))
    questions = [q for q in golden.questions.values() if set(tags) <= set(q.tags)]
    if not questions:
        raise GoldenError(f"no question of {str(path)!r} has the tags {', '.join(tags)}")
    return questions[:limit]


def finder(assistant: Assistant) -> Callable[[str], Article | None]:
    """Return a look-up of articles that gives ``None`` for those that are not there."""

    def find(article_id: str) -> Article | None:
        try:
            return assistant.article(article_id)
        except NotFound:
            return None

    return find


def _measure(
    assistant: Assistant,
    golden: Path,
    questions: Sequence[GoldenQuestion],
    records: Mapping[str, Record],
    baseline: Table | None,
) -> Run:
    measured = table.build(questions, records)
    by_slice = slices(questions, _date_of(assistant), assistant.newest_date())
    return Run(
        about=_about(assistant, golden, questions),
        table=measured,
        figures=measured.figures(),
        slices={n: (len(rows), measured.rows(rows).figures()) for n, rows in by_slice.items()},
        changes=compare(measured, baseline) if baseline else {},
        diagnoses={q.id: diagnose(q, records[q.id]) for q in questions},
        timings_ms=_latency([record.milliseconds for record in records.values()]),
    )


def _about(
    assistant: Assistant, golden: Path, questions: Sequence[GoldenQuestion]
) -> dict[str, Any]:
    manifest = assistant.manifest()
    return {
        "golden": golden.name,
        "questions": len(questions),
        "generation": manifest.generation,
        "corpus": manifest.corpus,
        "embedding": manifest.fingerprint,
        "model": assistant.settings.model,
        "threshold": assistant.settings.threshold,
    }


def _date_of(assistant: Assistant) -> Callable[[str], datetime.date | None]:
    find = finder(assistant)
    return lambda article_id: article.date if (article := find(article_id)) else None


def _latency(milliseconds: Sequence[float]) -> dict[str, float]:
    return {
        name: round(float(np.quantile(milliseconds, share)), 1)
        for name, share in (("p50", 0.5), ("p95", 0.95))
    }


def _write(
    folder: Path, run: Run, questions: Sequence[GoldenQuestion], records: Mapping[str, Record]
) -> None:
    from rag.evaluation.report import render

    running.write(folder / RECORDS, records)
    run.write(folder / RUN)
    (folder / PAGE).write_text(render(run, questions, records), encoding="utf-8")
