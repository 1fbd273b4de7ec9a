import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.statistics import (
    Interval,
    auroc,
    bootstrap,
    randomisation_test,
    selective_accuracy,
    weighted_mean,
)

ARTICLES, EACH = 60, 3
CLUSTERS = [f"article {n}" for n in range(ARTICLES) for _ in range(EACH)]
TRIALS = 400

# (confidence, yes or no, how often drawn); few values, so that many are equal
ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


def clustered(random, mean=0.6, spread=0.15, noise=0.1):
    """Return values in which questions over one article share what is particular to it."""
    shared = np.repeat(random.normal(0, spread, ARTICLES), EACH)
    return mean + shared + random.normal(0, noise, ARTICLES * EACH)


def columns(rows):
    confidence, flag, weight = zip(*rows, strict=True)
    return np.array(confidence), np.array(flag, dtype=bool), np.array(weight, dtype=float)


def test_the_mean_is_weighted_and_skips_what_is_undefined():
    values = np.array([[1.0, np.nan, 0.0]])
    weights = np.array([[3.0, 9.0, 1.0], [0.0, 1.0, 2.0]])
    assert weighted_mean(values, weights).tolist() == [0.75, 0.0]
    assert np.isnan(weighted_mean(values, np.array([[0.0, 1.0, 0.0]])))


@given(ROWS)
def test_auroc_is_the_share_of_pairs_in_order_ties_counting_half(rows):
    confidence, answerable, weight = columns(rows)
    won = pairs = 0.0
    for yes in np.flatnonzero(answerable):
        for no in np.flatnonzero(~answerable):
            both = weight[yes] * weight[no]
            pairs += both
            won += both * np.heaviside(confidence[yes] - confidence[no], 0.5)
    found = auroc(answerable)(confidence[None], weight[None])[0]
    assert np.isnan(found) if pairs == 0 else found == pytest.approx(won / pairs)


@given(ROWS)
def test_selective_accuracy_is_the_mean_share_right_down_to_each_confidence(rows):
    confidence, right, weight = columns(rows)
    drawn = [
        (c, r) for c, r, w in zip(confidence, right, weight, strict=True) for _ in range(int(w))
    ]
    shares = [np.mean([r for c, r in drawn if c >= least]) for least, _ in drawn]
    found = selective_accuracy(np.stack([confidence, right])[:, None, :], weight[None])[0]
    assert np.isnan(found) if not drawn else found == pytest.approx(np.mean(shares))


def test_selective_accuracy_by_hand():
    right_first = np.array([[0.9, 0.8, 0.1], [1, 1, 0]])
    right_last = np.array([[0.9, 0.8, 0.1], [0, 1, 1]])
    ones = np.ones((1, 3))
    assert selective_accuracy(right_first[:, None], ones)[0] == pytest.approx((1 + 1 + 2 / 3) / 3)
    assert selective_accuracy(right_last[:, None], ones)[0] == pytest.approx(
        (0 + 1 / 2 + 2 / 3) / 3
    )


def test_a_column_without_values_has_no_figure():
    assert bootstrap(np.full(3, np.nan), ["a", "b", "c"]) is None
    assert bootstrap(np.array([]), []) is None
    assert bootstrap(np.array([0.5]), ["a"], auroc(np.array([True]))) is None


def test_a_constant_column_has_no_spread():
    assert bootstrap(np.ones(6), list("aabbcc")) == Interval(1, 1, 1)


def test_the_interval_holds_the_truth_95_times_of_100():
    random = np.random.default_rng(1)
    figures = [bootstrap(clustered(random), CLUSTERS) for _ in range(TRIALS)]
    covered = np.mean([figure.low <= 0.6 <= figure.high for figure in figures])
    assert 0.92 <= covered <= 0.98


def test_clusters_matter():
    """Questions over one article, taken for independent, would give too short an interval."""
    random = np.random.default_rng(2)
    column = clustered(random, spread=0.3, noise=0.02)
    aware = bootstrap(column, CLUSTERS)
    blind = bootstrap(column, [str(n) for n in range(len(column))])
    assert aware.high - aware.low > 1.5 * (blind.high - blind.low)


def test_p_is_below_5_percent_about_5_times_of_100_when_nothing_changed():
    random = np.random.default_rng(3)
    p = [randomisation_test(clustered(random), clustered(random), CLUSTERS) for _ in range(TRIALS)]
    assert 0.03 <= np.mean(np.array(p) < 0.05) <= 0.07
    assert 0.45 <= np.mean(np.array(p) < 0.5) <= 0.55


def test_p_is_small_for_a_real_difference_and_1_for_none():
    random = np.random.default_rng(4)
    column = clustered(random)
    assert randomisation_test(column + 0.1, column, CLUSTERS) < 0.001
    assert randomisation_test(column, column + 0.1, CLUSTERS) < 0.001
    assert randomisation_test(column, column.copy(), CLUSTERS) == 1


def test_p_of_figures_that_are_no_means():
    random = np.random.default_rng(5)
    answerable = np.arange(len(CLUSTERS)) % 2 == 0
    noise = random.uniform(0, 1, len(CLUSTERS))
    telling = noise + 0.5 * answerable
    assert randomisation_test(telling, noise, CLUSTERS, auroc(answerable)) < 0.001
    sure_when_right = np.stack([telling, answerable])
    unrelated = np.stack([noise, answerable])
    assert randomisation_test(sure_when_right, unrelated, CLUSTERS, selective_accuracy) < 0.01


def test_a_metric_that_few_questions_have_is_not_significant():
    mine, theirs = np.array([1.0, np.nan, np.nan]), np.array([np.nan, 0.0, np.nan])
    assert randomisation_test(mine, theirs, ["a", "b", "c"]) == 1


@settings(max_examples=5)
@given(ROWS)
def test_the_same_column_gives_the_same_figure_to_the_last_byte(rows):
    confidence, answerable, _ = columns(rows)
    clusters = [str(n // 2) for n in range(len(rows))]
    for statistic in (weighted_mean, auroc(answerable)):
        first, again = (bootstrap(confidence, clusters, statistic) for _ in range(2))
        assert repr(first) == repr(again)
