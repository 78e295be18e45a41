"""Power: the figures of the method, repeated."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from analysis.statistics import decidable, plan_mde, repetitions_needed, two_way
from analysis.statistics.power import Outlook, after, detectable, groups_needed


@pytest.mark.parametrize(
    ("groups", "few", "many"),
    [
        (290, 5.2, 7.4),
        (100, 8.9, 12.5),
        (225, 5.9, 8.3),
        (2874, 1.7, 2.3),
        (4096, 1.4, 2.0),
        (1680, 2.2, 3.1),
        (53, 12.2, 17.2),
        (930, 2.9, 4.1),
    ],
)
def test_the_limit_that_the_test_set_sets(groups: int, few: float, many: float) -> None:
    limits = plan_mde(math.inf, 2, groups, 0.1), plan_mde(math.inf, 2, groups, 0.2)
    assert limits == pytest.approx((few, many), abs=0.06)


@given(st.integers(3, 60), st.floats(0.1, 5), st.integers(20, 5000), st.floats(0.01, 0.4))
def test_a_study_detects_no_less_than_its_test_set_allows(n: int, sd: float, groups: int, discordant: float) -> None:
    mde = plan_mde(n, sd, groups, discordant)
    assert mde >= plan_mde(math.inf, sd, groups, discordant)
    assert plan_mde(n + 5, sd, groups, discordant) <= mde


def test_rotation_detects_nearly_as_much_as_testing_all_and_far_more_than_a_fixed_part() -> None:
    whole, rotated = (plan_mde(10, 2, 290, 0.1, folds) for folds in (1, 5))
    assert whole < rotated < 0.7 * plan_mde(10, 2, 58, 0.1)
    # Five repetitions test each group once.
    assert plan_mde(5, 0, 290, 0.1, 5) == pytest.approx(detectable(4) * math.sqrt(1000 / 290))
    assert plan_mde(32, 2, 290, 0.1, 5, alpha=0.02) > plan_mde(32, 2, 290, 0.1, 5)


@given(st.integers(3, 50))
def test_the_detectable_effect_is_that_of_statsmodels(n: int) -> None:
    effect = detectable(n - 1) / math.sqrt(n)
    assert TTestPower().power(effect, n, 0.05, alternative="two-sided") == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(("margin", "says"), [(2.0, "smaller than 4.8 points"), (3.0, "less than 80 %"), (5.5, "")])
def test_the_plan_says_where_nothing_can_be_decided(margin: float, says: str) -> None:
    assert says in decidable(margin, 5.0) and bool(says) == bool(decidable(margin, 5.0))


@pytest.mark.parametrize(
    ("n", "truth", "reproduced", "contradicted"),
    [
        (5, 0, 0.01, 0.40),
        (5, 5, 0.98, 0.0),
        (10, -2, 0.0, 1.0),
        (10, 0, 0.0, 0.80),
        (10, 2, 0.49, 0.02),
        (10, 3, 0.95, 0.0),
        (20, 0, 0.0, 0.99),
        (20, 1, 0.01, 0.56),
    ],
)
def test_the_rule_errs_as_rarely_as_the_method_says(
    n: int, truth: float, reproduced: float, contradicted: float
) -> None:
    """That of "A beats B by 2 points", over pairs of runs whose difference has an SD of 2 points."""
    intervals = [two_way(pairs[:, None]) for pairs in np.random.default_rng(11).normal(truth, 2, (1000, n))]
    said = [found.p_above(0) < 0.025 and found.effect >= 2 for found in intervals]
    denied = [found.p_below(2) < 0.025 and not yes for found, yes in zip(intervals, said, strict=True)]
    assert np.mean(said) == pytest.approx(reproduced, abs=0.04)
    assert np.mean(denied) == pytest.approx(contradicted, abs=0.04)


def test_more_seeds_help_only_as_far_as_the_groups_allow() -> None:
    generator = np.random.default_rng(0)
    of_seeds = two_way(generator.normal(0, 5, (10, 1)) + generator.normal(0, 0.1, (10, 50)))
    of_groups = two_way(generator.normal(0, 20, (1, 50)) + generator.normal(0, 0.1, (10, 50)))
    needed = repetitions_needed(of_seeds, 2.0)
    assert needed is not None and needed > 10
    assert repetitions_needed(of_groups, 2.0) is None


def test_the_outlook_is_that_of_tables_with_more_repetitions() -> None:
    """Of 300 tables of 8 repetitions, whose test part rotates: the mean error after 32, and how far estimates move.

    They are expected to move further than they do, so that nothing is given up too early, by as much as the variance of
    eight is too large.
    """
    generator, moved, expected, errors = np.random.default_rng(2), [], [], []
    for _ in range(300):
        whole = generator.normal(0, 3, (32, 1)) + generator.normal(0, 10, (1, 60)) + generator.normal(0, 15, (32, 60))
        whole[np.arange(60) % 5 != np.arange(32)[:, None] % 5] = np.nan
        now, then = two_way(whole[:8]), two_way(whole)
        last = Outlook.of(now)
        moved.append(then.effect - now.effect)
        expected.append(last.spread**2)
        errors.append((after(now, 32)[0], then.error))
    assert np.mean(errors, axis=0)[0] == pytest.approx(np.mean(errors, axis=0)[1], rel=0.1)
    assert 1 < np.mean(expected) / np.var(moved) < 2


def test_an_outlook_counts_what_lies_outside() -> None:
    last = Outlook(1.0, 2.0, 0.5, 0.4)
    assert last.outside((-1.0, 1.0)) == pytest.approx(1 - 0.3413, abs=1e-4)
    assert last.outside((-math.inf, 1.0), (3.0, 3.0), (3.0, 2.0)) == pytest.approx(0.5)
    assert replace(last, spread=0.0).outside((0.0, 2.0)) == 0 and replace(last, spread=0.0).outside((2.0, 3.0)) == 1
    assert Outlook.of(two_way(np.array([[1.0, 2.0]]))).outside((0.0, 1.0)) == 1


@given(st.integers(0, 1000), st.floats(0.5, 30))
def test_as_many_groups_as_are_needed_detect_the_margin(seed: int, margin: float) -> None:
    generator = np.random.default_rng(seed)
    table = generator.normal(0, 3, (8, 1)) + generator.normal(0, 20, (1, 40)) + generator.normal(0, 10, (8, 40))
    interval = two_way(table)
    seeds = max(interval.v_seed - interval.v_resid, 0.0)
    needed = groups_needed(interval, margin)
    if needed is None:
        assert detectable(interval.df) * math.sqrt(seeds) >= margin
    else:
        rest = interval.error**2 - seeds
        enough, fewer = (seeds + rest * 40 / n for n in (needed, max(needed - 1, 0.5)))
        assert detectable(interval.df) * math.sqrt(enough) <= margin * (1 + 1e-9)
        assert needed == 1 or detectable(interval.df) * math.sqrt(fewer) > margin


def test_groups_that_are_tested_once_say_nothing_of_how_many_are_needed() -> None:
    nested = np.full((4, 8), np.nan)
    for repetition in range(4):
        nested[repetition, 2 * repetition : 2 * repetition + 2] = (1.0, repetition)
    interval = two_way(nested)
    assert groups_needed(interval, 1.0) is None and all(map(math.isnan, interval.shares))


@given(st.integers(0, 1000))
def test_the_parts_of_a_variance_are_shares_of_it(seed: int) -> None:
    shares = two_way(np.random.default_rng(seed).normal(0, 1, (6, 9))).shares
    assert sum(shares) == pytest.approx(1) and min(shares) >= 0


@given(st.floats(1, 1e6), st.sampled_from([0.05, 0.025, 0.001]))
def test_the_detectable_effect_is_found_with_its_power(df: float, alpha: float) -> None:
    found = stats.nct.sf(stats.t.isf(alpha, df), df, detectable(df, alpha))
    assert found == pytest.approx(0.8, abs=1e-6 if df >= 2 else 1e-4)
