"""EQ: two arms differ by less than the margin."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from analysis.claims.claim import Apart, Claim, Pair, kind
from analysis.claims.contrasts import against, called, inside, side
from analysis.claims.evidence import Evidence, figures
from analysis.claims.sentences import difference, more_needed, size
from analysis.metrics import METRICS

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


@kind
class Equal(Claim):
    """EQ: `first` and `second` (an arm, or a constant in the metric's unit) differ by less than the margin."""

    words: ClassVar[str] = "equality"

    kind: Literal["EQ"] = "EQ"
    first: Apart[str]
    second: Apart[str | float]

    @property
    def sides(self) -> Pair:
        return self.first, side(self.second)

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """The 90 % interval inside the margins, or the 95 % interval outside them."""
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.first, self.second)
        numbers, band = figures(interval, self.margin, cells.held_out), size(self.margin, self.metric)
        unit = METRICS[self.metric].unit
        return Evidence(
            holds=inside(interval, self.margin),
            fails=interval.low > self.margin or interval.high < -self.margin,
            said=difference(interval, (self.first, called(self.second)), self.metric, cells.held_out),
            ends={
                "reproduced": f"the 90 % interval lies within {band} of equality",
                "contradicted": f"the difference exceeds {band}",
                "inconclusive": f"neither equality within {band} nor a larger difference is shown; "
                f"{more_needed(numbers['smallest_detectable'], numbers['needed'], unit)}",
            },
            unit=unit,
            **numbers,
        )
