"""Differences of arms with their intervals, and the rules that several kinds of claim share."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from analysis.claims.claim import Cells, Claim, Generator, Pair, Trials
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sentences import more_needed
from analysis.claims.sides import Side, Sides, arms_of, called, combined, drawn, value
from analysis.errors import NotRun
from analysis.metrics import METRICS
from analysis.statistics import Interval, holm, max_t
from analysis.statistics.intervals import Floats
from analysis.statistics.power import Outlook

Name = TypeVar("Name", bound=Hashable)
DIRECTION_ENDS = {
    "reversed": "the order is reversed",
    "negligible": "the sign holds, the size does not",
    "null": "the difference lies inside the margin",
}


def against(cells: Cells, first: Side, second: Side, sign: int = 1) -> Interval:
    """Interval of (first - second) times `sign`."""
    return cells.interval(*combined(first, second, sign))


def inside(interval: Interval, margin: float) -> bool:
    """Whether the 90 % interval lies in (-margin, margin): two one-sided tests at 5 % (TOST)."""
    return -margin < interval.low90 and interval.high90 < margin


def direction(interval: Interval, margin: float) -> str:
    """The kind of contradiction of a claimed advantage of at least `margin`, by the first that fits."""
    if interval.high < 0:
        return "reversed"
    if interval.low > 0:
        return "negligible"
    return "null" if inside(interval, margin) else f"not larger than {margin:g}"


def chance_of_direction(interval: Interval, margin: float, bound: float) -> float:
    """The probability that the last look shows an effect of at least `margin`, or excludes one of `bound`."""
    last = Outlook.of(interval)
    return last.outside((bound - last.half, max(last.half, margin)))


def chance_of_equality(interval: Interval, bottom: float, top: float) -> float:
    """The probability that the last look shows an effect between two bounds, or one beyond them."""
    last, middle = Outlook.of(interval), (bottom + top) / 2
    zones = (bottom - last.half, min(bottom + last.half90, middle)), (max(top - last.half90, middle), top + last.half)
    return last.outside(*zones)


def directed(claim: Claim, cells: Cells, interval: Interval, sides: Pair, sign: int, also: str = "") -> Evidence:
    """Off zero and at least the margin; contradicted where an effect of the margin is excluded.

    `sides` times `sign` are the difference as claimed.
    """
    shown, label = claim.shown(cells, interval, sides, sign, also), direction(interval, claim.margin)
    advantage, ending = f"an advantage of {claim.band}", DIRECTION_ENDS.get(label, "")
    return Evidence(
        holds=interval.effect >= claim.margin,
        fails=True,
        ends={
            "reproduced": f"the advantage is off zero and at least {claim.band}",
            "contradicted": f"{advantage} is excluded" + (f", and {ending}" if ending else ""),
            "inconclusive": f"{advantage} is neither shown nor excluded after Holm's adjustment; "
            f"{more_needed(shown['smallest_detectable'], shown['needed'], interval.n, claim.unit)}",
        },
        p=interval.p_above(0.0),
        p_below=interval.p_below(claim.margin),
        label=label,
        chance=chance_of_direction(interval, claim.margin, claim.margin),
        **shown,
    )


def everywhere(
    claim: Claim,
    cells: Cells,
    pairs: Sequence[Sides],
    what: str,
    bound: float,
    ends: Mapping[str, str],
    label: str = "",
) -> Evidence:
    """In every pair off zero and at least the margin; contradicted where an effect of `bound` is excluded in one."""
    intervals = [against(cells, first, second, claim.sign) for first, second in pairs]
    weakest = int(np.argmin([i.effect for i in intervals]))
    return Evidence(
        holds=all(i.effect >= claim.margin for i in intervals),
        fails=True,
        ends=ends,
        p=max(i.p_above(0.0) for i in intervals),
        p_below=float(np.min(holm([i.p_below(bound) for i in intervals]))),
        label=label,
        chance=chance_of_direction(intervals[weakest], claim.margin, bound),
        comparisons=comparisons([named(pair) for pair in pairs], intervals),
        **claim.shown(
            cells, intervals[weakest], *worded(pairs[weakest], claim.sign), f", the weakest of {len(pairs)} {what}"
        ),
    )


def named(sides: Sides) -> Pair:
    """Two sides as figures name them."""
    return drawn(sides[0]), drawn(sides[1])


def worded(sides: Sides, sign: int) -> tuple[Pair, int]:
    """Two sides as a sentence names them, with its sign: an arm is measured by a constant, not the constant by it."""
    pair = called(sides[0]), called(sides[1])
    return (pair, sign) if arms_of(sides[0]) else (pair[::-1], -sign)


def max_t_or_nan(effects: Floats, covariance: Floats, df: float, generator: Generator) -> Floats:
    """`max_t`, and NaN where there is but one repetition."""
    return max_t(effects, covariance, df, generator) if df > 0 else np.full(len(effects), np.nan)


def adjusted(names: Sequence[Name], effects: Floats, p: Floats, margin: float) -> dict[Name, float]:
    """The p of each effect of at least the margin, by name."""
    return {n: float(q) for n, q, effect in zip(names, p, effects, strict=True) if effect >= margin}


def count_of(data: Trials, side: Side, metric: str) -> float:
    """What is counted of a side: of an arm, the mean of several, or a constant as it is.

    Raises NotRun where the run does not describe an arm, or cannot count it.
    """
    return float(value(side, lambda arm: np.asarray(count_of_arm(data, arm, metric))))


def count_of_arm(data: Trials, arm: str, metric: str) -> float:
    """What is counted of an arm: of its confirmed trials, or of its architecture as printed."""
    rows = data.rows.loc[data.rows["arm"] == arm, metric].dropna()
    if len(rows):
        return float(rows.iloc[0])
    if arm not in data.run.study["architectures"]:
        raise NotRun(f"The run has no architecture of '{arm}'.")
    count = data.run.study["architectures"][arm].get(metric)
    if count is None:
        raise NotRun(f"'{metric}' of '{arm}' is not known: {METRICS[metric].without}.")
    return float(count)
