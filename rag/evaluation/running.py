"""Asks all questions of a golden set, in parallel, and keeps every record as soon as it is there.

Knows order, threads and the file of records; nothing of metrics.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from index.errors import GoldenError
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Answering, Record, ask

_WORKERS = 4  # retrieval is mostly native code that runs beside Python; a model is mostly waiting

Progress = Callable[[int, int], None]
"""Called with how many questions are done, and of how many."""


def run(
    assistant: Answering,
    questions: Sequence[GoldenQuestion],
    *,
    keep: Path | None = None,
    resume: bool = False,
    progress: Progress = lambda done, total: None,
) -> dict[str, Record]:
    """Return the records by question id, in the order of the questions.

    With ``keep`` each record is appended to that file at once, so an interrupted run loses nothing;
    with ``resume`` the records already there are not asked again.
    """
    records = _kept(keep) if keep and resume else {}
    if keep and not resume:
        keep.unlink(missing_ok=True)
    missing = [question for question in questions if question.id not in records]
    progress(len(questions) - len(missing), len(questions))
    for record in _asked(assistant, missing):
        records[record.id] = record
        if keep:
            _append(keep, record)
        progress(len(records), len(questions))
    return {q.id: records[q.id] for q in questions}


def _asked(assistant: Answering, questions: Sequence[GoldenQuestion]) -> Iterator[Record]:
    """Yield records as they come; when interrupted, drop what has not begun."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        futures: Sequence[Future[Record]] = [pool.submit(ask, assistant, q) for q in questions]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _append(path: Path, record: Record) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record.to_dict(), ensure_ascii=False) + "\n")


def _kept(path: Path) -> dict[str, Record]:
    """Return the records of an earlier run; a last line cut short by a kill is asked again."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    records: dict[str, Record] = {}
    for number, line in enumerate(lines, start=1):
        try:
            record = Record.from_dict(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            if number == len(lines):
                break
            raise GoldenError(
                f"{path} line {number} is no record ({error}): start without --resume"
            ) from error
        records[record.id] = record
    return records


def write(path: Path, records: Mapping[str, Record]) -> None:
    """Write the records in their order, in place of the order in which they came."""
    lines = (json.dumps(record.to_dict(), ensure_ascii=False) for record in records.values())
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
