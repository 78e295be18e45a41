"""Numbers that are functions of totals over test items, as tables over groups of which they are the mean.

An accuracy, a recall, an F1 all follow from sums over items. So what a group adds to one is found by leaving the
group's part of the sums out, and `two_way` gives an interval for seeds and groups of each of them as of a mean.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Of = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Totals:
    """A function of totals over items: of the sums (..., K) of `columns` (items, K) it gives numbers (...).

    Without `of` it is the mean over the items of the one column.
    """

    columns: Floats
    of: Of | None = None

    @classmethod
    def mean(cls, values: Floats) -> "Totals":
        """The mean of values (items,)."""
        return cls(np.asarray(values, dtype=np.float64)[:, None])

    @property
    def value(self) -> float:
        """The number over all items."""
        return float(self.columns.mean() if self.of is None else self.of(self.columns.sum(axis=0)))


def cells_of(sums: Floats, items: Floats, of: Of | None = None) -> Floats:
    """A table (S, G) of which, weighted by `items` (S, G), the mean of each row is `of` the row's sums; NaN in gaps.

    `sums` are (S, G, K). A mean has the means of the groups. Of any other function f of a row's sums T, of N items,
    group g with sums T_g and m items has the pseudo-value of the delete-a-group jackknife for groups of unequal size,

        f(T) + (N / m - 1) (f(T) - f(T - T_g)),

    less the weighted mean of what is added (Busing, Meijer and van der Leeden 1999). For a mean that is the mean of the
    group, too. A group that is alone in its row adds nothing, and one whose absence leaves f undefined does not either.
    """
    filled = items > 0
    if of is None:
        return np.divide(sums[..., 0], items, out=np.full(items.shape, np.nan), where=filled)
    whole, count = sums.sum(axis=1, keepdims=True), items.sum(axis=1, keepdims=True)
    found, without = of(whole), of(whole - sums)
    adds = np.divide(count - items, items, out=np.zeros(items.shape), where=filled) * (found - without)
    adds = np.where(np.isnan(adds), 0.0, adds)
    return np.where(filled, found + adds - (items * adds).sum(axis=1, keepdims=True) / count, np.nan)
