"""SPREAD: one set of arms lies closer together than another."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from analysis.claims.claim import Apart, Cells, Generator, Pair, Sized, Trials, kind
from analysis.claims.contrasts import against, chance_of_direction
from analysis.claims.evidence import Evidence
from analysis.claims.sides import joined
from analysis.statistics import spread


@kind
class Spread(Sized):
    """SPREAD: the standard deviation over the arms `closer` is less than that over `wider`, in each repetition.

    Chance adds to both: levels that are alike have a spread as well, and the difference measured is smaller than the
    true one. So it is contradicted only where it is reversed, never for being small; and both sets need as many runs of
    the same noise. `printed` is the size of the difference, in the metric's unit, if any.
    """

    words: ClassVar[str] = "spread"

    kind: Literal["SPREAD"] = "SPREAD"
    closer: Apart[tuple[str, ...]] = Field(min_length=2)
    wider: Apart[tuple[str, ...]] = Field(min_length=2)

    @property
    def sides(self) -> Pair:
        return f"the spread over {joined(self.closer)}", f"that over {joined(self.wider)}"

    @property
    def sign(self) -> int:
        """Less spread is claimed, whether more of the metric is better or worse."""
        return -1

    def cells(self, data: Trials) -> Cells:
        """The two spreads as columns."""
        found = data.cells(self.arms, self.metric)
        sets = zip(self.sides, (self.closer, self.wider), strict=True)
        columns = {side: spread([found.values[arm] for arm in arms], found.weights) for side, arms in sets}
        return replace(found, values=columns)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The difference of the standard deviations, off zero and at least the margin, or reversed."""
        cells = self.cells(data)
        interval = against(cells, *self.sides, self.sign)
        return Evidence(
            holds=interval.effect >= self.margin,
            fails=True,
            ends={
                "reproduced": f"the difference is off zero and at least {self.band}",
                "contradicted": "the order is reversed",
                "inconclusive": f"a difference of {self.band} is not shown, nor is the contrary",
            },
            p=interval.p_above(0.0),
            p_below=interval.p_below(0.0),
            label="reversed",
            chance=chance_of_direction(interval, self.margin, 0.0),
            **self.shown(cells, interval, self.sides, self.sign),
        )
