"""How sure a figure is, and whether two differ by more than chance.

Questions over the same article are not independent, so both the bootstrap (Efron 1979) and the
paired randomisation test (Fisher; Noreen 1989) draw whole articles. Knows columns of numbers only;
a column holds one value per question, NaN where the metric does not apply. A figure that needs two
columns gets them stacked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Rows = NDArray[np.float64]
Statistic = Callable[[Rows, Rows], Column]
"""Takes values and weights, of shape (repetitions, questions); returns one figure for each row."""

SEED = 20_051_117
REPETITIONS = 2_000
_LEVEL = 0.95


class Interval(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def weighted_mean(values: Rows, weights: Rows) -> Column:
    """Return the mean of the defined values in each row; NaN where none is."""
    defined = ~np.isnan(values)
    total = (weights * defined).sum(axis=-1)
    summed = (weights * np.where(defined, values, 0.0)).sum(axis=-1)
    return _share(summed, total)


def bootstrap(
    column: Column, clusters: Sequence[str], statistic: Statistic = weighted_mean
) -> Interval | None:
    """Return the figure of ``column`` with its interval, or ``None`` if it is nowhere defined."""
    value = float(statistic(column[..., None, :], np.ones((1, column.shape[-1])))[0])
    if np.isnan(value):
        return None
    drawn = statistic(column[..., None, :], _drawn_weights(clusters))
    tail = (1 - _LEVEL) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Interval(value, float(low), float(high))


def randomisation_test(
    mine: Column, theirs: Column, clusters: Sequence[str], statistic: Statistic = weighted_mean
) -> float:
    """Return the two-sided p of the difference, exchanging the two runs article by article."""
    mine, theirs = mine[..., None, :], theirs[..., None, :]
    ones = np.ones((1, mine.shape[-1]))
    observed = abs(statistic(mine, ones)[0] - statistic(theirs, ones)[0])
    _, membership = np.unique(np.asarray(clusters), return_inverse=True)
    flips = _generator().integers(0, 2, (REPETITIONS, membership.max() + 1), dtype=bool)
    exchanged = flips[:, membership]
    weights = np.broadcast_to(ones, exchanged.shape)
    first = statistic(np.where(exchanged, theirs, mine), weights)
    second = statistic(np.where(exchanged, mine, theirs), weights)
    # Rounding keeps equal sums in another order from looking different. What is no smaller counts
    # as extreme: ties, and exchanges after which one side has no value at all.
    smaller = np.round(np.abs(first - second), 9) < np.round(observed, 9)
    return float((1 + (~smaller).sum()) / (1 + REPETITIONS))


def auroc(answerable: NDArray[np.bool_]) -> Statistic:
    """Return the statistic "area under the ROC curve" of confidences, ties counting half.

    It is the chance that an answerable question is given more confidence than another one.
    """

    def area(confidences: Rows, weights: Rows) -> Column:
        order = np.argsort(np.broadcast_to(confidences, weights.shape), axis=1, kind="stable")
        values = np.take_along_axis(np.broadcast_to(confidences, weights.shape), order, axis=1)
        positive = np.take_along_axis(weights * answerable, order, axis=1)
        negative = np.take_along_axis(weights * ~answerable, order, axis=1)
        below = np.cumsum(negative, axis=1)
        won = (positive * _middle(below, negative, values)).sum(axis=1)
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        return _share(won, pairs)

    return area


def selective_accuracy(values: Rows, weights: Rows) -> Column:
    """Return the share of right answers among the surest, averaged over how many are answered.

    ``values`` are confidences and, stacked below, 1 for each right answer. One minus this is the
    area under the coverage-risk curve; equal confidences are answered together.
    """
    confidences, right = np.broadcast_to(values, (2, *weights.shape))
    order = np.argsort(-confidences, axis=1, kind="stable")
    confidences, right, weights = (
        np.take_along_axis(rows, order, axis=1) for rows in (confidences, right, weights)
    )
    last = _last_of_equals(confidences)
    answered = np.take_along_axis(np.cumsum(weights, axis=1), last, axis=1)
    correct = np.take_along_axis(np.cumsum(weights * right, axis=1), last, axis=1)
    return weighted_mean(_share(correct, answered), weights)


def _share(part: Column, whole: Column) -> Column:
    """Divide, NaN where there is nothing to divide by."""
    shares: Column = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return shares


def _middle(below: Rows, negative: Rows, values: Rows) -> Rows:
    """Return for each place the weight of negatives below it, those of equal value counted half."""
    last = _last_of_equals(values)
    first = values.shape[1] - 1 - _last_of_equals(values[:, ::-1])[:, ::-1]
    upto = np.take_along_axis(below, last, axis=1)
    before = np.take_along_axis(below - negative, first, axis=1)
    return (before + upto) / 2


def _last_of_equals(values: Rows) -> NDArray[np.intp]:
    """Return for each place of sorted rows the last place with the same value."""
    is_last = np.ones_like(values, dtype=bool)
    is_last[:, :-1] = values[:, 1:] != values[:, :-1]
    places = np.where(is_last, np.arange(values.shape[1]), values.shape[1])
    return np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]


def _drawn_weights(clusters: Sequence[str]) -> Rows:
    """Return how often each question is drawn when articles are drawn with replacement."""
    _, membership = np.unique(np.asarray(clusters), return_inverse=True)
    count = membership.max() + 1
    drawn = _generator().multinomial(count, np.full(count, 1 / count), REPETITIONS)
    return np.asarray(drawn[:, membership], dtype=np.float64)


def _generator() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(SEED))
