"""Tables of which a recall or a spread is the mean, and their intervals."""

import numpy as np
import pytest

from analysis.statistics import recalls, spread, two_way


def test_the_mean_of_the_table_of_a_class_is_its_recall() -> None:
    generator = np.random.default_rng(0)
    items = generator.integers(0, 4, (5, 12, 3)).astype(float)
    items[0, :, 2] = 0.0  # a fold without the third class
    items[:, 4] = 0.0  # a group that is never tested
    right = np.floor(items * generator.random(items.shape))
    tables, weights = recalls(right, items), items.sum(axis=2)
    share = weights / weights.sum(axis=1, keepdims=True) / len(items)
    assert np.nansum(share * tables, axis=(1, 2)) == pytest.approx(right.sum(axis=(0, 1)) / items.sum(axis=(0, 1)))
    assert (np.isfinite(tables) == (weights > 0)).all()


def test_a_class_of_one_group_has_no_table() -> None:
    items = np.ones((3, 4, 2))
    items[:, 1:, 1] = 0.0
    assert np.isnan(recalls(items / 2, items)[1]).all()


@pytest.mark.parametrize("groups", [4, 20])
def test_the_interval_of_a_recall_covers(groups: int) -> None:
    """Two classes of few groups, which differ in how well they are recognised, as do seeds."""
    generator, hits, draws = np.random.default_rng(0), 0, 400
    items = np.zeros((8, 2 * groups, 2))
    items[:, :groups, 0] = items[:, groups:, 1] = 3.0
    for _ in range(draws):
        odds = generator.normal(0, 1, 2 * groups) + generator.normal(0, 0.3, (8, 1))
        odds[:, :groups] += 1.0
        rate = np.exp(odds) / (1 + np.exp(odds))
        right = np.where(items > 0, generator.binomial(3, rate)[:, :, None], 0.0)
        first, second = recalls(right, items)
        found = two_way(first - second, items.sum(axis=2))
        hits += found.low < 0.1945 < found.high
    assert 0.93 <= hits / draws <= 0.99


def test_the_mean_of_a_spread_is_the_standard_deviation_over_the_levels() -> None:
    generator = np.random.default_rng(0)
    levels, weights = generator.normal(size=(4, 6, 10)), generator.integers(1, 5, (6, 10)).astype(float)
    levels[:, 2, 3], weights[2, 3] = np.nan, 0.0
    share = weights / weights.sum(axis=1, keepdims=True)
    deviations = np.nansum(share * levels, axis=2).std(axis=0, ddof=1)
    table = spread(list(levels), weights)
    assert np.nansum(share * table, axis=1) == pytest.approx(deviations) and np.isnan(table[2, 3])


def test_levels_that_are_alike_have_no_spread() -> None:
    assert (spread([np.ones((3, 2))] * 3, np.ones((3, 2))) == 0).all()
