"""Levels of tests that are looked at while repetitions are added: error spending of O'Brien and Fleming's type.

After each look the probability of a false verdict that has been spent, if nothing is there, is

    spent(t) = 2 - 2 Phi(z / sqrt(t))        z = Phi^-1(1 - alpha / 2), t = n / 32

(Lan and DeMets 1983): nearly nothing at first, `alpha` at t = 1. `alpha` is one-sided throughout. The nominal level of
a look is the p value below which it decides. It follows from the levels before it by numerical integration over the
estimate at each look (Armitage, McPherson and Rowe 1969): sums of independent normal increments whose variance is the
fraction of the information that each brings.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from analysis.looks import LOOKS, MOST
from analysis.statistics.intervals import FIXED, Floats, Levels

POINTS, REACH = 401, 8.0


def levels_at(n: int) -> Levels:
    """The levels of a run that stops when decided, after `n` repetitions: of a look planned, or made besides."""
    return Levels(nominal(n, FIXED.test), nominal(n, FIXED.equivalence))


@cache
def nominal(n: int, alpha: float) -> float:
    """The one-sided level of the look after `n` repetitions, where the planned looks before it were made."""
    looks = [*(look for look in LOOKS if look < min(n, MOST)), min(n, MOST)]
    return nominal_levels([look / MOST for look in looks], alpha)[-1]


def nominal_levels(fractions: Sequence[float], alpha: float) -> list[float]:
    """The one-sided level of each look, at increasing fractions of the information."""
    from scipy import stats

    levels, grid, density, past = [], np.zeros(1), np.ones(1), 0.0
    for fraction in fractions:
        step, more = math.sqrt(fraction - past), spent(fraction, alpha) - (spent(past, alpha) if past else 0.0)
        bound = _bound(grid, density, step, more)
        levels.append(float(stats.norm.sf(bound / math.sqrt(fraction))))
        new = np.linspace(-REACH * math.sqrt(fraction), bound, POINTS)
        density = _simpson(new) * (stats.norm.pdf((new[:, None] - grid) / step) / step @ density)
        grid, past = new, fraction
    return levels


def _bound(grid: Floats, density: Floats, step: float, more: float) -> float:
    """What a sum of that density on `grid`, and a normal increment of SD `step`, exceeds with probability `more`."""
    from scipy import optimize, stats

    return float(optimize.brentq(lambda b: density @ stats.norm.sf((b - grid) / step) - more, -REACH, 2 * REACH))


def spent(fraction: float, alpha: float) -> float:
    """The error spent when a fraction of the information is there."""
    from scipy import stats

    return float(2 * stats.norm.sf(stats.norm.isf(alpha / 2) / math.sqrt(fraction)))


def _simpson(grid: Floats) -> Floats:
    """Weights of Simpson's rule on an even grid with an odd number of points."""
    weights = np.ones(len(grid))
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return np.asarray(weights * (grid[1] - grid[0]) / 3, dtype=np.float64)
