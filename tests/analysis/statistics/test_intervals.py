"""The two-way interval: its coverage in simulation, its oracles, and what must not change it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

from analysis.statistics import two_way, two_way_covariance
from analysis.statistics.intervals import satterthwaite

TRUTH = 1.0
seeds = st.integers(0, 2**32 - 1)


def table(generator: np.random.Generator, n: int, groups: int, sds: tuple[float, float, float]) -> np.ndarray:
    """Paired differences in points with seed, group and residual parts of these SDs."""
    seed, group, rest = sds
    rows, columns = generator.normal(0, seed, (n, 1)), generator.normal(0, group, (1, groups))
    return TRUTH + rows + columns + generator.normal(0, rest, (n, groups))


@pytest.mark.parametrize(("n", "groups"), [(5, 290), (10, 290), (20, 290), (10, 1000)])
def test_the_interval_covers_the_population_difference(
    n: int, groups: int, record_property: Callable[[str, object], None]
) -> None:
    generator, draws = np.random.default_rng(n * groups), 500
    covered, quantile = np.zeros(2), stats.t.ppf(0.975, groups - 1)
    for _ in range(draws):
        values = table(generator, n, groups, (1.0, 25.0, 30.0))
        interval, songs = two_way(values), values.mean(axis=0)
        half = quantile * songs.std(ddof=1) / np.sqrt(groups)
        covered += [interval.low < TRUTH < interval.high, abs(songs.mean() - TRUTH) < half]
    ours, songs_only = covered / draws
    print(f"\ncoverage at {n} seeds x {groups} groups: two-way {ours:.3f}, groups only {songs_only:.3f}")
    record_property("coverage", float(ours))
    # 500 draws of a true 95 % fall below .925 in less than 1 %.
    assert 0.925 <= ours <= 0.998
    assert ours >= songs_only - 0.01


def test_the_interval_covers_with_unequal_groups(record_property: Callable[[str, object], None]) -> None:
    generator, draws, hits = np.random.default_rng(7), 400, 0
    weights = np.repeat([1.0, 2.0, 4.0, 8.0], 20)
    for _ in range(draws):
        interval = two_way(table(generator, 10, len(weights), (1.0, 10.0, 10.0)), weights)
        hits += interval.low < TRUTH < interval.high
    print(f"\ncoverage with group sizes 1 to 8: {hits / draws:.3f}")
    record_property("coverage", hits / draws)
    assert 0.92 <= hits / draws <= 0.995


def test_the_parts_of_the_variance_are_unbiased() -> None:
    generator = np.random.default_rng(3)
    found = [two_way(table(generator, 6, 30, (2.0, 6.0, 9.0))) for _ in range(1000)]
    residual = 81 / 180
    assert np.mean([i.v_resid for i in found]) == pytest.approx(residual, rel=0.03)
    assert np.mean([i.v_seed for i in found]) == pytest.approx(4 / 6 + residual, rel=0.08)
    assert np.mean([i.v_group for i in found]) == pytest.approx(36 / 30 + residual, rel=0.05)


def rotating(values: np.ndarray, folds: int) -> np.ndarray:
    """The table with gaps in which repetition r has the cells of the groups whose number is r modulo `folds`."""
    n, groups = values.shape
    return np.where(np.arange(groups) % folds == np.arange(n)[:, None] % folds, values, np.nan)


@pytest.mark.parametrize("n", [8, 10, 16])
def test_the_variance_is_too_large_rather_than_too_small_where_the_test_part_rotates(n: int) -> None:
    generator = np.random.default_rng(n)
    found = [two_way(rotating(table(generator, n, 60, (2.0, 10.0, 15.0)), 5)) for _ in range(1000)]
    tests = [len(range(fold, n, 5)) for fold in range(5)]
    groups = 100 / 60 * 5 * sum(each**2 for each in tests) / n**2
    truth = 4 / n + groups + 5 * 225 / (n * 60)
    assert np.var([i.effect for i in found]) == pytest.approx(truth, rel=0.15)
    assert 1.1 * truth < np.mean([i.v_seed + i.v_group - i.v_resid for i in found]) < 1.45 * truth
    # What more repetitions leave is told from what they take, with the little that seeds add to each group.
    assert np.mean([i.lasting for i in found]) == pytest.approx(groups, rel=0.25)


def test_groups_that_are_tested_once_are_judged_by_repetitions() -> None:
    values = rotating(table(np.random.default_rng(0), 5, 40, (5.0, 5.0, 5.0)), 5)
    interval, rows = two_way(values), np.nanmean(values, axis=1)
    assert interval.limits() == pytest.approx(stats.t.interval(0.95, 4, rows.mean(), stats.sem(rows)))


Clusters = tuple[float, float, float]


def by_statsmodels(values: np.ndarray, weights: np.ndarray) -> Clusters:
    """Variances of the mean clustered by repetition, by group and by both, without small-sample factors."""
    rows, columns = np.nonzero(~np.isnan(values))
    fit = WLS(values[rows, columns], np.ones(len(rows)), weights=weights[rows, columns]).fit()
    both = cov_cluster_2groups(fit, rows, columns, use_correction=False)[0]
    return *(float(cov_cluster(fit, each, use_correction=False)[0, 0]) for each in (rows, columns)), float(both[0, 0])


def by_pairs(values: np.ndarray, weights: np.ndarray) -> Clusters:
    """The same, as the sum over all pairs of cells that share a cluster (Cameron, Gelbach and Miller 2011, eq. 2.3)."""
    rows, columns = np.nonzero(~np.isnan(values))
    share = weights[rows, columns] / weights[rows, columns].sum()
    score = share * (values[rows, columns] - share @ values[rows, columns])
    same_row, same_column = (np.equal.outer(each, each) for each in (rows, columns))
    return tuple(float(score @ same @ score) for same in (same_row, same_column, same_row | same_column))


@pytest.mark.parametrize("oracle", [by_statsmodels, by_pairs])
@pytest.mark.parametrize(("folds", "excess"), [(1, 0.0), (5, 0.1)])
def test_the_variance_is_that_of_its_oracles(
    folds: int, excess: float, oracle: Callable[[np.ndarray, np.ndarray], Clusters]
) -> None:
    """Both parts up to their small-sample factors alone, and the whole; with gaps it is larger."""
    generator, (n, groups) = np.random.default_rng(4), (40, 120)
    values, items = rotating(table(generator, n, groups, (2.0, 6.0, 9.0)), folds), generator.integers(1, 4, groups)
    cells = np.where(np.isnan(values), 0.0, items)
    cells /= cells.sum(axis=1, keepdims=True)
    interval, (by_seed, by_group, both) = two_way(values, items.astype(float)), oracle(values, cells)
    share = cells.sum(axis=0) / n
    left = 1 - 2 * (share**3).sum() / (share**2).sum() + (share**2).sum()
    assert interval.v_seed == pytest.approx(by_seed * n / (n - 1))
    assert interval.v_group == pytest.approx(by_group / left)
    assert interval.error**2 == pytest.approx((1 + excess) * both, rel=0.05)


def test_the_variance_is_that_of_pyfixest() -> None:
    """The figures are of pyfixest 0.60.0, CRV1 without small-sample factors, on the table made here and with gaps.

    feols("d ~ 1", data, vcov={"CRV1": "s + g"}, ssc=ssc(k_adj=False, G_adj=False)), `data` a row for each cell with
    the number of its repetition, s, and of its group, g.
    """
    generator = np.random.default_rng(0)
    values = generator.normal(0, 2, (20, 1)) + generator.normal(0, 6, (1, 60)) + generator.normal(0, 9, (20, 60))
    assert by_pairs(values, np.ones(values.shape))[2] == pytest.approx(0.8027456375605065, rel=1e-9)
    assert by_pairs(rotating(values, 5), np.ones(values.shape))[2] == pytest.approx(0.9840455462905431, rel=1e-9)
    assert two_way(values).error ** 2 == pytest.approx(0.8027456375605065, rel=0.08)


@given(st.floats(0.1, 9), st.floats(0, 9), st.floats(0, 9), st.integers(2, 30), st.integers(2, 300))
def test_degrees_of_freedom_lie_between_those_of_the_parts(
    seed: float, group: float, rest: float, n: int, groups: int
) -> None:
    df = satterthwaite(seed, group, rest, n, groups, n * groups)
    assert min(n, groups) - 1 <= df <= n + groups - 2 + 1e-9
    assert satterthwaite(seed, 0.0, 0.0, n, groups, n * groups) == n - 1


def test_degrees_of_freedom_are_satterthwaites() -> None:
    assert satterthwaite(3.0, 2.0, 1.0, 10, 50, 500) == pytest.approx(16 / (9 / 9 + 4 / 49 + 1 / 441))
    # A group is tested in two of ten repetitions: 100 cells, of which 60 are those of the means.
    assert satterthwaite(3.0, 2.0, 1.0, 10, 50, 100) == pytest.approx(16 / (9 / 9 + 4 / 49 + 1 / 41))
    # Where v is v_group alone, with one group, with one repetition.
    assert satterthwaite(1.0, 2.0, 1.5, 10, 50, 500) == pytest.approx(4 / (1 / 9 + 4 / 49 + 2.25 / 441))
    assert satterthwaite(1.0, 0.0, 0.0, 10, 1, 10) == 9
    assert satterthwaite(0.0, 2.0, 0.0, 1, 50, 50) == 0


@given(seeds, st.integers(2, 12))
def test_one_group_gives_the_t_interval(seed: int, n: int) -> None:
    values = np.random.default_rng(seed).normal(size=(n, 1))
    low, high = stats.t.interval(0.95, n - 1, values.mean(), stats.sem(values[:, 0]))
    assert two_way(values).limits() == pytest.approx((low, high))


@given(seeds, st.integers(2, 8), st.integers(2, 20))
def test_the_order_of_seeds_and_groups_does_not_matter(seed: int, n: int, groups: int) -> None:
    generator = np.random.default_rng(seed)
    values, weights = generator.normal(size=(n, groups)), generator.integers(1, 9, groups).astype(float)
    rows, columns = generator.permutation(n), generator.permutation(groups)
    first, second = two_way(values, weights), two_way(values[rows][:, columns], weights[columns])
    assert first.limits() == pytest.approx(second.limits())


@given(seeds, st.floats(-5, 5), st.floats(0.1, 10))
def test_the_interval_turns_shifts_and_scales_with_the_values(seed: int, shift: float, scale: float) -> None:
    values = np.random.default_rng(seed).normal(size=(5, 9))
    low, high = two_way(values).limits()
    assert two_way(-values).limits() == pytest.approx((-high, -low))
    assert two_way(scale * values + shift).limits() == pytest.approx((scale * low + shift, scale * high + shift))


@given(seeds)
def test_the_variance_is_never_below_one_way(seed: int) -> None:
    interval = two_way(np.random.default_rng(seed).normal(size=(6, 10)), np.arange(1.0, 11.0))
    assert interval.error**2 >= max(interval.v_seed, interval.v_group) * (1 - 1e-12)


def test_the_mean_is_the_mean_over_items() -> None:
    values, weights = np.array([[100.0, 0.0], [100.0, 50.0]]), np.array([3.0, 1.0])
    assert two_way(values, weights).effect == pytest.approx((75 + 87.5) / 2)


def test_a_gap_in_the_table_leaves_the_other_cells_in_use() -> None:
    generator = np.random.default_rng(1)
    values = table(generator, 10, 40, (1.0, 5.0, 5.0))
    holes = np.where(generator.random(values.shape) < 0.1, np.nan, values)
    full, gapped = two_way(values), two_way(holes)
    assert gapped.effect == pytest.approx(full.effect, abs=1.0)
    assert gapped.error == pytest.approx(full.error, rel=0.3)


@pytest.mark.parametrize("values", [[[1.0, 3.0]], [[2.0]]], ids=["two groups", "no groups"])
def test_one_repetition_has_a_mean_and_no_interval(values: list[list[float]]) -> None:
    interval = two_way(np.array(values))
    assert interval.effect == 2.0
    found = interval.low, interval.p_above(0.0), interval.p_below(0.0), *interval.probabilities(1.0)
    assert np.isnan(found).all()


def test_repetitions_that_do_not_vary_leave_no_doubt() -> None:
    interval = two_way(np.full((3, 1), 2.0))
    assert (interval.p_above(0.0), interval.p_above(2.0), interval.p_below(0.0), interval.p_below(2.0)) == (0, 1, 1, 1)
    assert interval.probabilities(1.0) == (0, 0, 1)


@given(seeds, st.floats(-3, 3))
def test_p_values_and_limits_agree(seed: int, bound: float) -> None:
    interval = two_way(np.random.default_rng(seed).normal(size=(9, 7)))
    assert (interval.p_above(bound) < 0.025) == (interval.low > bound)
    assert (interval.p_below(bound) < 0.025) == (interval.high < bound)
    assert interval.p_above(bound) + interval.p_below(bound) == pytest.approx(1)


@given(seeds)
def test_joint_variances_are_those_of_single_intervals(seed: int) -> None:
    values, weights = np.random.default_rng(seed).normal(size=(3, 6, 8)), np.arange(1.0, 9.0)
    means, covariance = two_way_covariance(values, weights)
    singles = [two_way(v, weights) for v in values]
    assert means == pytest.approx([i.effect for i in singles])
    assert np.sqrt(np.diag(covariance)) == pytest.approx([i.error for i in singles])
    assert np.linalg.eigvalsh(covariance).min() > -1e-9


@given(seeds, st.floats(0.1, 3))
def test_probabilities_are_of_the_three_sides_of_the_margin(seed: int, margin: float) -> None:
    interval = two_way(np.random.default_rng(seed).normal(size=(9, 7)))
    posterior = stats.t(interval.df, interval.effect, interval.error)
    expected = posterior.cdf(-margin), posterior.cdf(margin) - posterior.cdf(-margin), posterior.sf(margin)
    assert interval.probabilities(margin) == pytest.approx(expected)


def test_repetitions_are_counted_by_their_side_of_zero() -> None:
    interval = two_way(np.array([[1.0, 3.0], [-4.0, 2.0], [-1.0, 1.0], [np.nan, 5.0]]))
    assert (interval.above, interval.below) == (2, 1)
    assert np.isnan(two_way(np.array([[1.0, 3.0]])).probabilities(1.0)).all()


def test_a_repetition_that_rounding_alone_moves_off_zero_is_on_neither_side() -> None:
    row = np.array([0.1, 0.2, -0.3])
    assert row.sum() > 0
    interval = two_way(np.array([row, -row, row[::-1], [1.0, 2.0, 3.0]]))
    assert (interval.above, interval.below) == (1, 0)


def test_a_group_that_no_repetition_tests_changes_nothing() -> None:
    values = np.random.default_rng(3).standard_normal((6, 5))
    more = np.column_stack([values, np.full(6, np.nan)])
    with np.errstate(all="raise"):
        found, same = two_way(more), two_way(values)
    assert (found.effect, found.error) == pytest.approx((same.effect, same.error))
