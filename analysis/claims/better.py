"""DIR: one arm beats another, or a constant."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from analysis.claims.claim import Apart, Pair, Sized, kind
from analysis.claims.contrasts import against, called, directed, side
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import difference
from analysis.metrics import METRICS

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


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

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """Off zero and at least the margin; contradicted where an effect of the margin is excluded."""
        cells, sign = data.cells(self.arms, self.metric), METRICS[self.metric].sign
        interval = against(cells, self.better, self.worse, sign)
        said = difference(interval, (self.better, called(self.worse)), self.metric, cells.held_out, sign)
        return directed(interval, self.metric, self.margin, cells.held_out, said)
