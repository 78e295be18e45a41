"""What a study can detect, before it is run and after."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from analysis.looks import MOST
from analysis.statistics.intervals import Interval, satterthwaite
from analysis.statistics.spending import levels_at

MOST_REPETITIONS = 2000
ALPHA, POWER = 0.025, 0.8


@cache
def detectable(df: float, alpha: float = ALPHA) -> float:
    """The true effect, in standard errors, that a one-sided t test at `alpha` finds with 80 % power (noncentral t).

    To 1e-6 of itself from two degrees of freedom on, and to 1e-3 below.
    """
    from scipy import special

    if math.isinf(df):
        return float(special.ndtri(1 - alpha) + special.ndtri(POWER))
    # The other tail is left out: at this power its share is below 1e-6.
    return float(special.nctdtrinc(df, 1 - POWER, special.stdtrit(df, 1 - alpha)))


def plan_mde(n: float, seed_sd: float, groups: int, discordant: float, folds: int = 1, alpha: float = ALPHA) -> float:
    """The smallest detectable difference in points, before a run: seeds and held-out groups both vary.

        v = seed_sd^2 / n + 100^2 discordant / groups

    and more where each repetition tests one in `folds` of the groups, in turn: what `two_way` is then expected to find.
    `seed_sd` is the SD of the paired difference between seeds (points), `discordant` the share of groups of which one
    arm is right and the other wrong (all items of a group move together), `groups` the number of held-out groups in
    all, not of items. `n` may be infinite: the limit that the groups set whatever the number of seeds. `alpha` is
    one-sided.
    """
    each = 1e4 * discordant / groups
    if math.isinf(n):
        return detectable(math.inf, alpha) * math.sqrt(each)
    n = int(n)
    rounds, more = divmod(n, folds)
    # The sum of the squared shares of all groups in the mean, and of all cells, times the number of groups.
    shares, once = folds * (more * (rounds + 1) ** 2 + (folds - more) * rounds**2) / n**2, folds / n
    v_seed = seed_sd**2 / n + each * max(n * once - shares, 0.0) / max(n - 1, 1)
    v_group = each * shares if n > folds or folds == 1 else 0.0
    tested = max(groups * min(n, folds) // folds, 1)
    df = satterthwaite(v_seed, v_group, 0.0, n, tested, n * groups // folds)
    return detectable(df, alpha) * math.sqrt(v_seed + v_group)


def too_small(margin: float, mde: float) -> bool:
    """Whether a margin lies so far below the smallest detectable effect that "no effect" cannot be shown."""
    return margin < 0.59 * mde


def decidable(margin: float, mde: float) -> str:
    """Whether "no effect" can be shown: "" if so, else why not, for the plan to print."""
    if too_small(margin, mde):
        return f"effects smaller than {mde / 1.05:.1f} points cannot be shown to be none"
    return "a true null is shown in less than 80 % of studies" if margin < 1.05 * mde else ""


def repetitions_needed(interval: Interval, margin: float) -> int | None:
    """The number of repetitions at which `margin` becomes the smallest detectable effect; None if none is enough.

    The part of the variance that is due to the groups stays, whatever the number of repetitions.
    """
    if interval.lasting and detectable(math.inf) * math.sqrt(interval.lasting) > margin:
        return None
    n = bisect_left(range(MOST_REPETITIONS), True, 2, key=lambda n: detectable_at(interval, n) <= margin)
    return n if n < MOST_REPETITIONS else None


def groups_needed(interval: Interval, margin: float) -> int | None:
    """The number of test groups at which `margin` becomes the smallest detectable effect; None if none is enough.

    The variance between seeds stays as it is, and so do the degrees of freedom; all else falls with the groups. None,
    too, where no group is tested twice, which cannot tell seeds from groups.
    """
    if interval.df <= 0 or not interval.v_group:
        return None
    seeds = max(interval.v_seed - interval.v_resid, 0.0)
    room = (margin / detectable(interval.df)) ** 2 - seeds
    return math.ceil(interval.groups * max(interval.error**2 - seeds, 0.0) / room) if room > 0 else None


def detectable_at(interval: Interval, n: int) -> float:
    """The smallest detectable effect of `n` repetitions like those of `interval`."""
    error, df = after(interval, n)
    return detectable(df) * error


def after(interval: Interval, n: int) -> tuple[float, float]:
    """The standard error and the degrees of freedom of `n` repetitions like those of `interval`."""
    more = interval.n / n
    v = interval.lasting + max(interval.error**2 - interval.lasting, 0.0) * more
    v_seed, v_resid = interval.v_seed * more, interval.v_resid * more
    v_group = max(v - v_seed + v_resid, 0.0)
    cells = round(interval.cells * n / interval.n)
    return math.sqrt(v), satterthwaite(v_seed, v_group, v_resid, n, interval.groups, cells)


@dataclass(frozen=True)
class Outlook:
    """What the last look will say: an estimate that is normal about the present effect with this `spread` (SD).

    It will be off a value by a test where it is further from it than `half`, and by one of the two tests of an
    equivalence where it is further than `half90`. NaN where the present repetitions cannot say.
    """

    effect: float
    spread: float
    half: float
    half90: float

    @classmethod
    def of(cls, interval: Interval) -> "Outlook":
        from scipy import stats

        if interval.df <= 0:
            return cls(interval.effect, math.nan, math.nan, math.nan)
        n, (error, df) = max(interval.n, MOST), after(interval, max(interval.n, MOST))
        half, half90 = (
            error * float(stats.t.isf(level, df)) for level in (levels_at(n).test, levels_at(n).equivalence)
        )
        return cls(interval.effect, math.sqrt(max(interval.error**2 - error**2, 0.0)), half, half90)

    def outside(self, *zones: tuple[float, float]) -> float:
        """The probability that the last estimate lies in none of these zones, which are apart; 1 where it is NaN."""
        from scipy import stats

        if math.isnan(self.spread):
            return 1.0
        if not self.spread:
            return float(not any(low <= self.effect < high for low, high in zones))
        within = (stats.norm.cdf(zone, self.effect, self.spread) for zone in zones if zone[0] < zone[1])
        return 1.0 - float(sum(high - low for low, high in within))
