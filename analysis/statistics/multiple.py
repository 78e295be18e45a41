"""Several comparisons at once: Holm over the claims of a study, the maximum statistic over the levels of one claim."""

from collections.abc import Sequence

import numpy as np

from analysis.statistics.intervals import Floats


def holm(p: Sequence[float]) -> Floats:
    """Holm's step-down adjusted p values (1979), in the order given.

    NaN counts in the family and stays NaN: so does a claim that was registered and not run.
    """
    raw = np.asarray(p, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    steps = np.arange(len(raw), 0, -1)
    adjusted = np.empty_like(raw)
    adjusted[order] = np.maximum.accumulate(np.minimum(1.0, steps * raw[order]))
    return adjusted


def max_t(
    effects: Floats, covariance: Floats, df: float, generator: np.random.Generator, draws: int = 20_000
) -> Floats:
    """One-sided p of "this mean is not above 0", adjusted over K correlated means: P(max_j T_j >= t_k).

    T is multivariate t with `df` degrees of freedom and the correlations of `covariance` (K, K), drawn `draws` times
    (the single-step maximum statistic; for comparisons with one control it is Dunnett's test, 1955). Means without
    variance have p 0 or 1.
    """
    errors = np.sqrt(np.diag(covariance))
    fixed = errors == 0
    scale = np.where(fixed, 1.0, errors)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    root = vectors * np.sqrt(np.clip(values, 0, None))
    normal = generator.standard_normal((draws, len(effects))) @ root.T
    largest = (normal / np.sqrt(generator.chisquare(df, (draws, 1)) / df)).max(axis=1)
    counts = (largest[:, None] >= effects / scale).sum(axis=0)
    return np.where(fixed, (effects <= 0).astype(np.float64), (1 + counts) / (1 + draws))
