"""Intervals for a mean over training seeds and over held-out groups, which both vary.

A seed-only interval speaks of one test set; this one speaks of new seeds and new groups (songs, pitches, instruments).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """An effect with its standard error and degrees of freedom, judged by Student's t.

    `low` and `high` are the limits of 95 %, `low90` and `high90` those of 90 %.
    """

    effect: float
    error: float
    df: float
    n: int
    groups: int

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of that level; NaN with a single repetition."""
        from scipy import stats

        half = float(stats.t.ppf((1 + level) / 2, self.df)) * self.error if self.df > 0 else math.nan
        return self.effect - half, self.effect + half

    @property
    def low(self) -> float:
        return self.limits()[0]

    @property
    def high(self) -> float:
        return self.limits()[1]

    @property
    def low90(self) -> float:
        return self.limits(0.90)[0]

    @property
    def high90(self) -> float:
        return self.limits(0.90)[1]

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
    """A mean with the parts of its variance."""

    v_seed: float
    v_group: float
    v_resid: float


def two_way(values: Floats, weights: Floats | None = None) -> Interval:
    """Interval of the mean of a (repetition x group) table, weighted by the items of each group.

    With S repetitions s, G groups g, weights w_g that sum to 1, cells d_sg and means d_s. = sum_g w_g d_sg and
    d_.g = mean_s d_sg:

        v_seed  = sum_s (d_s. - d)^2 / (S (S - 1))
        v_group = c sum_g w_g^2 (d_.g - d)^2                        c = 1 / (1 - 2 sum w^3 / sum w^2 + sum w^2)
        v_resid = c sum_sg w_g^2 (d_sg - d_s. - d_.g + d)^2 / (S (S - 1))
        v       = max(v_seed + v_group - v_resid, v_seed, v_group)

    and the interval is d +- t(min(S, G) - 1) sqrt(v). Each of v_seed and v_group holds the residual variance of the
    mean once, so it is taken off once. c removes the bias of estimating d from the same groups; it is G / (G - 1) for
    equal weights. With one group, v is v_seed and the interval is the t interval over repetitions.

    `values` is (S, G), NaN where a repetition has no item of a group; `weights` are the items per cell, (S, G) or (G,).
    A table with gaps uses cell weights w_sg / sum_g w_sg and is the same formula.
    """
    parts, mean = _parts(values[None], _cell_weights(values, weights))
    v_seed, v_group, v_resid = (float(part[0, 0]) for part in parts)
    variance = max(v_seed + v_group - v_resid, v_seed, v_group)
    n, groups = values.shape
    return Interval(float(mean[0]), math.sqrt(variance), degrees(n, groups), n, groups, v_seed, v_group, v_resid)


def degrees(n: int, groups: int) -> int:
    """Degrees of freedom: of the factor with fewer levels, less one; groups do not count where there is one."""
    return (min(n, groups) if groups > 1 else n) - 1


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
    centred = np.where(cells > 0, values - mean[:, None, None], 0.0)
    columns = (cells * centred).sum(axis=1)
    residual = centred - (rows - mean[:, None])[:, :, None] - (columns / share)[:, None, :]
    noise = (cells * residual).reshape(len(values), -1)
    seeds, c = rows - mean[:, None], _group_correction(share)
    spread = max(n - 1, 1)
    v_seed = seeds @ seeds.T / (n * spread)
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
