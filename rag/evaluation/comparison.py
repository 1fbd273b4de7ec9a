"""A run against an earlier one: how much each metric moved, by chance or not, and which questions.

Only questions that both runs asked are compared. Knows tables, not how they came about.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.evaluation.table import CONFIDENCE, Table


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric moved; ``won`` and ``lost`` are question ids, ``p`` is two-sided."""

    difference: float
    p: float
    won: tuple[str, ...]
    lost: tuple[str, ...]


def compare(mine: Table, baseline: Table) -> dict[str, Change]:
    """Return metric -> change, for the metrics both tables have."""
    shared = set(mine.ids) & set(baseline.ids)
    ours = mine.rows([row for row, id_ in enumerate(mine.ids) if id_ in shared])
    theirs = _in_order(baseline, ours.ids)
    before, after = theirs.figures(), ours.figures()
    return {
        name: Change(
            round(after[name].value - before[name].value, 6),
            ours.difference(name, theirs),
            *_moved(ours, theirs, name),
        )
        for name in after
        if name in before
    }


def _moved(ours: Table, theirs: Table, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the questions whose value rose, and those whose value fell."""
    if name == CONFIDENCE:  # more confidence is no gain by itself
        return (), ()
    step = ours.columns[name] - theirs.columns[name]  # NaN, so neither, where one has no value
    won = tuple(id_ for id_, moved in zip(ours.ids, step, strict=True) if moved > 0)
    lost = tuple(id_ for id_, moved in zip(ours.ids, step, strict=True) if moved < 0)
    return won, lost


def _in_order(table: Table, ids: tuple[str, ...]) -> Table:
    place = {id_: row for row, id_ in enumerate(table.ids)}
    return table.rows([place[id_] for id_ in ids])
