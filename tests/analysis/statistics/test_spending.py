"""Error spending: published levels, and the error that is made when all looks are taken."""

import numpy as np
import pytest
from scipy import stats

from analysis.looks import LOOKS, MOST
from analysis.statistics.intervals import FIXED
from analysis.statistics.spending import levels_at, nominal, nominal_levels, spent

QUARTERS = (0.25, 0.5, 0.75, 1.0)


def test_the_nominal_levels_are_those_published() -> None:
    """Lan and DeMets (1983), one-sided .05; DeMets and Lan (1994), two-sided .05, so one-sided .025, as z."""
    assert nominal_levels(QUARTERS, 0.05) == pytest.approx([8.9e-5, 0.0055, 0.0219, 0.0427], rel=0.01)
    z = stats.norm.isf(nominal_levels(QUARTERS, 0.025))
    assert z == pytest.approx([4.333, 2.963, 2.359, 2.014], abs=5e-4)


def test_one_look_at_the_end_is_the_fixed_test() -> None:
    assert nominal_levels([1.0], 0.025) == pytest.approx([0.025])
    assert spent(1.0, 0.025) == pytest.approx(0.025)


@pytest.mark.parametrize("n", [8, 10, 12, 13, 16, 24, 31, 32])
def test_a_look_besides_those_planned_spends_what_is_due(n: int) -> None:
    before = [look for look in LOOKS if look < n]
    assert nominal(n, 0.025) == pytest.approx(nominal_levels([look / MOST for look in [*before, n]], 0.025)[-1])
    assert nominal(n, 0.025) <= spent(n / MOST, 0.025)


def test_levels_rise_to_nearly_the_fixed_ones_and_stay() -> None:
    levels = [levels_at(n) for n in (*LOOKS, 40)]
    assert [level.test for level in levels] == sorted(level.test for level in levels)
    assert levels[-1] == levels[-2] and 0.85 * FIXED.test < levels[-1].test < FIXED.test
    assert all(level.test < level.equivalence for level in levels)


def looks(generator: np.random.Generator, draws: int) -> np.ndarray:
    """The z of a mean of normal values at each look, (draws, looks), where there is no effect."""
    sums = generator.standard_normal((draws, MOST)).cumsum(axis=1)[:, np.array(LOOKS) - 1]
    return np.asarray(sums / np.sqrt(LOOKS))


@pytest.mark.parametrize("alpha", [FIXED.test, FIXED.equivalence])
def test_all_looks_together_err_as_often_as_one_test(alpha: float) -> None:
    """By z as often, and by the t of so few repetitions hardly more."""
    values = np.random.default_rng(0).standard_normal((100_000, MOST))
    erred = np.zeros((2, len(values)), dtype=bool)
    for n in LOOKS:
        seen, level = values[:, :n], nominal(n, alpha)
        z = seen.mean(axis=1) * np.sqrt(n)
        t = z / seen.std(axis=1, ddof=1)
        erred |= np.stack([stats.norm.sf(z), stats.t.sf(t, n - 1)]) < level
    by_z, by_t = erred.mean(axis=1) / alpha
    assert by_z == pytest.approx(1, abs=0.05) and by_t == pytest.approx(1.03, abs=0.05)


def test_holm_at_each_look_errs_hardly_more_over_a_family() -> None:
    """Comparing m p with the level is Bonferroni at each look: over eight independent claims .0265 in place of .025."""
    levels, p = np.array([nominal(n, 0.025) for n in LOOKS]), stats.norm.sf(looks(np.random.default_rng(1), 400_000))
    assert 8 * (8 * p < levels).any(axis=1).mean() == pytest.approx(0.0265, abs=0.003)
