"""One evaluated run: its figures, slices and columns, as ``run.json`` keeps them for comparison.

Everything but ``timings_ms`` is the same, byte for byte, in two runs over the same archive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import GoldenError
from rag.evaluation.comparison import Change
from rag.evaluation.statistics import Interval
from rag.evaluation.table import Table

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Run:
    """The outcome of an evaluation.

    ``about`` says what was run (golden set, generation, embedding, model, threshold); ``slices``
    has for each slice the number of its questions and their figures; ``changes`` is empty without
    a baseline; ``diagnoses`` says for each question id what went wrong; ``tokens`` are those of the
    answering model and of the judge, where one was used; ``judge`` says how it fared.
    """

    about: Mapping[str, Any]
    table: Table
    figures: Mapping[str, Interval]
    slices: Mapping[str, tuple[int, Mapping[str, Interval]]]
    changes: Mapping[str, Change]
    diagnoses: Mapping[str, str]
    tokens: Mapping[str, Mapping[str, int]]
    judge: Mapping[str, Any]
    timings_ms: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the run as JSON-ready values."""
        return {
            "format": FORMAT,
            "about": dict(self.about),
            "metrics": _figures(self.figures),
            "slices": {
                name: {"questions": count, "metrics": _figures(figures)}
                for name, (count, figures) in self.slices.items()
            },
            "changes": {
                name: {"difference": c.difference, "p": c.p, "won": c.won, "lost": c.lost}
                for name, c in self.changes.items()
            },
            "diagnoses": dict(self.diagnoses),
            "tokens": dict(self.tokens),
            "judge": dict(self.judge),
            "questions": {
                "ids": self.table.ids,
                "clusters": self.table.clusters,
                "answerable": self.table.answerable.tolist(),
                "columns": {name: _nullable(c) for name, c in self.table.columns.items()},
            },
            "timings_ms": dict(self.timings_ms),
        }

    def write(self, path: Path) -> None:
        """Write ``run.json``."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


def read_table(path: Path) -> Table:
    """Return the table of an earlier run, to compare with.

    Raises:
        GoldenError: the file is not a ``run.json`` of this format.
    """
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        if run["format"] != FORMAT:
            raise ValueError(f"format {run['format']}, not {FORMAT}")
        return _table(run["questions"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldenError(
            f"baseline {str(path)!r} is no run.json of 'beleg eval --report' ({error})"
        ) from error


def _table(questions: Mapping[str, Any]) -> Table:
    columns = {n: np.array(c, dtype=np.float64) for n, c in questions["columns"].items()}
    if any(column.shape != (len(questions["ids"]),) for column in columns.values()):
        raise ValueError("its columns differ in length")
    return Table(
        tuple(questions["ids"]),
        tuple(questions["clusters"]),
        np.array(questions["answerable"], dtype=bool),
        columns,
    )


def _figures(figures: Mapping[str, Interval]) -> dict[str, dict[str, float]]:
    return {name: figure._asdict() for name, figure in figures.items()}


def _nullable(column: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in column]
