"""DIR: one arm beats another, or a constant."""

from typing import ClassVar, Literal

from analysis.claims.claim import Apart, Generator, Pair, Sized, Trials, kind
from analysis.claims.contrasts import against, called, directed, side
from analysis.claims.evidence import Evidence


@kind
class Better(Sized):
    """DIR: `better` beats `worse` (an arm, or a constant in the metric's unit); `printed` is the size, if any.

    "Beats" is higher for an accuracy and lower for a time, a loss or a number of epochs (`Metric.higher`).
    """

    words: ClassVar[str] = "direction"

    kind: Literal["DIR"] = "DIR"
    better: Apart[str]
    worse: Apart[str | float]

    @property
    def sides(self) -> Pair:
        return self.better, side(self.worse)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.better, self.worse, self.sign)
        return directed(self, cells, interval, (self.better, called(self.worse)))
