"""What a study can detect, before it is run and after."""

import math
from functools import cache

import numpy as np
import pandas as pd
from scipy import optimize, stats

from analysis.statistics.intervals import Interval, degrees

MOST_PAIRS = 2000


@cache
def detectable(df: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """The true effect, in standard errors, that a two-sided t test finds with that power (noncentral t)."""
    if math.isinf(df):
        return float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power))
    critical = stats.t.ppf(1 - alpha / 2, df)
    # The other tail is left out: at this power its share is below 1e-6.
    return float(optimize.brentq(lambda effect: stats.nct.sf(critical, df, effect) - power, 0, 20 * critical))


def smallest_detectable_effect(n: int, sd_pairs: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """The difference that n pairs with that SD of the paired difference detect, in the SD's unit."""
    return detectable(n - 1, alpha, power) * sd_pairs / math.sqrt(n)


def pairs_needed(difference: float, sd_pairs: float, alpha: float = 0.05, power: float = 0.8) -> int | None:
    """The least number of pairs that detects `difference` with a paired t test; None above 2000."""
    enough = (n for n in range(2, MOST_PAIRS) if smallest_detectable_effect(n, sd_pairs, alpha, power) <= difference)
    return next(enough, None)


def equivalence_power(n: int, sd_pairs: float, margin: float, alpha: float = 0.05) -> float:
    """Power of two one-sided tests at a true difference of 0, integrated over the distribution of the estimated SD."""
    quantiles = (np.arange(2000) + 0.5) / 2000
    ratio = np.sqrt(stats.chi2.ppf(quantiles, n - 1) / (n - 1))
    error = sd_pairs / math.sqrt(n)
    room = margin / error - stats.t.ppf(1 - alpha, n - 1) * ratio
    return float(np.clip(2 * stats.norm.cdf(room) - 1, 0, None).mean())


def pairs_needed_equivalence(margin: float, sd_pairs: float, alpha: float = 0.05, power: float = 0.8) -> int | None:
    """The least number of pairs that shows a true difference of 0 to be within the margin; None above 2000."""
    enough = (n for n in range(2, MOST_PAIRS) if equivalence_power(n, sd_pairs, margin, alpha) >= power)
    return next(enough, None)


def plan_mde(
    n: float, seed_sd: float, groups: int, discordant: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The smallest detectable difference in points, before a run: seeds and held-out groups both vary.

        v = seed_sd^2 / n + 100^2 discordant / groups

    `seed_sd` is the SD of the paired difference between seeds (points), `discordant` the share of groups of which one
    arm is right and the other wrong (all items of a group move together), `groups` the number of held-out groups, not
    of items. `n` may be infinite: the limit that the test set sets whatever the number of seeds.
    """
    variance = (seed_sd**2 / n if math.isfinite(n) else 0.0) + 1e4 * discordant / groups
    df = math.inf if math.isinf(n) else degrees(int(n), groups)
    return detectable(df, alpha, power) * math.sqrt(variance)


def decidable(margin: float, mde: float) -> str:
    """Whether "no effect" can be shown: "" if so, else why not, for the plan to print."""
    if margin < 0.59 * mde:
        return "undecidable here"
    return "a true null is shown in less than 80 % of studies" if margin < 1.05 * mde else ""


def repetitions_needed(interval: Interval, margin: float) -> int | None:
    """The number of repetitions at which `margin` becomes the smallest detectable effect; None if none is enough.

    The part of the variance that is due to the groups stays, whatever the number of repetitions.
    """
    fixed = max(interval.v_group - interval.v_resid, 0.0)
    per_seed = max(interval.error**2 - fixed, 0.0) * interval.n
    if fixed and detectable(math.inf) * math.sqrt(fixed) > margin:
        return None
    for n in range(2, MOST_PAIRS):
        if detectable(degrees(n, interval.groups)) * math.sqrt(fixed + per_seed / n) <= margin:
            return n
    return None


def operating_characteristics(
    n: int,
    seed_sd: float,
    margin: float,
    generator: np.random.Generator,
    *,
    groups: float = math.inf,
    discordant: float = 0.0,
    tests: int = 1,
    truths: tuple[float, ...] = (-2, 0, 1, 2, 3, 5),
    draws: int = 4000,
) -> pd.DataFrame:
    """How often the rule for "A beats B" says reproduced and contradicted, by the true difference (points).

    Simulated from normal seeds (SD `seed_sd` of a pair) and a test set of `groups` with that discordant share; `tests`
    is the family, at its strictest step (Bonferroni's). Columns: truth, reproduced, contradicted (shares of draws).
    """
    test = 1e4 * discordant / groups
    level = stats.t.ppf(1 - 0.025 / tests, degrees(n, int(groups)) if math.isfinite(groups) else n - 1)
    rows = []
    for truth in truths:
        seeds = generator.normal(truth, seed_sd, (draws, n)) + generator.normal(0, math.sqrt(test), (draws, 1))
        effect = seeds.mean(axis=1)
        half = level * np.sqrt(seeds.var(axis=1, ddof=1) / n + test)
        reproduced = (effect - half > 0) & (effect >= margin)
        rows.append((truth, reproduced.mean(), ((effect + half < margin) & ~reproduced).mean()))
    return pd.DataFrame(rows, columns=["truth", "reproduced", "contradicted"])
