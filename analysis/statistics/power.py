"""What a study can detect, before it is run and after."""

import math
from bisect import bisect_left
from functools import cache

from analysis.statistics.intervals import Interval, satterthwaite

MOST_REPETITIONS = 2000
ALPHA, POWER = 0.025, 0.8


@cache
def detectable(df: float, alpha: float = ALPHA) -> float:
    """The true effect, in standard errors, that a one-sided t test at `alpha` finds with 80 % power (noncentral t)."""
    from scipy import optimize, stats

    if math.isinf(df):
        return float(stats.norm.ppf(1 - alpha) + stats.norm.ppf(POWER))
    critical = stats.t.ppf(1 - alpha, df)
    # The other tail is left out: at this power its share is below 1e-6.
    return float(optimize.brentq(lambda effect: stats.nct.sf(critical, df, effect) - POWER, 0, 20 * critical))


def plan_mde(n: float, seed_sd: float, groups: int, discordant: float, folds: int = 1, alpha: float = ALPHA) -> float:
    """The smallest detectable difference in points, before a run: seeds and held-out groups both vary.

        v = seed_sd^2 / n + 100^2 discordant sum p^2        p: the share of each group in the mean

    `seed_sd` is the SD of the paired difference between seeds (points), `discordant` the share of groups of which one
    arm is right and the other wrong (all items of a group move together), `groups` the number of held-out groups in
    all, not of items. Each repetition tests one in `folds` of them, in turn: sum p^2 falls from folds / (n groups) to
    1 / groups. `n` may be infinite: the limit that the groups set whatever the number of seeds. `alpha` is one-sided.
    """
    each = 1e4 * discordant
    if math.isinf(n):
        return detectable(math.inf, alpha) * math.sqrt(each / groups)
    rounds, more = divmod(int(n), folds)
    together = folds * (more * (rounds + 1) ** 2 + (folds - more) * rounds**2) / (n**2 * groups)
    once = folds / (n * groups)
    v_seed = seed_sd**2 / n + each * max(n * once - together, 0.0) / max(n - 1, 1)
    v = seed_sd**2 / n + each * together
    tested, cells = max(groups * min(int(n), folds) // folds, 1), int(n * groups / folds)
    df = satterthwaite(v_seed, each * together, v_seed + each * together - v, int(n), tested, cells)
    return detectable(df, alpha) * math.sqrt(v)


def decidable(margin: float, mde: float) -> str:
    """Whether "no effect" can be shown: "" if so, else why not, for the plan to print."""
    if margin < 0.59 * mde:
        return "undecidable here"
    return "a true null is shown in less than 80 % of studies" if margin < 1.05 * mde else ""


def repetitions_needed(interval: Interval, margin: float) -> int | None:
    """The number of repetitions at which `margin` becomes the smallest detectable effect; None if none is enough.

    The part of the variance that is due to the groups stays, whatever the number of repetitions.
    """
    if interval.lasting and detectable(math.inf) * math.sqrt(interval.lasting) > margin:
        return None
    n = bisect_left(range(MOST_REPETITIONS), True, 2, key=lambda n: detectable_at(interval, n) <= margin)
    return n if n < MOST_REPETITIONS else None


def detectable_at(interval: Interval, n: int, alpha: float = ALPHA) -> float:
    """The smallest detectable effect of `n` repetitions, from the parts of the variance in those of `interval`."""
    more = interval.n / n
    v = interval.lasting + max(interval.error**2 - interval.lasting, 0.0) * more
    v_seed, v_resid = interval.v_seed * more, interval.v_resid * more
    v_group = max(v - v_seed + v_resid, 0.0)
    cells = round(interval.cells * n / interval.n)
    df = satterthwaite(v_seed, v_group, v_resid, n, interval.groups, cells)
    return detectable(df, alpha) * math.sqrt(v)
