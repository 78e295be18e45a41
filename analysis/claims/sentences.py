"""Reasons in words, generated from the numbers they explain."""

import math
from collections.abc import Mapping

from analysis.claims.sides import Side, arms_of, drawn, joined
from analysis.metrics import ACCURACY, METRICS
from analysis.statistics import Interval
from analysis.text import estimate, number, probability


def bounds(low: float, high: float) -> str:
    """The 95 % interval in brackets; with one repetition there is none."""
    if math.isnan(low):
        return "(no interval from one repetition)"
    return f"(95 % interval {estimate(low)} to {estimate(high)})"


def basis(n: int, groups: int, paired: bool = True) -> str:
    """How many repetitions and groups stand behind a number; one without groups varies over seeds alone."""
    seeds = f"{n} {'paired ' if paired else ''}seed{'s' if n != 1 else ''}"
    return f"Over {seeds} and {groups} test group{'s' if groups != 1 else ''}" if groups else f"Over {seeds} alone"


def counts(metric: str, found: Mapping[Side, float]) -> str:
    """What was counted of each side, as the beginning of a sentence."""
    words = METRICS[metric].words
    whose = {side: f"for {drawn(side)}" if arms_of(side) else "as stated" for side in found}
    return f"{words[0].upper()}{words[1:]} are {joined(f'{number(n)} {whose[side]}' for side, n in found.items())}"


def measured(metric: str) -> str:
    """What was measured, where it is not accuracy."""
    return "" if metric == ACCURACY else f" in {METRICS[metric].words}"


def difference(interval: Interval, pair: tuple[str, str], metric: str, held_out: int, sign: int = 1) -> str:
    """First against second as measured; `sign` undoes the turn into the claimed direction."""
    effect, (low, high) = sign * interval.effect, interval.limits()
    low, high = (low, high) if sign > 0 else (-high, -low)
    side = "above" if effect >= 0 else "below"
    return (
        f"{basis(interval.n, held_out)} {pair[0]} is {estimate(abs(effect))} {METRICS[metric].unit} {side} {pair[1]}"
        f"{measured(metric)} {bounds(low, high)}"
    )


def lead(ahead: int, n: int) -> str:
    """In how many repetitions the first is ahead of the second."""
    return f"ahead in {ahead} of {n} repetition{'s' if n != 1 else ''}"


def odds(probabilities: tuple[float, float, float], band: str) -> str:
    """The probabilities that the difference, as claimed, is below, within and above the margin."""
    below, within, above = map(probability, probabilities)
    return f"a difference below, within and above ±{band} has a probability of {below}, {within} and {above}"


def size(margin: float, metric: str) -> str:
    return f"{margin:g} {METRICS[metric].unit}"


def more_needed(smallest: float, needed: int | None, n: int, unit: str) -> str:
    """What it would take to decide, of an effect that `n` repetitions have left open."""
    if math.isnan(smallest):
        return "one repetition has no interval"
    if needed and needed <= n:
        return f"this run could detect {estimate(smallest)} {unit}, and the effect lies too near the margin"
    enough = f"{needed} seeds would be needed" if needed else "no number of seeds would be enough on this test set"
    return f"the smallest effect that this run could detect is {estimate(smallest)} {unit}, and {enough}"
