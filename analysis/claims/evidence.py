"""What a rule of judging finds, before the adjustment for the other claims of the study."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.statistics import Interval, repetitions_needed
from analysis.statistics.intervals import FIXED
from analysis.statistics.power import detectable, groups_needed


@dataclass(frozen=True)
class Comparison:
    """One comparison inside a claim: `first` against `second`, positive in the claimed direction.

    `p` is of "no effect" against an effect in the claimed direction, one-sided and unadjusted.
    """

    first: str
    second: str
    effect: float
    low: float
    high: float
    low90: float
    high90: float
    p: float | None = None


@dataclass(frozen=True)
class Evidence:
    """The numbers of a claim under one protocol, and what decides it.

    Reproduced: `holds`, and p (if there is one) is below `level` after Holm's adjustment. Contradicted: `fails`, and
    `p_below` likewise. `label` is the kind of contradiction. `sentence` begins the reason; `ends` has its end by word.
    `exact` figures are counts, not estimates: no repetition makes them surer. `blocked` turns a contradiction into
    "untestable (not comparable)". What is not `claimed` is estimated, and gets no verdict. In `ahead` repetitions the
    first is better; `probabilities` are those of an effect below, within and above the margin, as claimed. `chance` is
    the probability that the last look of a run that stops when decided decides this, 1 where that is not known. Of the
    variance `shares` are due to seeds, to groups, and to both together.
    """

    holds: bool
    fails: bool
    sentence: str
    ends: Mapping[str, str]
    effect: float = math.nan
    limits: tuple[float, float] = (math.nan, math.nan)
    limits90: tuple[float, float] = (math.nan, math.nan)
    unit: str = "points"
    n: int = 0
    groups: int = 0
    p: float | None = None
    p_below: float | None = None
    label: str = ""
    smallest_detectable: float = math.nan
    needed: int | None = None
    needed_groups: int | None = None
    shares: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    comparisons: tuple[Comparison, ...] = ()
    exact: bool = False
    blocked: bool = False
    claimed: bool = True
    level: float = FIXED.test
    ahead: int | None = None
    probabilities: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    chance: float = 1.0


def figures(interval: Interval, margin: float, held_out: int) -> dict[str, Any]:
    """The fields of Evidence that come from the interval of the comparison that is shown."""
    return {
        "effect": interval.effect,
        "limits": interval.limits(),
        "limits90": interval.limits(0.90),
        "n": interval.n,
        "groups": held_out,
        "smallest_detectable": detectable(interval.df) * interval.error if interval.df > 0 else math.nan,
        "needed": repetitions_needed(interval, margin) if interval.df > 0 else None,
        "needed_groups": groups_needed(interval, margin),
        "shares": interval.shares,
    }


def comparison(first: str, second: str, interval: Interval) -> Comparison:
    return Comparison(first, second, interval.effect, *interval.limits(), *interval.limits(0.90), interval.p_above(0.0))


def comparisons(pairs: Sequence[tuple[str, str]], intervals: Sequence[Interval]) -> tuple[Comparison, ...]:
    return tuple(comparison(*pair, interval) for pair, interval in zip(pairs, intervals, strict=True))
