"""Intervals for a mean over training seeds and over held-out groups, which both vary.

A seed-only interval speaks of one test set; this one speaks of new seeds and new groups (songs, pitches, instruments).
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.rounding import NOISE

Floats = NDArray[np.float64]

NESTED = 1 + 1e-9
"""How often groups are tested, on average, where none is tested twice (rounding aside)."""


@dataclass(frozen=True)
class Levels:
    """The one-sided levels that decide: of a test, and of each of the two tests of an equivalence."""

    test: float = 0.025
    equivalence: float = 0.05


FIXED = Levels()
"""The levels where the number of repetitions was fixed before the run."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its standard error and degrees of freedom, judged by Student's t.

    `low` and `high` are the limits that decide as those of 95 % do, `low90` and `high90` as those of 90 %: they are
    these where the levels are `FIXED`, and further apart at a look before the last. `limits` are what is shown.
    """

    effect: float
    error: float
    df: float
    n: int
    groups: int
    levels: Levels = field(default=FIXED, kw_only=True)

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of that level; NaN with a single repetition."""
        from scipy import special

        # The functions behind scipy.stats.t, which is slow for single numbers, and these are millions in simulations.
        half = float(special.stdtrit(self.df, (1 + level) / 2)) * self.error if self.df > 0 else math.nan
        return self.effect - half, self.effect + half

    @property
    def low(self) -> float:
        return self.limits(1 - 2 * self.levels.test)[0]

    @property
    def high(self) -> float:
        return self.limits(1 - 2 * self.levels.test)[1]

    @property
    def low90(self) -> float:
        return self.limits(1 - 2 * self.levels.equivalence)[0]

    @property
    def high90(self) -> float:
        return self.limits(1 - 2 * self.levels.equivalence)[1]

    def probabilities(self, margin: float) -> tuple[float, float, float]:
        """That the true effect is below -margin, within and above it, if all effects were equally likely before.

        With such a flat prior the effect follows Student's t about its estimate; NaN with a single repetition.
        """
        below, above = self.p_above(-margin), self.p_below(margin)
        return below, 1 - below - above, above

    def p_above(self, bound: float) -> float:
        """One-sided p of "the effect is at most `bound`"; small where it lies above, NaN with a single repetition."""
        return self._tail(bound - self.effect)

    def p_below(self, bound: float) -> float:
        """One-sided p of "the effect is at least `bound`"; small where it lies below, NaN with a single repetition."""
        return self._tail(self.effect - bound)

    def _tail(self, distance: float) -> float:
        """Student's distribution function at this many units from the estimate: a step without an error."""
        from scipy import special

        if self.df <= 0:
            return math.nan
        return float(special.stdtr(self.df, distance / self.error)) if self.error else float(distance >= 0)


@dataclass(frozen=True)
class Interval(Estimate):
    """A mean with the parts of its variance, from so many cells.

    `lasting` is what is left of the variance with ever more repetitions. `above` and `below` are the numbers of
    repetitions whose own mean is above and below 0.
    """

    above: int
    below: int
    cells: int
    v_seed: float
    v_group: float
    v_resid: float
    lasting: float

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares of the variance that are due to seeds, to groups, and to both together (the residual).

        NaN where no group is tested twice, which cannot tell them apart, and where nothing varies.
        """
        parts = max(self.v_seed - self.v_resid, 0.0), self.lasting, self.v_resid
        known = self.v_group > 0 and sum(parts) > 0
        seeds, groups, both = (part / sum(parts) if known else math.nan for part in parts)
        return seeds, groups, both


def two_way(values: Floats, weights: Floats | None = None, levels: Levels = FIXED) -> Interval:
    """Interval of the mean of a (repetition x group) table, weighted by the items of each group.

    S repetitions s, G groups g, cells d_sg. A cell weighs w_sg: in proportion to its items, 0 for a gap, together 1 / S
    in each repetition. With the mean d = sum w_sg d_sg, the means d_s. = S sum_g w_sg d_sg of the repetitions, and
    p_g = sum_s w_sg, d_.g = sum_s w_sg d_sg / p_g of the groups:

        v_seed  = sum_s (d_s. - d)^2 / (S (S - 1))
        v_group = c sum_g p_g^2 (d_.g - d)^2                        c = 1 / (1 - 2 sum p^3 / sum p^2 + sum p^2)
        v_resid = c S / (S - 1) sum_sg w_sg^2 (d_sg - d_s. - d_.g + d)^2
        v       = max(v_seed + v_group - v_resid, v_seed, v_group)

    and the interval is d +- t(nu) sqrt(v), nu of `satterthwaite`. Each of v_seed and v_group holds the residual
    variance of the mean once, so it is taken off once. c removes the bias of estimating d from the same groups; it is
    G / (G - 1) for equal weights. Up to such factors v is that of Cameron, Gelbach and Miller (2011).

    On a table with gaps, as rotating test parts make, v_resid is too small, for a group that is tested once leaves no
    residual: the interval is too wide rather than too narrow. Where no group is tested twice, v_seed holds all chance
    of the groups, and v is v_seed, as with one group: then it is the t interval over repetitions.

    `values` is (S, G), NaN where a repetition has no item of a group; `weights` are the items per cell, (S, G) or (G,).
    """
    cells = _cell_weights(values, weights)
    parts, mean = _parts(values[None], cells)
    rows = len(cells) * np.where(cells > 0, cells * values, 0.0).sum(axis=1)
    v_seed, v_group, v_resid = (float(part[0, 0]) for part in parts)
    n, groups, filled = *values.shape, int((cells > 0).sum())
    df = satterthwaite(v_seed, v_group, v_resid, n, groups, filled)
    error = math.sqrt(max(v_seed + v_group - v_resid, v_seed, v_group))
    signs, of_v = (int((rows > NOISE).sum()), int((rows < -NOISE).sum())), (v_seed, v_group, v_resid)
    lasting = _lasting(v_group, v_resid, cells)
    return Interval(float(mean[0]), error, df, n, groups, *signs, filled, *of_v, lasting, levels=levels)


def satterthwaite(v_seed: float, v_group: float, v_resid: float, n: int, groups: int, cells: int) -> float:
    """Degrees of freedom of the variance v of `two_way` (Satterthwaite 1946); `cells` are those that are no gaps.

        nu = v^2 / (v_seed^2 / (S - 1) + v_group^2 / (G - 1) + v_resid^2 / max(cells - S - G + 1, 1))

    and no fewer than those of the factor with fewer levels. All three terms stay where v is v_seed or v_group alone,
    because the same data chose it. One group has no variance: then nu is S - 1.
    """
    if groups == 1:
        return n - 1
    fewest, v = min(n, groups) - 1, max(v_seed + v_group - v_resid, v_seed, v_group)
    if not fewest or not v:
        return fewest
    # Variances are taken in units of v, whose square may be too small for a float.
    seed, group, rest = v_seed / v, v_group / v, v_resid / v
    spread = seed**2 / (n - 1) + group**2 / (groups - 1) + rest**2 / max(cells - n - groups + 1, 1)
    return max(1 / spread, fewest)


def _tests(cells: Floats) -> float:
    """How often a group is tested, on average; 1 where none is tested twice."""
    return float((cells.sum(axis=0) ** 2).sum() / (cells**2).sum())


def _lasting(v_group: float, v_resid: float, cells: Floats) -> float:
    """The variance of the mean that is due to the groups; 0 where no group is tested twice, which cannot tell.

    v_resid has the expectation of the residual variance in v_group times (1 - 1 / tests) / (1 - 1 / S).
    """
    tests = _tests(cells)
    return max(v_group - v_resid * (1 - 1 / len(cells)) / (1 - 1 / tests), 0.0) if tests > NESTED else 0.0


def two_way_covariance(values: Floats, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Means (K,) and covariance (K, K) of K means over one (repetition x group) table, by `two_way`'s formulas.

    `values` is (K, S, G). The variances are exactly those of `two_way`; the correlations are those of the sum of the
    three parts, moved to the nearest positive semi-definite matrix by cutting negative eigenvalues.
    """
    parts, means = _parts(values, _cell_weights(values[0], weights))
    v_seed, v_group, v_resid = parts
    variances = np.maximum.reduce([np.diag(v_seed + v_group - v_resid), np.diag(v_seed), np.diag(v_group)])
    errors = np.sqrt(variances)
    return means, _correlation(v_seed + v_group - v_resid) * np.outer(errors, errors)


def _cell_weights(values: Floats, weights: Floats | None) -> Floats:
    """Weights of the cells, 0 for gaps, that sum to 1 / S in each of the S repetitions."""
    items = np.broadcast_to(np.ones(values.shape[1]) if weights is None else weights, values.shape)
    items = np.where(np.isnan(values), 0.0, items)
    return np.asarray(items / items.sum(axis=1, keepdims=True) / len(values), dtype=np.float64)


def _parts(values: Floats, cells: Floats) -> tuple[tuple[Floats, Floats, Floats], Floats]:
    """The (K, K) parts of the covariance of K means, and the means (K,), from (K, S, G) values and (S, G) weights."""
    values = np.where(cells > 0, values, 0.0)
    n, share = len(cells), cells.sum(axis=0)
    rows = n * (cells * values).sum(axis=2)
    mean = rows.mean(axis=1)
    seeds, c, spread = rows - mean[:, None], _group_correction(share), max(n - 1, 1)
    v_seed = seeds @ seeds.T / (n * spread)
    if n > 1 and _tests(cells) <= NESTED:
        return (v_seed, np.zeros_like(v_seed), np.zeros_like(v_seed)), mean
    centred = np.where(cells > 0, values - mean[:, None, None], 0.0)
    columns = (cells * centred).sum(axis=1)
    # A group that no repetition tests has no share, and no part in anything.
    residual = centred - seeds[:, :, None] - (columns / np.where(share > 0, share, 1.0))[:, None, :]
    noise = (cells * residual).reshape(len(values), -1)
    return (v_seed, c * columns @ columns.T, c * n / spread * noise @ noise.T), mean


def _group_correction(share: Floats) -> float:
    """1 over the expected share of a group's variance that is left after the weighted mean is taken off; 0 for one."""
    square = float((share**2).sum())
    left = 1 - 2 * float((share**3).sum()) / square + square
    return 1 / left if len(share) > 1 and left > 1e-9 else 0.0


def _correlation(covariance: Floats) -> Floats:
    """The correlation matrix, made positive semi-definite; identity where a variance is not positive."""
    scale = np.sqrt(np.clip(np.diag(covariance), 0, None))
    safe = np.where(scale > 0, scale, 1.0)
    raw = np.where(np.outer(scale, scale) > 0, covariance / np.outer(safe, safe), 0.0)
    np.fill_diagonal(raw, 1.0)
    values, vectors = np.linalg.eigh(np.clip(raw, -1, 1))
    fixed = (vectors * np.clip(values, 0, None)) @ vectors.T
    diagonal = np.sqrt(np.clip(np.diag(fixed), 1e-12, None))
    return np.asarray(fixed / np.outer(diagonal, diagonal), dtype=np.float64)
