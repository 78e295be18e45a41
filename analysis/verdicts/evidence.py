"""What a rule of judging finds, before the adjustment for the other claims of the study."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.claims import Claim
from analysis.statistics import Interval, repetitions_needed
from analysis.statistics.power import detectable
from analysis.verdicts.cells import Confirmed
from analysis.verdicts.verdict import Comparison


@dataclass(frozen=True)
class Evidence:
    """The numbers of a claim under one protocol, and what decides it.

    Reproduced: `holds`, and p (if there is one) is below .025 after Holm's adjustment. Contradicted: `fails`, and
    `p_below` likewise. `label` is the kind of contradiction. `said` begins the reason; `ends` has its end by word.
    `exact` figures are counts, not estimates: no repetition makes them surer. `blocked` turns a contradiction into
    "untestable (not comparable)".
    """

    holds: bool
    fails: bool
    said: str
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
    comparisons: tuple[Comparison, ...] = ()
    exact: bool = False
    blocked: bool = False


Rule = Callable[[Any, Confirmed, np.random.Generator], Evidence]
RULES: dict[type[Claim], Rule] = {}


def rule(kind: type[Claim]) -> Callable[[Rule], Rule]:
    """Register the decorated function as the rule of judging that type of claim."""

    def register(function: Rule) -> Rule:
        RULES[kind] = function
        return function

    return register


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
    }


def comparison(first: str, second: str, interval: Interval) -> Comparison:
    """One comparison, for the table under a verdict."""
    return Comparison(first, second, interval.effect, *interval.limits(), *interval.limits(0.90), interval.p_above(0.0))
