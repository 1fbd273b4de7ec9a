"""Small plots as SVG text, for a page that must work without a network.

Knows points and bars, not what they mean. Coordinates run from 0 to 1, upwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from rag.evaluation.statistics import Interval

_WIDTH, _HEIGHT, _MARGIN = 360, 240, 36
_ROW = 22


def intervals(figures: Mapping[str, Interval]) -> str:
    """Draw one row per figure: a dot at its value, a line over its interval, both in [0, 1]."""
    label, width = 190, 560
    rows = []
    for row, (name, figure) in enumerate(figures.items()):
        y = (row + 0.5) * _ROW
        low, value, high = (label + at * (width - label - 50) for at in
                            (figure.low, figure.value, figure.high))  # fmt: skip
        rows.append(
            f'<text x="{label - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}" class="range"/>'
            f'<circle cx="{value:.1f}" cy="{y:.1f}" r="4"/>'
            f'<text x="{width - 44}" y="{y + 4:.1f}">{figure.value:.3f}</text>'
        )
    return _svg(width, max(1, len(figures)) * _ROW, "".join(rows))


def curve(points: Sequence[tuple[float, float]], across: str, up: str, *, diagonal: bool) -> str:
    """Draw a line through ``points``; with ``diagonal`` also the line of equal coordinates."""
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    ideal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" class="ideal"/>'
    dots = "".join(f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="2.5"/>' for x, y in points)
    body = f'{ideal if diagonal else ""}<polyline points="{path}"/>{dots}'
    return _svg(_WIDTH, _HEIGHT, _axes(across, up, "0", "1") + body)


def histogram(values: Sequence[float], across: str, bins: int = 24) -> str:
    """Draw how often values fall into equal bins between 0 and the largest."""
    top = max(values, default=0.0) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / top * bins))] += 1
    highest = max(counts) or 1
    bars = "".join(
        f'<rect x="{_x(number / bins):.1f}" y="{_y(count / highest):.1f}" '
        f'width="{(_x(1) - _x(0)) / bins - 1:.1f}" height="{_y(0) - _y(count / highest):.1f}"/>'
        for number, count in enumerate(counts)
    )
    return _svg(_WIDTH, _HEIGHT, _axes(across, "questions", f"{top:.0f}", str(highest)) + bars)


def _axes(across: str, up: str, right: str, top: str) -> str:
    return (
        f'<path class="axis" d="M{_x(0)},{_y(1)} V{_y(0)} H{_x(1)}"/>'
        f'<text x="{_x(0.5)}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="{_x(0)}" y="{_y(1) - 8}">{escape(up)}</text>'
        f'<text x="{_x(1)}" y="{_y(0) + 16}" text-anchor="end">{escape(right)}</text>'
        f'<text x="{_x(0) - 4}" y="{_y(1) + 10}" text-anchor="end">{escape(top)}</text>'
    )


def _x(value: float) -> float:
    return _MARGIN + value * (_WIDTH - 2 * _MARGIN)


def _y(value: float) -> float:
    return _HEIGHT - _MARGIN - value * (_HEIGHT - 2 * _MARGIN)


def _svg(width: int, height: int, body: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img">{body}</svg>'
