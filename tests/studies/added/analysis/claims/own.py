"""FAR: two arms differ by more than the margin, in whichever direction."""

from typing import ClassVar, Literal

from analysis.claims.claim import Apart, Claim, Generator, Pair, Trials, kind
from analysis.claims.evidence import Evidence, figures


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

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The interval beyond the margin, or inside it."""
        cells = data.cells(self.arms, self.metric)
        interval = cells.interval({self.here: 1.0, self.there: -1.0})
        return Evidence(
            holds=interval.low > self.margin or interval.high < -self.margin,
            fails=-self.margin < interval.low90 and interval.high90 < self.margin,
            sentence=f"Over {interval.n} seeds they are {abs(interval.effect):.1f} points apart",
            ends={"reproduced": "far apart", "contradicted": "close together", "inconclusive": "nobody knows"},
            **figures(interval, self.margin, cells.held_out),
        )
