"""Shares, medians, ranks and slopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import clustered_share, clustered_slope, kendall, median_interval, run_share
from analysis.statistics.shares import Bootstrapped, tau_b


def test_the_median_interval_covers() -> None:
    generator, draws = np.random.default_rng(0), 800
    hits = 0
    for _ in range(draws):
        _, low, high = median_interval(np.exp(generator.normal(size=10)))
        hits += low < 1 < high
    assert hits / draws >= 0.95  # the exact level for 10 values is 97.9 %


def test_five_values_have_no_median_interval() -> None:
    assert median_interval(np.arange(5.0)) == (2.0, -np.inf, np.inf)
    assert median_interval(np.arange(6.0)) == (2.5, 0.0, 5.0)


def test_pairs_of_one_cluster_have_a_share_and_no_interval() -> None:
    share = clustered_share(np.ones((4, 3)), [0, 0, 0, 0], np.random.default_rng(0))
    assert share.value == 1 and np.isnan(share.limits()).all()


def test_clusters_widen_the_interval() -> None:
    up = np.repeat([[1.0], [-1.0]] * 6, 8, axis=1)
    alone = clustered_share(up, list(range(12)), np.random.default_rng(0))
    paired = clustered_share(np.sort(up, axis=0), [i // 4 for i in range(12)], np.random.default_rng(0))
    assert alone.value == paired.value == 0.5
    assert np.ptp(paired.limits()) > np.ptp(alone.limits())


def test_limits_of_a_smaller_level_lie_further_out_and_need_more_samples_or_values() -> None:
    share = Bootstrapped(0.5, np.random.default_rng(0).random(2000))
    limits = [share.limits(alpha) for alpha in (0.025, 0.001)]
    assert limits[0] == pytest.approx((0.025, 0.975), abs=0.01) and limits[1] == pytest.approx(
        (0.001, 0.999), abs=0.002
    )
    assert share.limits(0.0004) == (-np.inf, np.inf)
    assert median_interval(np.arange(12.0), 0.025)[1:] == (2.0, 9.0)
    assert median_interval(np.arange(12.0), 0.0005)[1:] == (0.0, 11.0)
    assert median_interval(np.arange(12.0), 0.0001)[1:] == (-np.inf, np.inf)


def test_ties_are_ties_whichever_way_they_are_rounded() -> None:
    tie = np.array([0.3, -0.1, -0.2])
    assert tie.mean() < 0
    pairs = np.stack([tie, -tie, tie[::-1]])
    for each in (pairs, -pairs):
        found = clustered_share(np.tile(each, (4, 1)), list(range(12)), np.random.default_rng(0))
        assert found.value == 1
    assert tau_b(np.array([1.0, 0.0]), np.array([[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]])).tolist() == [0.0, 0.0]


def ends(found: Bootstrapped) -> tuple[float, float, float]:
    return found.value, *found.limits()


@pytest.mark.parametrize(("inside", "n"), [(7, 8), (0, 8), (8, 8), (11, 12)])
def test_a_share_of_single_runs_has_the_interval_of_clopper_and_pearson(inside: int, n: int) -> None:
    found = run_share(np.repeat([1.0, 0.0], [inside, n - inside]), np.ones(n))
    expected = stats.binomtest(inside, n).proportion_ci(0.95)
    assert found.limits() == pytest.approx((expected.low, expected.high))
    assert found.p_above(0.6) == pytest.approx(stats.binomtest(inside, n, 0.6, "greater").pvalue)
    assert found.p_below(0.6) == pytest.approx(stats.binomtest(inside, n, 0.6, "less").pvalue)


@pytest.mark.parametrize("inside", [0.0, 0.5, 1.0])
def test_every_share_lies_above_what_is_below_0_and_below_what_is_above_1(inside: float) -> None:
    found = run_share(np.array([inside] * 8), np.ones(8))
    assert (found.p_above(-0.1), found.p_below(1.1)) == (0, 0)


def test_runs_that_go_together_are_worth_no_more_than_their_repetitions() -> None:
    together = run_share(np.repeat([3.0, 0.0], 5), np.full(10, 3.0))
    apart = run_share(np.tile([1.0, 2.0], 5), np.full(10, 3.0))
    assert (together.share, together.n, apart.share) == (0.5, 10, 0.5) and 25 < apart.n <= 30


def test_kendall_of_a_clear_ranking_is_one_and_of_its_reverse_minus_one() -> None:
    generator = np.random.default_rng(0)
    cells = np.arange(8)[:, None] * 10 + generator.normal(0, 1, (8, 50))
    printed, weights = np.arange(8.0), np.ones(50)
    assert ends(kendall(printed, cells, weights, generator, draws=200)) == pytest.approx((1, 1, 1))
    assert ends(kendall(-printed, cells, weights, generator, draws=200)) == pytest.approx((-1, -1, -1))


def test_a_ranking_by_one_group_has_a_tau_and_no_interval() -> None:
    alone = kendall(np.arange(8.0), np.arange(8.0)[:, None], np.ones(1), np.random.default_rng(0))
    assert alone.value == 1 and np.isnan(alone.limits()).all()


def test_a_planted_slope_is_found_and_clusters_are_counted() -> None:
    generator = np.random.default_rng(0)
    x, groups = generator.normal(size=4000), np.arange(4000) // 10
    labels = np.array(["a", "b"])[np.arange(4000) % 2]
    correct = (generator.random(4000) < 1 / (1 + np.exp(-0.5 * x - (labels == "a")))).astype(float)
    once = np.zeros(4000, int)
    slope = clustered_slope(correct, 3 * x + 5, labels, groups.astype(str), once)
    assert slope.effect == pytest.approx(0.5, abs=0.15) and slope.groups == 400
    assert slope.limits()[0] < 0.5 < slope.limits()[1]
    # Ten copies of each answer say no more than one.
    copied = clustered_slope(*(np.repeat(v, 10) for v in (correct, 3 * x + 5, labels, groups.astype(str), once)))
    assert copied.error == pytest.approx(slope.error, rel=0.01)


def test_the_error_of_a_slope_is_no_smaller_than_that_of_either_clustering() -> None:
    generator, size = np.random.default_rng(0), 4000
    x, groups, seeds = generator.normal(size=size), np.arange(size) % 100, np.arange(size) // 500
    labels = np.full(size, "a")
    steep = np.repeat(generator.normal(0.5, 0.4, 8), 500)
    correct = (generator.random(size) < 1 / (1 + np.exp(-steep * x))).astype(float)
    found = clustered_slope(correct, x, labels, groups.astype(str), seeds)
    alone = [
        clustered_slope(correct, x, labels, each.astype(str), np.zeros(size, int)).error for each in (groups, seeds)
    ]
    assert found.error >= max(alone) > 2 * min(alone) and 7 <= found.df < 20


def test_a_difference_of_two_slopes_is_found() -> None:
    generator, size = np.random.default_rng(0), 8000
    x, labels, groups = generator.normal(size=size), np.array(["a", "b"])[np.arange(size) % 2], np.arange(size) // 10
    steep = np.where(labels == "a", 0.7, 0.2)
    correct = (generator.random(size) < 1 / (1 + np.exp(-steep * x))).astype(float)
    fields = correct, x, labels, groups.astype(str), np.zeros(size, int)
    found, turned = clustered_slope(*fields, labels == "b"), clustered_slope(*fields, labels == "a")
    assert found.effect == pytest.approx(0.5, abs=0.1) and turned.effect == pytest.approx(-found.effect)
    with pytest.raises(ValueError, match="vary"):
        clustered_slope(*fields, labels == "c")


def test_a_class_that_is_always_right_is_left_out() -> None:
    x, labels = np.array([0.0, 1.0, 2.0, 3.0] * 10), np.array(["a"] * 20 + ["b"] * 20)
    correct = np.where(labels == "a", 1.0, np.arange(40) % 3 == 0)
    once = np.zeros(40, int)
    slope = clustered_slope(correct, x, labels, np.arange(40).astype(str), once)
    assert slope.n == 20
    with pytest.raises(ValueError, match="vary"):
        clustered_slope(np.ones(40), x, labels, labels, once)


@given(st.lists(st.integers(0, 4), min_size=3, max_size=9), st.integers(0, 2**32 - 1))
def test_tau_is_that_of_scipy(means: list[int], seed: int) -> None:
    printed = np.random.default_rng(seed).permutation(len(means)).astype(float)
    expected = stats.kendalltau(printed, means).statistic
    found = tau_b(printed, np.array([means], dtype=float))[0]
    assert found == pytest.approx(0 if np.isnan(expected) else expected)
