"""Spaces and the kinds of dimension that they are made of."""

from collections.abc import Sequence

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

Space = dict[str, BaseDistribution]


class InvalidSpace(ValueError):
    """A dimension with no or unusable values, or a name that two dimensions share."""


def joined(*dimensions: Space) -> Space:
    """One space with all the dimensions; raises InvalidSpace if two have the same name."""
    space: Space = {}
    for dimension in dimensions:
        for name in dimension:
            if name in space:
                raise InvalidSpace(f"The dimension '{name}' is given twice: leave one out.")
        space |= dimension
    return space


def choice(name: str, values: Sequence[str | int | float | bool]) -> Space:
    """One of `values`, unordered; raises InvalidSpace if there are none, one comes twice or is no text or number."""
    if not values:
        raise InvalidSpace(f"The dimension '{name}' has no values: name at least one.")
    if len(set(values)) < len(values):
        raise InvalidSpace(f"The dimension '{name}' has a value twice, in {list(values)}: leave one out.")
    for value in values:
        if not isinstance(value, str | int | float):
            raise InvalidSpace(f"The dimension '{name}' has the value {value!r}: only text and numbers can be stored.")
    return {name: CategoricalDistribution(tuple(values))}


def interval(name: str, low: float, high: float, *, log: bool) -> Space:
    """A number from `low` to `high`, drawn evenly in itself or in its logarithm."""
    if not low < high or (log and low <= 0):
        bound = "above 0 and rising" if log else "rising"
        raise InvalidSpace(f"The dimension '{name}' runs from {low} to {high}: its bounds must be {bound}.")
    return {name: FloatDistribution(low, high, log=log)}
