"""HYP: a question without a claimed direction."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import model_validator

from analysis.claims.claim import Apart, Counted, Generator, Pair, Trials, kind
from analysis.claims.contrasts import against, count_of, named, worded
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import counts
from analysis.claims.sides import Side, value
from analysis.statistics.intervals import Floats

ENDS = {"no claim": "no direction is claimed, so this is an estimate and no verdict"}


@kind
class NoDirection(Counted):
    """HYP without a direction: the difference first - second is estimated and nothing is decided.

    A side is an arm, several of which the mean is meant, or a constant in the metric's unit.
    """

    words: ClassVar[str] = "hypothesis"

    kind: Literal["HYP"] = "HYP"
    first: Apart[Side]
    second: Apart[Side]
    hypothesis: bool = True

    @model_validator(mode="after")
    def something_is_measured(self) -> "NoDirection":
        if not self.arms:
            raise ValueError("two constants are compared: name an arm")
        return self

    @property
    def sides(self) -> Pair:
        return named((self.first, self.second))

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        return value(self.first, values) - value(self.second, values)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The difference over paired runs, or that of two counts, which is exact."""
        if self.counted:
            return self._exact(data)
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.first, self.second)
        shown = self.shown(cells, interval, *worded((self.first, self.second), 1))
        return Evidence(holds=False, fails=False, ends=ENDS, claimed=False, **shown)

    def _exact(self, data: Trials) -> Evidence:
        first, second = (count_of(data, side, self.metric) for side in (self.first, self.second))
        limits = (first - second, first - second)
        return Evidence(
            holds=False,
            fails=False,
            claimed=False,
            sentence=counts(self.metric, {self.first: first, self.second: second}),
            ends=ENDS,
            effect=first - second,
            limits=limits,
            limits90=limits,
            unit=self.unit,
            exact=True,
        )
