"""SPREAD: one set of arms lies closer together than another."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from analysis.claims.claim import Apart, Cells, Generator, Pair, Sized, Trials, kind
from analysis.claims.contrasts import against, directed
from analysis.claims.evidence import Evidence
from analysis.claims.sides import joined
from analysis.statistics import spread


@kind
class Spread(Sized):
    """SPREAD: the standard deviation over the arms `closer` is less than that over `wider`, in each repetition.

    What chance adds to a standard deviation it adds to both: give both sets as many levels and runs of the same noise.
    `printed` is the size of the difference, in the metric's unit, if any.
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
        """The difference of the standard deviations as a direction is judged."""
        cells = self.cells(data)
        return directed(self, cells, against(cells, *self.sides, self.sign), self.sides, self.sign)
