"""The two sides of a comparison: each is an arm, several arms of which the mean is meant, or a constant."""

from collections.abc import Callable, Iterable

import numpy as np

from analysis.statistics.intervals import Floats
from analysis.text import estimate

Side = str | float | tuple[str, ...]
Sides = tuple[Side, Side]


def arms_of(side: Side) -> tuple[str, ...]:
    """The arms that a side names; a constant has none."""
    if isinstance(side, tuple):
        return side
    return (side,) if isinstance(side, str) else ()


def combined(first: Side, second: Side, sign: int = 1) -> tuple[dict[str, float], float]:
    """The coefficients of the arms in (first - second) times `sign`, and the constant that is then subtracted."""
    coefficients: dict[str, float] = {}
    constant = 0.0
    for side, turn in ((first, sign), (second, -sign)):
        if isinstance(side, int | float):
            constant -= turn * side
        for arm in arms_of(side):
            coefficients[arm] = coefficients.get(arm, 0.0) + turn / len(arms_of(side))
    return coefficients, constant


def called(side: Side) -> str:
    """A side in a sentence; a constant is a figure."""
    return estimate(side) if isinstance(side, int | float) else drawn(side)


def drawn(side: Side) -> str:
    """A side as figures name it: an arm, the arms of a mean, a constant with all its digits."""
    if isinstance(side, tuple):
        return f"the mean of {joined(side)}"
    return side if isinstance(side, str) else f"{side:g}"


def joined(names: Iterable[str]) -> str:
    """Names in a sentence: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def value(side: Side, values: Callable[[str], Floats]) -> Floats:
    """What a side has in each repetition, by the `values` of an arm; a constant has one for all."""
    found = [values(arm) for arm in arms_of(side)]
    return np.asarray(np.mean(found, axis=0) if found else side, dtype=np.float64)
