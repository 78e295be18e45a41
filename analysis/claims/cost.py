"""COST: an arm costs less than another."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from analysis.claims.claim import Apart, Counted, Generator, Pair, Trials, kind
from analysis.claims.contrasts import count_of
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import basis, counts
from analysis.claims.sides import Side
from analysis.errors import Untestable
from analysis.metrics import METRICS
from analysis.statistics import median_interval
from analysis.statistics.intervals import Floats


@kind
class Cost(Counted):
    """COST: `cheaper` costs less than `dearer`: the median ratio dearer / cheaper exceeds `margin`."""

    words: ClassVar[str] = "cost"
    ratio: ClassVar[bool] = True

    kind: Literal["COST"] = "COST"
    cheaper: Apart[str]
    dearer: Apart[str]
    metric: str = "seconds_per_epoch"
    margin: float = Field(1.1, gt=1)

    @property
    def sides(self) -> Pair:
        return self.cheaper, self.dearer

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        return values(second) / values(first)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The median ratio dearer / cheaper over paired runs, or that of two counts, which is exact."""
        if self.counted:
            return self._exact({arm: count_of(data, arm, self.metric) for arm in (self.dearer, self.cheaper)})
        cells = data.cells(self.arms, self.metric)
        values, words = cells.per_repetition(), METRICS[self.metric].words
        ratios = self._ratios(values[self.dearer].to_numpy(float), values[self.cheaper].to_numpy(float))
        median, low, high = median_interval(ratios)
        _, bottom, top = median_interval(ratios, cells.levels.test)
        sentence = f"{basis(cells.n, 0)} the median ratio of {self.dearer} to {self.cheaper} in {words} is "
        known = math.isfinite(low)
        interval = f"(95 % interval {low:.2f} to {high:.2f})" if known else "(too few seeds for an interval)"
        return Evidence(
            holds=bottom > self.margin,
            fails=top < self.margin,
            sentence=f"{sentence}{median:.2f} {interval}",
            ends=self._ends(),
            effect=median,
            limits=(low, high) if known else (math.nan, math.nan),
            unit="ratio",
            n=cells.n,
            label="reversed" if high < 1 else "null",
        )

    def _ratios(self, dearer: Floats, cheaper: Floats) -> Floats:
        """The one by the other; raises Untestable where a value is not above 0."""
        if min(dearer.min(), cheaper.min()) <= 0:
            words = METRICS[self.metric].words
            raise Untestable(f"A ratio in {words} needs values above 0, and some are not.")
        return dearer / cheaper

    def _exact(self, found: Mapping[Side, float]) -> Evidence:
        ratio = float(self._ratios(np.asarray(found[self.dearer]), np.asarray(found[self.cheaper])))
        return Evidence(
            holds=ratio > self.margin,
            fails=ratio <= self.margin,
            sentence=f"{counts(self.metric, found)}, a ratio of {ratio:.2f}",
            ends=self._ends(),
            effect=ratio,
            limits=(ratio, ratio),
            limits90=(ratio, ratio),
            unit="ratio",
            label="reversed" if ratio < 1 else "null",
            exact=True,
        )

    def _ends(self) -> dict[str, str]:
        return {
            "reproduced": f"it is above {self.margin}",
            "contradicted": f"a ratio of {self.margin} is excluded",
            "inconclusive": f"a ratio of {self.margin} is neither shown nor excluded",
        }
