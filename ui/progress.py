"""A progress bar per stage, with rate and time left, on stderr.

Knows how progress looks, nothing of what is being done. Without a terminal it stays silent.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_LABELS = {
    "read": "reading articles",
    "embed": "embedding passages",
    "publish": "checking and publishing",
    "ask": "asking questions",
}


class ProgressBar(AbstractContextManager[Callable[[str, int, int | None], None]]):
    """Shows one bar per stage while used as a context manager, which gives the update function."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), _Rate(),
            TimeRemainingColumn(), console=Console(stderr=True),
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Callable[[str, int, int | None], None]:
        self._progress.start()
        return self._update

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._progress.stop()

    def _update(self, stage: str, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` are done in ``stage``; an unknown total is ``None``."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(_LABELS[stage], total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)


class _Rate(ProgressColumn):
    """Steps per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")
