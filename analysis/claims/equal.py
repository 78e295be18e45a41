"""EQ: two arms differ by less than the margin."""

from typing import ClassVar, Literal

from analysis.claims.claim import Apart, Claim, Generator, Pair, Trials, kind
from analysis.claims.contrasts import against, called, inside, side
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import more_needed


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

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The 90 % interval inside the margins, or the 95 % interval outside them."""
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.first, self.second)
        shown = self.shown(cells, interval, (self.first, called(self.second)))
        return Evidence(
            holds=inside(interval, self.margin),
            fails=interval.low > self.margin or interval.high < -self.margin,
            ends={
                "reproduced": f"the 90 % interval lies within {self.band} of equality",
                "contradicted": f"the difference exceeds {self.band}",
                "inconclusive": f"neither equality within {self.band} nor a larger difference is shown; "
                f"{more_needed(shown['smallest_detectable'], shown['needed'], self.unit)}",
            },
            **shown,
        )
