"""What a study can detect, before it is run and after."""

import math
from functools import cache

from analysis.statistics.intervals import Interval, degrees

MOST_REPETITIONS = 2000
ALPHA, POWER = 0.05, 0.8


@cache
def detectable(df: float) -> float:
    """The true effect, in standard errors, that a two-sided t test at 5 % finds with 80 % power (noncentral t)."""
    from scipy import optimize, stats

    if math.isinf(df):
        return float(stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER))
    critical = stats.t.ppf(1 - ALPHA / 2, df)
    # The other tail is left out: at this power its share is below 1e-6.
    return float(optimize.brentq(lambda effect: stats.nct.sf(critical, df, effect) - POWER, 0, 20 * critical))


def plan_mde(n: float, seed_sd: float, groups: int, discordant: float) -> float:
    """The smallest detectable difference in points, before a run: seeds and held-out groups both vary.

        v = seed_sd^2 / n + 100^2 discordant / groups

    `seed_sd` is the SD of the paired difference between seeds (points), `discordant` the share of groups of which one
    arm is right and the other wrong (all items of a group move together), `groups` the number of held-out groups, not
    of items. `n` may be infinite: the limit that the test set sets whatever the number of seeds.
    """
    variance = (seed_sd**2 / n if math.isfinite(n) else 0.0) + 1e4 * discordant / groups
    df = math.inf if math.isinf(n) else degrees(int(n), groups)
    return detectable(df) * math.sqrt(variance)


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
    for n in range(2, MOST_REPETITIONS):
        if detectable(degrees(n, interval.groups)) * math.sqrt(fixed + per_seed / n) <= margin:
            return n
    return None
