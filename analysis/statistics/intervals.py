"""Intervals for a mean over training seeds and over held-out groups, which both vary.

A seed-only interval speaks of one test set; this one speaks of new seeds and new groups (songs, pitches, instruments).
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
        from scipy import stats

        half = float(stats.t.ppf((1 + level) / 2, self.df)) * self.error if self.df > 0 else math.nan
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
        """One-sided p of "the effect is at most `bound`"; small where it lies above."""
        from scipy import stats

        if self.error == 0:
            return float(self.effect <= bound)
        return float(stats.t.sf((self.effect - bound) / self.error, self.df)) if self.df > 0 else math.nan

    def p_below(self, bound: float) -> float:
        """One-sided p of "the effect is at least `bound`"; small where it lies below."""
        from scipy import stats

        if self.error == 0:
            return float(self.effect >= bound)
        return float(stats.t.cdf((self.effect - bound) / self.error, self.df)) if self.df > 0 else math.nan


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


def two_way(values: Floats, weights: Floats | None = None, levels: Levels = FIXED) -> Interval:
    """Interval of the mean of a (repetition x group) table, weighted by the items of each group.

    S repetitions s, G groups g, cells d_sg; a cell weighs w_sg, which sums to 1 / S in each repetition and is 0 for a
    gap. With the mean d = sum w_sg d_sg and the centred cells e_sg = w_sg (d_sg - d),

        v_seed  = S / (S - 1) sum_s (sum_g e_sg)^2
        v_group = c sum_g (sum_s e_sg)^2        c = 1 / (1 - 2 sum p^3 / sum p^2 + sum p^2), p_g = sum_s w_sg
        v_cell  = sum_sg e_sg^2
        v       = max(v_seed + v_group - v_resid, v_seed, v_group)

    v_resid is what v_seed and v_group both count: v_cell, corrected by multiples of v_seed and v_group that follow from
    the weights alone, such that v is unbiased for d_sg = mean + seed_s + group_g + rest_sg. On a complete table it is
    the residual variance of the mean, by the analysis of variance; on one in which no group is tested twice v is
    v_seed. Without the corrections for few seeds and groups v is that of Cameron, Gelbach and Miller (2011).

    The interval is d +- t(nu) sqrt(v), nu of `satterthwaite`. With one group it is the t interval over repetitions.
    `values` is (S, G), NaN where a repetition has no item of a group; `weights` are the items per cell, (S, G) or (G,).
    """
    cells = _cell_weights(values, weights)
    parts, mean = _parts(values[None], cells)
    rows = (cells * np.where(cells > 0, values, 0.0)).sum(axis=1)
    v_seed, v_group, v_resid = (float(part[0, 0]) for part in parts)
    n, groups = values.shape
    filled = int((cells > 0).sum())
    df = satterthwaite(v_seed, v_group, v_resid, n, groups, filled)
    error = math.sqrt(max(v_seed + v_group - v_resid, v_seed, v_group))
    lasting = _lasting(v_group - v_resid, cells)
    signs = int((rows > 0).sum()), int((rows < 0).sum())
    parts_of_v = v_seed, v_group, v_resid, lasting
    return Interval(float(mean[0]), error, df, n, groups, *signs, filled, *parts_of_v, levels=levels)


def satterthwaite(v_seed: float, v_group: float, v_resid: float, n: int, groups: int, cells: int) -> float:
    """Degrees of freedom of the variance v of `two_way` (Satterthwaite 1946); `cells` are those that are no gaps.

        nu = v^2 / (v_seed^2 / (S - 1) + v_group^2 / (G - 1) + v_resid^2 / max(cells - S - G + 1, 1))

    with the terms of which v consists: where v is v_seed or v_group alone, nu is S - 1 or G - 1. It is no fewer than
    that of the factor with fewer levels; with one group, which has no variance, it is S - 1.
    """
    v = max(v_seed + v_group - v_resid, v_seed, v_group)
    if groups == 1 or (v == v_seed and n > 1):
        return n - 1
    fewest = min(n, groups) - 1
    if not fewest:
        return fewest
    if v == v_group:
        return groups - 1
    # Variances are taken in units of v, whose square may be too small for a float.
    seed, group, rest = v_seed / v, v_group / v, v_resid / v
    spread = seed**2 / (n - 1) + group**2 / (groups - 1) + rest**2 / max(cells - n - groups + 1, 1)
    return max(1 / spread, fewest)


def _lasting(excess: float, cells: Floats) -> float:
    """The variance of the mean that is due to the groups; 0 where no group is tested twice, which cannot tell.

    `excess` = v_group - v_resid has the expectation of it times (1 - 1 / tests) / (1 - 1 / S), where `tests` is how
    often a group is tested, on average.
    """
    tests = float((cells.sum(axis=0) ** 2).sum() / (cells**2).sum())
    return max(excess, 0.0) * (1 - 1 / len(cells)) / (1 - 1 / tests) if tests > 1 + 1e-9 else 0.0


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
    means = (cells * values).sum(axis=(1, 2))
    centred = cells * (values - means[:, None, None])
    seeds, groups, each = centred.sum(axis=2), centred.sum(axis=1), centred.reshape(len(values), -1)
    n, c = len(cells), _group_correction(cells.sum(axis=0))
    found = n / max(n - 1, 1) * seeds @ seeds.T, c * groups @ groups.T, each @ each.T
    v_resid = np.tensordot(_counted_twice(cells, c), np.stack(found), axes=1)
    return (found[0], found[1], v_resid), means


def _counted_twice(cells: Floats, c: float) -> Floats:
    """Multiples (3,) of v_seed, v_group and v_cell of which v_resid is the sum, from the weights (S, G) alone.

    They solve E(v_resid) = E(v_seed) + E(v_group) - Var(mean) for each variance component: of seeds, groups and rest.
    What the table cannot tell apart has the solution of the least norm.
    """
    n, share, square = len(cells), cells.sum(axis=0), cells**2
    p2, p3, q = (share**2).sum(), (share**3).sum(), square.sum()
    mixed = (square.sum(axis=0) * share).sum()
    part = 1 - 1 / n
    # Rows: the expectations of v_seed, v_group and v_cell; columns: the share of each component in them.
    seed = np.array([part / n, q - p2 / n, q * part]) * n / max(n - 1, 1)
    group = np.array([q - p2 / n, p2 - 2 * p3 + p2**2, q - 2 * mixed + p2 * q]) * c
    cell = np.array([q * part, q * (1 + p2) - 2 * mixed, q * (1 + q) - 2 * (cells**3).sum()])
    wanted = seed + group - np.array([1 / n, p2, q])
    return np.asarray(np.linalg.lstsq(np.stack([seed, group, cell]).T, wanted, rcond=1e-9)[0])


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
