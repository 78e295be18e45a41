"""Spaces and the kinds of dimension that they are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

Value = str | int | float | bool
Kind_contra = TypeVar("Kind_contra", bound=Value, contravariant=True)
Conditions = Mapping[str, tuple[Value, ...]]
Shares = tuple[str, tuple[float, ...]]


class InvalidSpace(ValueError):
    """A dimension with no or unusable values, or a name that two dimensions share."""


@dataclass(frozen=True)
class Dimension:
    """One of `choices`, or where there are none a number from `low` to `high`, `log`: evenly in its logarithm.

    Studies are listed by what they tune, and Optuna takes longer to import than all of them: it is imported where a
    distribution is asked for.
    """

    choices: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False

    @property
    def distribution(self) -> "BaseDistribution":
        """The dimension as Optuna draws from it."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution

        if self.choices:
            return CategoricalDistribution(self.choices)
        return FloatDistribution(self.low, self.high, log=self.log)


class Space(Mapping[str, "BaseDistribution"]):
    """Distributions by the names of the settings that they vary.

    `dimensions` are those of this module, or Optuna's distributions, taken as they are. `conditions` names, for a
    dimension that does not always apply, other settings and for each the values at which it does. Such a setting may be
    a dimension, which then comes earlier, or not. `shares` names, for a dimension that counts a part of what another
    one counts, that one and which shares of it are allowed.
    """

    def __init__(
        self,
        dimensions: "Mapping[str, Dimension | BaseDistribution] | None" = None,
        conditions: Mapping[str, Conditions] | None = None,
        shares: Mapping[str, Shares] | None = None,
    ):
        self.dimensions = dict(dimensions or {})
        self.conditions: dict[str, Conditions] = {name: dict(each) for name, each in (conditions or {}).items() if each}
        self.shares: dict[str, Shares] = dict(shares or {})

    def __getitem__(self, name: str) -> "BaseDistribution":
        found = self.dimensions[name]
        return found.distribution if isinstance(found, Dimension) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self.dimensions)

    def __len__(self) -> int:
        return len(self.dimensions)

    def allows(self, drawn: Mapping[str, Any]) -> bool:
        """Whether the values of dimensions that count parts of others are allowed shares of those."""
        pairs = ((name, whole, shares) for name, (whole, shares) in self.shares.items() if {name, whole} <= set(drawn))
        return all(drawn[name] in parts_of(drawn[whole], shares) for name, whole, shares in pairs)

    def applies(self, name: str, drawn: Mapping[str, object]) -> bool:
        """Whether a dimension applies, given the values of those before it; one that does not apply has no value."""
        return all(
            setting in drawn and drawn[setting] in values for setting, values in self.conditions.get(name, {}).items()
        )

    def holds(self, drawn: Mapping[str, Any]) -> bool:
        """Whether values could have been drawn: each lies in its dimension, and the space `allows` them together."""
        return self.allows(drawn) and all(contains(self[name], value) for name, value in drawn.items())

    def lacks(self, drawn: Mapping[str, object]) -> bool:
        """Whether a dimension that applies has no value."""
        return any(name not in drawn and self.applies(name, drawn) for name in self)

    def within(self, settings: Mapping[str, object]) -> "Space":
        """The space where settings that are no dimensions are these: what cannot apply is left out."""
        kept = {}
        for name, dimension in self.dimensions.items():
            conditions = {one: values for one, values in self.conditions.get(name, {}).items() if one not in self}
            if all(one in settings and settings[one] in values for one, values in conditions.items()):
                kept[name] = dimension
        inner = {
            name: {one: values for one, values in self.conditions.get(name, {}).items() if one in self} for name in kept
        }
        return Space(kept, inner, {name: each for name, each in self.shares.items() if name in kept})

    def described(self, name: str) -> str:
        """A dimension in words."""
        conditions = (f"{one} is {' or '.join(map(str, each))}" for one, each in self.conditions.get(name, {}).items())
        where = " and ".join(conditions)
        whole, shares = self.shares.get(name, ("", ()))
        part = f" as {' or '.join(f'{share:g}' for share in shares)} of {whole}" if whole else ""
        return f"{self[name]}{part}{f' where {where}' if where else ''}"


def contains(distribution: "BaseDistribution", value: Any) -> bool:
    """Whether a distribution can give a value."""
    choices = getattr(distribution, "choices", None)
    if choices is not None:
        return value in choices
    return not isinstance(value, str) and value is not None and bool(distribution._contains(float(value)))


def joined(*spaces: Space) -> Space:
    """One space with all the dimensions.

    Raises InvalidSpace if two have the same name, or if one depends on another that comes later, or on values that the
    other never has.
    """
    space = Space()
    for one in spaces:
        for name in one:
            if name in space:
                raise InvalidSpace(f"The dimension '{name}' is given twice: leave one out.")
        every = {**space.dimensions, **one.dimensions}
        space = Space(every, {**space.conditions, **one.conditions}, {**space.shares, **one.shares})
    for name, conditions in space.conditions.items():
        for other, values in conditions.items():
            check_condition(space, name, other, values)
    return space


def check_condition(space: Space, name: str, other: str, values: tuple[Value, ...]) -> None:
    """Raise InvalidSpace if the dimension `name` of a space cannot depend on `other` having one of `values`."""
    if other not in space:
        return
    if list(space).index(other) > list(space).index(name):
        raise InvalidSpace(f"The dimension '{name}' depends on '{other}', which comes after it: join that one first.")
    choices = getattr(space.dimensions[other], "choices", ())
    if impossible := [value for value in values if value not in choices]:
        raise InvalidSpace(f"The dimension '{name}' depends on '{other}' being {impossible[0]!r}, which it never is.")


def where(space: Space, **settings: Value | tuple[Value, ...]) -> Space:
    """The dimensions of a space, to be drawn only where each setting named has its value, or one of its values."""
    conditions = {name: value if isinstance(value, tuple) else (value,) for name, value in settings.items()}
    for name in space:
        if name in conditions:
            raise InvalidSpace(f"The dimension '{name}' cannot depend on itself.")
    every = {name: {**space.conditions.get(name, {}), **conditions} for name in space}
    return Space(space.dimensions, every, space.shares)


def parts_of(whole: int, shares: Iterable[float]) -> tuple[int, ...]:
    """The whole numbers that are these shares of another."""
    return tuple(round(share * whole) for share in shares)


def choice(name: str, values: Sequence[Value]) -> Space:
    """One of `values`, unordered; raises InvalidSpace if there are none, one comes twice or is no text or number."""
    if not values:
        raise InvalidSpace(f"The dimension '{name}' has no values: name at least one.")
    if len(set(values)) < len(values):
        raise InvalidSpace(f"The dimension '{name}' has a value twice, in {list(values)}: leave one out.")
    for value in values:
        if not isinstance(value, str | int | float):
            raise InvalidSpace(f"The dimension '{name}' has the value {value!r}: only text and numbers can be stored.")
    return Space({name: Dimension(choices=tuple(values))})


def interval(name: str, low: float, high: float, *, log: bool) -> Space:
    """A number from `low` to `high`, drawn evenly in itself or in its logarithm."""
    if not low < high or (log and low <= 0):
        bound = "above 0 and rising" if log else "rising"
        raise InvalidSpace(f"The dimension '{name}' runs from {low} to {high}: its bounds must be {bound}.")
    return Space({name: Dimension(low=low, high=high, log=log)})


class Choice(Protocol[Kind_contra]):
    """The dimension of a setting with the choices that it is called with, or without any with its usual ones."""

    def __call__(self, *choices: Kind_contra) -> Space: ...


def choices_of(name: str, *usual: Kind_contra) -> Choice[Kind_contra]:
    def dimension(*choices: Kind_contra) -> Space:
        return choice(name, choices or usual)

    return dimension


class Interval(Protocol):
    """The dimension of a setting from one number to another, or to its usual ones."""

    def __call__(self, low: float = ..., high: float = ...) -> Space: ...


def interval_of(name: str, usual_low: float, usual_high: float, *, log: bool) -> Interval:
    def dimension(low: float = usual_low, high: float = usual_high) -> Space:
        return interval(name, low, high, log=log)

    return dimension
