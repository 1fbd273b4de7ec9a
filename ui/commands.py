"""What each command does, and how its result is printed.

One function per command, named as it, from parsed options to exit code. Knows nothing of parsing
(``cli``) and nothing of how anything is done.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rag

if TYPE_CHECKING:
    from index.building import Progress
    from index.sync import Report
    from rag.answer import Answer, Hit
    from rag.settings import Settings

ANSWERED, NOTHING = 0, 1
# What an article could steer a terminal with: control characters and changes of direction.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def index(options: Namespace) -> int:
    """Make the store mirror files and folders, with a progress bar and a summary."""
    from index.store import Store
    from index.sync import synchronise

    settings = settings_of(options)
    with progress_shown() as update:
        report = synchronise(
            Store(settings.store), [Path(path) for path in options.paths], settings.embedding,
            update, rebuild=options.rebuild, base_url=settings.base_url,
        )  # fmt: skip
    print_result(options, dataclasses.asdict(report), _summary(report, settings))
    return ANSWERED


def ask(options: Namespace) -> int:
    """Print the cited answer to a question."""
    with rag.open(settings_of(options)) as assistant:
        answer = assistant.ask(
            options.question, date_from=options.date_from, date_to=options.date_to,
            as_of=options.as_of,
        )  # fmt: skip
    print_result(options, answer.to_dict(), _answer(answer))
    return ANSWERED if answer.status == "answered" else NOTHING


def search(options: Namespace) -> int:
    """Print the paragraphs found."""
    with rag.open(settings_of(options)) as assistant:
        hits = assistant.search(options.query, options.k, options.date_from, options.date_to)
    print_result(options, {"hits": [hit.to_dict() for hit in hits]}, "\n".join(map(_hit, hits)))
    return ANSWERED if hits else NOTHING


def serve(options: Namespace) -> int:
    """Serve chat and API until interrupted."""
    from ui.serving import serve_until_stopped

    serve_until_stopped(settings_of(options))
    return ANSWERED


def status(options: Namespace) -> int:
    """Print what the store holds, after checking that it is sound."""
    from index.store import Store

    settings = settings_of(options)
    store = Store(settings.store)
    generation = store.open()
    generation.check()
    generation.close()
    manifest = dataclasses.asdict(generation.manifest)
    shown = {"store": store.folder, **manifest, "sound": "yes"}
    lines = [f"{key:<12} {_readable(value)}" for key, value in shown.items()]
    print_result(options, {**manifest, "sound": True}, "\n".join(lines))
    return ANSWERED


def _readable(value: object) -> str:
    """Return a field of the manifest as a person would write it."""
    if isinstance(value, dict):
        return ", ".join(f"{count:,} {name}" for name, count in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(": ".join(v) if isinstance(v, tuple) else str(v) for v in value) or "none"
    return "none" if value is None else str(value)


def progress_shown() -> AbstractContextManager[Progress]:
    """Return what shows progress on a terminal; elsewhere nothing is shown, nor rich loaded."""
    if not sys.stderr.isatty():
        return nullcontext(lambda stage, done, total: None)
    from ui.progress import ProgressBar

    return ProgressBar()


def settings_of(options: Namespace) -> Settings:
    """Return the settings, with what the options say."""
    from rag.settings import Settings, load

    return load(**{name: getattr(options, name, None) for name in Settings.model_fields})


def print_result(options: Namespace, document: dict[str, Any], text: str) -> None:
    """Print the one JSON document that was asked for, or else the text."""
    if options.json:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
        print()
    elif text:
        print(_CONTROL.sub(lambda match: repr(match.group())[1:-1], text))


def _summary(report: Report, settings: Settings) -> str:
    counts = report.counts
    change = (
        "nothing changed"
        if report.unchanged
        else f"{report.added} added, {report.changed} changed, {report.removed} removed"
    )
    lines = [
        f"{counts['articles']} articles in {settings.store} ({change})",
        f"{counts['paragraphs']} paragraphs, {counts['boilerplate']} set aside as boilerplate",
        f"{report.embedded_passages} passages embedded, {report.reused_passages} vectors reused",
    ]
    if report.problems:
        lines.append(f"{len(report.problems)} skipped:")
        lines += [f"  {problem.path}: {problem.reason}" for problem in report.problems]
    return "\n".join(lines)


def _answer(answer: Answer) -> str:
    lines = [answer.answer]
    for citation in answer.citations:
        origin = ", ".join(
            str(part) for part in (citation.title, citation.source, citation.date) if part
        )
        lines.append(f"[{citation.number}] {origin} ({citation.article_id}#{citation.paragraph})")
    return "\n".join([*lines, *answer.notes])


def _hit(hit: Hit) -> str:
    return f"{hit.score:.3f}  {hit.article_id}#{hit.paragraph}  {hit.title}\n       {hit.text}"
