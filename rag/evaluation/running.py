"""Asks all questions of a golden set, in parallel, and keeps every record as soon as it is there.

Knows order, threads and the file of records; nothing of how a question is asked or scored.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from index.errors import GoldenError, first_line
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Record

_WORKERS = 4  # retrieval is mostly native code that runs beside Python; a model is mostly waiting

Ask = Callable[[GoldenQuestion], Record]
Progress = Callable[[int, int], None]
"""Called with how many questions are done, and of how many."""


def run(
    ask: Ask,
    questions: Sequence[GoldenQuestion],
    *,
    keep: Path | None = None,
    resume: bool = False,
    made_with: str = "",
    progress: Progress = lambda done, total: None,
) -> dict[str, Record]:
    """Return the records by question id, in the order of the questions.

    With ``keep`` each record is appended to that file at once, so an interrupted run loses nothing;
    with ``resume`` the records already there are not asked again if they were ``made_with`` the
    same.
    """
    ids = {question.id for question in questions}
    kept = _read(keep) if keep and resume and keep.exists() else []
    records = {r.id: r for r in kept if r.id in ids and r.made_with == made_with}
    if keep:
        write(keep, records)  # without the line that a kill cut short
    missing = [question for question in questions if question.id not in records]
    progress(len(questions) - len(missing), len(questions))
    for record in _asked(ask, missing):
        record = dataclasses.replace(record, made_with=made_with)
        records[record.id] = record
        if keep:
            _append(keep, record)
        progress(len(records), len(questions))
    return {q.id: records[q.id] for q in questions}


def _asked(ask: Ask, questions: Sequence[GoldenQuestion]) -> Iterator[Record]:
    """Yield records as they come; when interrupted, drop what has not begun."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        futures: Sequence[Future[Record]] = [pool.submit(ask, q) for q in questions]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _append(path: Path, record: Record) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(_line(record))


def _read(path: Path) -> list[Record]:
    """Return the records of an earlier run, without what follows its last line end."""
    *lines, _ = path.read_bytes().split(b"\n")
    records = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append(Record.from_dict(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise GoldenError(
                f"{str(path)!r} line {number} is no record ({first_line(error)}): start without "
                "--resume"
            ) from error
    return records


def write(path: Path, records: Mapping[str, Record]) -> None:
    """Write the records in their order, in place of the order in which they came."""
    beside = path.with_name(f"{path.name}.new")  # a kill must not leave half of them
    beside.write_text("".join(map(_line, records.values())), encoding="utf-8")
    beside.replace(path)


def _line(record: Record) -> str:
    return json.dumps(record.to_dict(), ensure_ascii=False) + "\n"
