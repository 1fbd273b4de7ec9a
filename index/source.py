"""The nouns of reading: a file to read, what could not be read, and why.

Knows nothing of formats; whoever reads raises ``Skip``, which comes out as a ``Problem`` that a
person can look up.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read, and the folder its article id is relative to."""

    path: Path
    root: Path

    @property
    def article_id(self) -> str:
        """The id of its article, where the format gives none."""
        return self.path.relative_to(self.root).with_suffix("").as_posix()

    @property
    def place(self) -> str:
        """Its path as it may be printed."""
        return printable(self.path)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something skipped: ``path`` is the file, or "file:LINE"; ``reason`` is one line."""

    path: str
    reason: str


class Skip(Exception):
    """Why one article is not taken; becomes the reason of a ``Problem``."""


def printable(path: Path) -> str:
    """Return a path as it may be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")
