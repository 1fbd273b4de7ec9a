"""From a golden set and an assistant to an evaluated run, with its report if one is wanted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
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
from rag.evaluation.judge import Judge, summary
from rag.evaluation.record import Record, ask
from rag.evaluation.run import Run, read_table
from rag.evaluation.slices import slices
from rag.evaluation.table import Table
from rag.evaluation.usage import total

RECORDS, RUN, PAGE, JUNIT = "run.jsonl", "run.json", "report.html", "junit.xml"


def evaluate(
    assistant: Assistant,
    golden: str | Path,
    *,
    baseline: str | Path | None = None,
    report: str | Path | None = None,
    tags: Sequence[str] = (),
    limit: int | None = None,
    resume: bool = False,
    judge: str | None = None,
    judge_repeats: int = 3,
    progress: running.Progress = lambda done, total: None,
    warn: Callable[[str], None] = lambda message: None,
) -> Run:
    """Ask the questions of ``golden``, measure the answers, and write the report.

    ``judge`` is a language model, as ``provider:model``, that gives its opinion of each answer
    ``judge_repeats`` times.

    Raises:
        GoldenError: the golden set, the baseline or the judge cannot be used; nothing was asked.
    """
    questions = _questions(assistant, Path(golden), tags, limit, warn)
    theirs = _baseline(Path(baseline), questions) if baseline else None
    about = _about(assistant, Path(golden), questions, judge, judge_repeats)
    asker = _asker(assistant, judge, judge_repeats)
    folder = Path(report) if report else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    records = running.run(
        asker, questions, keep=folder / RECORDS if folder else None, resume=resume,
        made_with=_conditions(about), progress=progress,
    )  # fmt: skip
    run = _measure(assistant, about, questions, records, theirs)
    if folder:
        _write(folder, run, questions, records)
    return run


def _asker(assistant: Assistant, judge: str | None, repeats: int) -> running.Ask:
    """Return what makes a record of a question, judged if there is a judge."""
    if judge is None:
        return partial(ask, assistant)
    judging = Judge(judge, repeats, finder(assistant))
    return lambda question: judging.judge(question, ask(assistant, question))


def _baseline(path: Path, questions: Sequence[GoldenQuestion]) -> Table:
    theirs = read_table(path)
    if not {question.id for question in questions} & set(theirs.ids):
        raise GoldenError(f"baseline {str(path)!r} has none of these questions")
    return theirs


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
    about: Mapping[str, Any],
    questions: Sequence[GoldenQuestion],
    records: Mapping[str, Record],
    baseline: Table | None,
) -> Run:
    measured = table.build(questions, records)
    by_slice = slices(questions, _date_of(assistant), assistant.newest_date())
    return Run(
        about=about,
        table=measured,
        figures=measured.figures(),
        slices={n: (len(rows), measured.rows(rows).figures()) for n, rows in by_slice.items()},
        changes=compare(measured, baseline) if baseline else {},
        diagnoses={q.id: diagnose(q, records[q.id]) for q in questions},
        tokens=_tokens(records.values()),
        judge=summary(records.values()) if "judge" in about else {},
        timings_ms=_latency([record.milliseconds for record in records.values()]),
    )


def _about(
    assistant: Assistant,
    golden: Path,
    questions: Sequence[GoldenQuestion],
    judge: str | None,
    repeats: int,
) -> dict[str, Any]:
    manifest = assistant.manifest()
    judged = {"judge": judge, "judge_repeats": repeats} if judge else {}
    return {
        "golden": golden.name,
        "questions": len(questions),
        "generation": manifest.generation,
        "corpus": manifest.corpus,
        "embedding": manifest.fingerprint,
        "model": assistant.settings.model,
        "threshold": assistant.settings.threshold,
        **judged,
    }


def _conditions(about: Mapping[str, Any]) -> str:
    """Return in one line what must be the same for an interrupted run to go on."""
    asked = ("golden", "questions")  # more questions are what a resumed run is for
    return " ".join(f"{name}={value}" for name, value in about.items() if name not in asked)


def _tokens(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Return the tokens of the answering model and of the judge, for those that reported any."""
    kept = list(records)
    counts = {
        "answers": total(record.tokens for record in kept),
        "judge": total(record.judge_tokens for record in kept),
    }
    return {who: tokens for who, tokens in counts.items() if tokens}


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
