"""``beleg eval`` and ``beleg golden``: runs, reports, bars and golden sets on the command line.

Knows what is printed and with which exit code, nothing of how anything is measured.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import rag
from index.errors import GoldenError
from ui.commands import ANSWERED, NOTHING, print_result, progress_shown, settings_of

if TYPE_CHECKING:
    from index.article import Article
    from rag.assistant import Assistant
    from rag.evaluation.run import Run


def evaluate(options: Namespace) -> int:
    """Run a golden set, print its figures, and fail when a bar is not reached."""
    from rag.evaluation import gate
    from rag.evaluation.evaluate import JUNIT
    from rag.evaluation.evaluate import evaluate as run_golden

    bars = [gate.parse_bar(text) for text in options.fail_under]
    if options.resume and not options.report:
        raise GoldenError("--resume needs the --report DIR of the run to go on with")
    with rag.open(settings_of(options)) as assistant, progress_shown() as update:
        run = run_golden(
            assistant, options.golden, report=options.report, baseline=options.baseline,
            tags=options.tag, limit=options.limit, resume=options.resume,
            judge=options.judge, judge_repeats=options.judge_repeats,
            progress=lambda done, total: update("ask", done, total), warn=_warn,
        )  # fmt: skip
    print_result(options, run.to_dict(), _table(run))
    missed = gate.shortfalls(bars, run.figures)
    if options.report and bars:
        gate.write_junit(Path(options.report) / JUNIT, bars, run.figures)
    for line in missed:
        print(f"beleg: {line}", file=sys.stderr)
    return NOTHING if missed else ANSWERED


def check(options: Namespace) -> int:
    """Print everything that is wrong with a golden set."""
    from rag.evaluation import golden
    from rag.evaluation.evaluate import finder

    with rag.open(settings_of(options)) as assistant:
        read = golden.read(Path(options.golden))
        problems = golden.check(read, finder(assistant))
    lines = [f"{problem.kind}: {problem}" for problem in problems]
    summary = f"{len(read.questions)} questions, {len(lines)} problems"
    document = {"questions": len(read.questions), "problems": [p._asdict() for p in problems]}
    print_result(options, document, "\n".join([*lines, summary]))
    return 2 if any(problem.kind == "error" for problem in problems) else ANSWERED


def draft(options: Namespace) -> int:
    """Print proposed golden questions, one JSON object a line."""
    from rag.evaluation.drafting import draft as drafts_from

    with rag.open(settings_of(options)) as assistant:
        for number, line in enumerate(drafts_from(_newest_articles(assistant))):
            if number == options.limit:
                break
            print(json.dumps(line, ensure_ascii=False))
    return ANSWERED


def _newest_articles(assistant: Assistant) -> Iterator[Article]:
    return (assistant.article(id_) for id_ in assistant.newest())


def _warn(message: str) -> None:
    print(f"beleg: warning: {message}", file=sys.stderr)


def _table(run: Run) -> str:
    """Return the figures as a table, with the change where there is a baseline."""
    errors = sum(diagnosis.startswith("error: ") for diagnosis in run.diagnoses.values())
    failed = f", {errors} of which failed with an error" if errors else ""
    lines = [f"{run.about['questions']} questions of {run.about['golden']}{failed}"]
    for name, figure in run.figures.items():
        line = f"{name:<22}{figure.value:6.3f}  [{figure.low:.3f}, {figure.high:.3f}]"
        if change := run.changes.get(name):
            line += f"  {change.difference:+.3f} (p = {change.p:.3f})"
            line += f", {len(change.won)} won, {len(change.lost)} lost"
        lines.append(line)
    timings = {"latency": {name: f"{value:g} ms" for name, value in run.timings_ms.items()}}
    tokens = {f"tokens: {who}": counts for who, counts in run.tokens.items()}
    judge = {"judge": run.judge} if run.judge else {}
    for name, figures in (timings | tokens | judge).items():
        lines.append(f"{name:<22}" + ", ".join(f"{key} {value}" for key, value in figures.items()))
    return "\n".join(lines)
