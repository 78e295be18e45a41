"""Adjusting for several comparisons."""

import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ttost_paired

from analysis.statistics import holm, max_t, two_way

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(p_values)
def test_holm_is_that_of_statsmodels(p: list[float]) -> None:
    # It collects garbage each time, which takes long where many modules have been imported.
    with patch("gc.collect"):
        expected = multipletests(p, method="holm")[1]
    assert holm(p) == pytest.approx(expected)


@given(p_values, st.integers(0, 30))
def test_holm_keeps_order_and_lies_between_raw_and_bonferroni(p: list[float], more: int) -> None:
    size = len(p) + more
    adjusted, raw = holm([*p, *[math.nan] * more])[: len(p)], np.array(p)
    assert (adjusted >= raw).all()
    assert (adjusted <= np.minimum(1, size * raw) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0).all()


@given(p_values, st.integers(1, 10))
def test_a_claim_that_was_not_run_counts_in_the_family(p: list[float], missing: int) -> None:
    gaps, without = [*p, *[math.nan] * missing], [*p, *[1.0] * missing]
    assert holm(gaps)[: len(p)] == pytest.approx(holm(without)[: len(p)])
    assert np.isnan(holm(gaps)[len(p) :]).all()


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3))
def test_equivalence_is_that_of_statsmodels(seed: int, margin: float) -> None:
    generator = np.random.default_rng(seed)
    first, second = generator.normal(size=(2, 10))
    expected = ttost_paired(first, second, -margin, margin)[0]
    interval = two_way((first - second)[:, None])
    assert max(interval.p_above(-margin), interval.p_below(margin)) == pytest.approx(expected)
    assert (expected < 0.05) == (-margin < interval.low90 and interval.high90 < margin)


def test_max_t_of_one_comparison_is_the_t_test() -> None:
    p = max_t(np.array([2.0]), np.array([[1.0]]), 9, np.random.default_rng(0), draws=200_000)
    assert p[0] == pytest.approx(stats.t.sf(2, 9), abs=0.002)


def test_max_t_lies_between_raw_and_bonferroni_and_shrinks_with_correlation() -> None:
    effects, independent = np.array([2.0, 1.0, 2.5, 0.0]), np.eye(4)
    raw, generator = stats.t.sf(effects, 9), np.random.default_rng(0)
    apart = max_t(effects, independent, 9, generator)
    together = max_t(effects, 0.95 * np.ones((4, 4)) + 0.05 * independent, 9, generator)
    assert (apart >= raw - 0.01).all() and (apart <= np.minimum(1, 4 * raw) + 0.01).all()
    assert (together <= apart + 0.01).all()


def test_max_t_is_dunnett() -> None:
    generator = np.random.default_rng(5)
    control, *others = generator.normal([[0.0], [0.6], [0.3]], 1, (3, 12))
    expected = stats.dunnett(*others, control=control, alternative="greater", rng=generator).pvalue
    pooled = np.mean([np.var(x, ddof=1) for x in (control, *others)])
    covariance = pooled / 12 * (np.eye(2) + np.ones((2, 2)))
    effects = np.array([x.mean() - control.mean() for x in others])
    assert max_t(effects, covariance, 33, generator) == pytest.approx(expected, abs=0.01)
