"""Linear statements about the numbers of a run, and numbers of which all of them are true."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

Variable = tuple[str, str]
"""A number of a run: the arm ("" for one of the corpus) and the quantity."""
FULL, ENOUGH = 2.0, 0.5
"""How far beyond what is claimed numbers shall lie, in margins, and how far they must."""
LITTLE = 1e-4
"""What it costs to leave the usual value by all of it, in margins."""


@dataclass(frozen=True)
class Range:
    """The least and the most that a number can be, what it is where nothing is said of it, and what is large of it."""

    low: float
    high: float
    usual: float
    large: float = 0.0

    @property
    def scale(self) -> float:
        return self.large or abs(self.usual) or 1.0


@dataclass(frozen=True)
class Linear:
    """A constant plus numbers, each times a coefficient."""

    terms: Mapping[Variable, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: "Linear | float") -> "Linear":
        other = other if isinstance(other, Linear) else Linear(constant=other)
        names = dict.fromkeys([*self.terms, *other.terms])
        terms = {name: self.terms.get(name, 0.0) + other.terms.get(name, 0.0) for name in names}
        return Linear(terms, self.constant + other.constant)

    def __sub__(self, other: "Linear | float") -> "Linear":
        return self + (-1.0 * other if isinstance(other, Linear) else -other)

    def __rmul__(self, factor: float) -> "Linear":
        return Linear({name: factor * each for name, each in self.terms.items()}, factor * self.constant)


def mean(each: Sequence[Linear]) -> Linear:
    return 1 / len(each) * sum(each, Linear())


@dataclass(frozen=True)
class Row:
    """That `of` is at least `least`; clearly so, where it is as many times `size` more as there is room for."""

    of: Linear
    least: float = 0.0
    size: float = 0.0


def alike(first: Linear, second: Linear | float) -> list[Row]:
    return [Row(first - second), Row(-1.0 * (first - second))]


def solved(rows: Sequence[Row], ranges: Callable[[Variable], Range]) -> dict[Variable, float] | None:
    """Numbers of which all rows are true, with as much room as they leave each other; None where there are none.

    A number that no row needs elsewhere has its usual value. A linear program: the room is maximised, less a little
    for all distances from usual values.
    """
    if not rows:
        return {}
    names = list(dict.fromkeys(name for row in rows for name in row.of.terms))
    known = [ranges(name) for name in names]
    scale, usual = (np.array([getattr(each, part) for each in known]) for part in ("scale", "usual"))
    # Columns are the numbers and their distances from the usual ones, both in units of the scale, and the room.
    count = len(names)
    upper, bound = _rows(rows, names, scale), np.array([row.of.constant - row.least for row in rows])
    away = [sparse.hstack([turn * sparse.eye_array(count), -sparse.eye_array(count, count + 1)]) for turn in (1, -1)]
    limits = [(each.low / each.scale, each.high / each.scale) for each in known] + [(0, None)] * count
    found = linprog(
        np.concatenate([np.zeros(count), np.full(count, LITTLE), [-1.0]]),
        sparse.vstack([upper, *away]),
        np.concatenate([bound, usual / scale, -usual / scale]),
        bounds=[*limits, (ENOUGH, FULL)],
    )
    return dict(zip(names, (scale * found.x[:count]).tolist(), strict=True)) if found.success else None


def _rows(rows: Sequence[Row], names: Sequence[Variable], scale: np.ndarray) -> sparse.csr_array:
    """The rows, turned to "at most", as coefficients of the columns."""
    place = {name: number for number, name in enumerate(names)}
    cells = [
        (n, place[name], -factor * scale[place[name]])
        for n, r in enumerate(rows)
        for name, factor in r.of.terms.items()
    ]
    cells += [(number, 2 * len(names), row.size) for number, row in enumerate(rows)]
    across, down, values = zip(*cells, strict=True)
    return sparse.csr_array((values, (across, down)), shape=(len(rows), 2 * len(names) + 1))
