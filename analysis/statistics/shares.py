"""Shares, medians and ranks with their intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.rounding import NOISE
from analysis.statistics.intervals import Floats


@dataclass(frozen=True)
class RunShare:
    """A share of runs, and of how many independent ones it is worth (`n`)."""

    share: float
    n: float

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of Clopper and Pearson (1934)."""
        from scipy import stats

        inside, tail = self.share * self.n, (1 - level) / 2
        low = float(stats.beta.ppf(tail, inside, self.n - inside + 1)) if self.share > 0 else 0.0
        high = float(stats.beta.ppf(1 - tail, inside + 1, self.n - inside)) if self.share < 1 else 1.0
        return low, high

    def p_above(self, bound: float) -> float:
        """One-sided p of "the share is at most `bound`"."""
        from scipy import stats

        inside = self.share * self.n
        if bound < 0:
            return 0.0
        return float(stats.beta.cdf(bound, inside, self.n - inside + 1)) if self.share > 0 else 1.0

    def p_below(self, bound: float) -> float:
        """One-sided p of "the share is at least `bound`"."""
        return RunShare(1 - self.share, self.n).p_above(1 - bound)


@dataclass(frozen=True)
class Bootstrapped:
    """A figure, and the same of each sample that was drawn; no samples where none can be drawn.

    Of a share also what it is as one of so many independent pairs: near 0 and 1 samples of few pairs vary too little.
    """

    value: float
    drawn: Floats
    counted: RunShare | None = None

    def limits(self, alpha: float = 0.025) -> tuple[float, float]:
        """The interval that leaves `alpha` on each side; NaN without samples, infinite where they are too few."""
        if not len(self.drawn):
            return math.nan, math.nan
        if len(self.drawn) * alpha < 1:
            return -math.inf, math.inf
        low, high = np.quantile(self.drawn, [alpha, 1 - alpha])
        least, most = self.counted.limits(1 - 2 * alpha) if self.counted else (low, high)
        return float(min(low, least)), float(max(high, most))


def median_interval(values: Floats, alpha: float = 0.025) -> tuple[float, float, float]:
    """Median, and the interval between order statistics that leaves at most `alpha` on each side, for any distribution.

    It is that of the sign test. With too few values (fewer than 6 for 95 %) the limits are minus and plus infinity.
    """
    from scipy import stats

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    rank = int(stats.binom.ppf(alpha, n, 0.5))
    if rank < 1:
        return float(np.median(ordered)), -math.inf, math.inf
    return float(np.median(ordered)), float(ordered[rank - 1]), float(ordered[n - rank])


def clustered_share(
    differences: Floats, clusters: Sequence[int], generator: np.random.Generator, draws: int = 2000
) -> Bootstrapped:
    """Share of pairs whose mean difference is at least 0, with bootstrap samples of it, and as it was counted.

    `differences` is (pairs, repetitions); pairs with one cluster number share runs and are drawn together. Each draw
    takes clusters with replacement and, inside, repetitions with replacement. One cluster cannot be drawn from.
    """
    labels = np.asarray(clusters)
    up = differences.mean(axis=1) >= -NOISE
    share = float(up.mean())
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    if len(members) < 2:
        return Bootstrapped(share, np.empty(0))
    drawn = generator.integers(len(members), size=(draws, len(members)))
    ups, sizes = np.zeros(drawn.shape), np.zeros(drawn.shape)
    for number, pairs in enumerate(members):
        here = drawn == number
        seeds = generator.integers(differences.shape[1], size=(here.sum(), differences.shape[1]))
        ups[here] = (differences[pairs][:, seeds].mean(axis=2) >= -NOISE).sum(axis=0)
        sizes[here] = len(pairs)
    counts = run_share(*(np.array([float(each[pairs].sum()) for pairs in members]) for each in (up, np.ones(len(up)))))
    return Bootstrapped(share, ups.sum(axis=1) / sizes.sum(axis=1), counts)


def run_share(inside: Floats, runs: Floats) -> RunShare:
    """The share of runs inside a range: `inside` of `runs` (repetitions,) in each repetition.

    Runs of one repetition share their data and seed. So the share is worth p (1 - p) / v runs, v being its variance
    between repetitions, less what estimating that costs (Korn and Graubard 1998): never more than there are, nor fewer
    than repetitions, which it also is where no run, or every run, is inside.
    """
    from scipy import stats

    share, most, fewest = float(inside.sum() / runs.sum()), float(runs.sum()), float(len(runs))
    if fewest < 2 or share in (0.0, 1.0):
        return RunShare(share, fewest)
    v = fewest / (fewest - 1) * float(((inside - share * runs) ** 2).sum()) / most**2
    known = (stats.t.ppf(0.975, most - 1) / stats.t.ppf(0.975, fewest - 1)) ** 2
    worth = share * (1 - share) / v * known if v > 0 else most
    return RunShare(share, float(np.clip(worth, fewest, most)))


def kendall(
    printed: Floats, cells: Floats, weights: Floats, generator: np.random.Generator, draws: int = 2000
) -> Bootstrapped:
    """Kendall's tau-b of K measured means with a printed ranking, with bootstrap samples of it over groups.

    `printed` (K,) is higher for what was printed as better; `cells` (K, G) are means over repetitions, `weights` (G,)
    items. Groups are drawn, not repetitions: the percentile bootstrap over few repetitions is too narrow. One group
    cannot be drawn from.
    """
    share = weights / weights.sum()
    tau = float(tau_b(printed, (cells @ share)[None])[0])
    if len(share) < 2:
        return Bootstrapped(tau, np.empty(0))
    counts = generator.multinomial(len(share), np.full(len(share), 1 / len(share)), draws) * share
    taus = tau_b(printed, counts / counts.sum(axis=1, keepdims=True) @ cells.T)
    return Bootstrapped(tau, taus)


def tau_b(ranking: Floats, means: Floats) -> Floats:
    """Kendall's tau-b (1945) of `ranking` (K,) with each row of `means` (draws, K); 0 for a row of equal means."""
    first, second = np.triu_indices(len(ranking), 1)
    apart = means[:, first] - means[:, second]
    printed, found = np.sign(ranking[first] - ranking[second]), np.where(np.abs(apart) > NOISE, np.sign(apart), 0.0)
    scale = np.sqrt((printed**2).sum() * (found**2).sum(axis=1))
    return np.asarray(np.where(scale > 0, found @ printed, 0.0) / np.where(scale > 0, scale, 1), dtype=np.float64)
