"""DIR: one arm beats another, the mean of others, or a constant; or a constant beats it."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import model_validator

from analysis.claims.claim import Apart, Generator, Pair, Sized, Trials, kind
from analysis.claims.contrasts import against, directed, named, worded
from analysis.claims.evidence import Evidence
from analysis.claims.sides import Side, Sides, value
from analysis.statistics.intervals import Floats


@kind
class Better(Sized):
    """DIR: `better` beats `worse`; `printed` is the size, if any.

    A side is an arm, several of which the mean is meant, or a constant in the metric's unit. "Beats" is higher for an
    accuracy and lower for a time, a loss or a number of epochs (`Metric.higher`): that 0 beats an arm in `gap` claims
    that the arm overfits, and that 10 beats it in accuracy that it is below chance.
    """

    words: ClassVar[str] = "direction"

    kind: Literal["DIR"] = "DIR"
    better: Apart[Side]
    worse: Apart[Side]

    @model_validator(mode="after")
    def something_is_measured(self) -> "Better":
        if not self.arms:
            raise ValueError("two constants are compared: name an arm")
        return self

    @property
    def compared(self) -> tuple[Sides, ...]:
        return ((self.better, self.worse),)

    @property
    def sides(self) -> Pair:
        return named((self.better, self.worse))

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        return self.sign * (value(self.better, values) - value(self.worse, values))

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.better, self.worse, self.sign)
        return directed(self, cells, interval, *worded((self.better, self.worse), self.sign))
