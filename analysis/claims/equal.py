"""EQ: two arms differ by less than the margin."""

from collections.abc import Callable
from typing import ClassVar, Literal

from analysis.claims.claim import Apart, Counted, Generator, Pair, Trials, kind
from analysis.claims.contrasts import against, chance_of_equality, count_of, inside, named, worded
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import counts, more_needed
from analysis.claims.sides import Sides
from analysis.statistics.intervals import Floats


@kind
class Equal(Counted):
    """EQ: `first` and `second` (an arm, or a constant in the metric's unit) differ by less than the margin.

    What is counted is exactly the same, whatever the margin.
    """

    words: ClassVar[str] = "equality"

    kind: Literal["EQ"] = "EQ"
    first: Apart[str]
    second: Apart[str | float]

    @property
    def compared(self) -> tuple[Sides, ...]:
        return () if self.counted else ((self.first, self.second),)

    @property
    def sides(self) -> Pair:
        return named((self.first, self.second))

    @property
    def judged_margin(self) -> float | None:
        """The margin; a count has none."""
        return None if self.counted else self.margin

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        """As it is measured: whether more is better is no part of this claim."""
        return values(first) - values(second)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The 90 % interval inside the margins, or the 95 % interval outside them."""
        if self.counted:
            return self._exact(data)
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.first, self.second)
        shown = self.shown(cells, interval, *worded((self.first, self.second), 1))
        return Evidence(
            holds=inside(interval, self.margin),
            fails=interval.low > self.margin or interval.high < -self.margin,
            ends={
                "reproduced": f"the 90 % interval lies within {self.band} of equality",
                "contradicted": f"the difference exceeds {self.band}",
                "inconclusive": f"neither equality within {self.band} nor a larger difference is shown; "
                f"{more_needed(shown['smallest_detectable'], shown['needed'], interval.n, self.unit)}",
            },
            chance=chance_of_equality(interval, -self.margin, self.margin),
            **shown,
        )

    def _exact(self, data: Trials) -> Evidence:
        first, second = (count_of(data, side, self.metric) for side in (self.first, self.second))
        return Evidence(
            holds=first == second,
            fails=first != second,
            sentence=counts(self.metric, {self.first: first, self.second: second}),
            ends={"reproduced": "the two are the same number", "contradicted": "the two are different numbers"},
            effect=first - second,
            limits=(first - second, first - second),
            limits90=(first - second, first - second),
            unit=self.unit,
            exact=True,
        )
