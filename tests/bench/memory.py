"""How much memory a process and those it started hold at their highest, watched from outside.

Resident memory, sampled twenty times a second, pages that two of them share counted twice. Knows
Linux's ``/proc`` only; elsewhere the peak is 0.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

_EVERY = 0.05  # seconds


def peak_until_end(process: subprocess.Popen[str]) -> int:
    """Wait for ``process`` and return the most bytes it and its descendants held at once."""
    peak = 0
    while True:
        peak = max(peak, _resident(process.pid))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_EVERY)
            return peak


def _resident(pid: int) -> int:
    folder = Path("/proc") / str(pid)
    try:
        pages = int((folder / "statm").read_text().split()[1])
        tasks = [path.read_text().split() for path in folder.glob("task/*/children")]
    except (OSError, IndexError):  # it has just ended
        return 0
    own = pages * os.sysconf("SC_PAGE_SIZE")
    return own + sum(_resident(int(child)) for children in tasks for child in children)
