"""FAR: two arms differ by more than the margin, in whichever direction."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from analysis.claims.claim import Apart, Claim, Pair, kind
from analysis.claims.evidence import Evidence, figures

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


@kind
class Far(Claim):
    """FAR: `here` and `there` are further apart than the margin."""

    words: ClassVar[str] = "distance"

    kind: Literal["FAR"] = "FAR"
    here: Apart[str]
    there: Apart[str]

    @property
    def sides(self) -> Pair:
        """Here and there."""
        return self.here, self.there

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """The interval beyond the margin, or inside it."""
        cells = data.cells(self.arms, self.metric)
        interval = cells.interval({self.here: 1.0, self.there: -1.0})
        return Evidence(
            holds=interval.low > self.margin or interval.high < -self.margin,
            fails=-self.margin < interval.low90 and interval.high90 < self.margin,
            said=f"Over {interval.n} seeds they are {abs(interval.effect):.1f} points apart",
            ends={"reproduced": "far apart", "contradicted": "close together", "inconclusive": "nobody knows"},
            **figures(interval, self.margin, cells.held_out),
        )
