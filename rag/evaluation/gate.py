"""Bars a run must reach, and the JUnit file that tells a build server about them."""

from __future__ import annotations

import contextlib
import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from index.errors import GoldenError
from rag.evaluation.statistics import Interval


class Bar(NamedTuple):
    """The least a metric may have."""

    metric: str
    least: float


def parse_bar(text: str) -> Bar:
    """Read ``METRIC=NUMBER``; raises ``GoldenError``."""
    metric, _, number = text.partition("=")
    with contextlib.suppress(ValueError):
        if math.isfinite(least := float(number)):  # nothing is ever below NaN
            return Bar(metric.strip().lower(), least)
    raise GoldenError(f"bar {text!r} is not METRIC=NUMBER, for example 'recall@5=0.95'")


def shortfalls(bars: Sequence[Bar], figures: Mapping[str, Interval]) -> list[str]:
    """Return a line for each bar that is not reached.

    Raises:
        GoldenError: a bar names a metric this run does not have.
    """
    for bar in bars:
        if bar.metric not in figures:
            raise GoldenError(
                f"metric {bar.metric!r} was not measured: there are {', '.join(sorted(figures))}"
            )
    return [
        f"{bar.metric} is {figures[bar.metric].value:.3f}, the bar is {bar.least:g}"
        for bar in bars
        if figures[bar.metric].value < bar.least
    ]


def write_junit(path: Path, bars: Sequence[Bar], figures: Mapping[str, Interval]) -> None:
    """Write one test case per bar."""
    suite = ElementTree.Element("testsuite", name="beleg eval", tests=str(len(bars)))
    for bar in bars:
        case = ElementTree.SubElement(suite, "testcase", name=f"{bar.metric} >= {bar.least:g}")
        for line in shortfalls([bar], figures):
            ElementTree.SubElement(case, "failure", message=line)
    suite.set("failures", str(len(suite.findall(".//failure"))))
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
