"""HYP: a question without a claimed direction."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from analysis.claims.claim import Apart, Claim, Pair, kind
from analysis.claims.contrasts import against
from analysis.claims.evidence import Evidence, figures
from analysis.claims.sentences import difference
from analysis.metrics import METRICS

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


@kind
class NoDirection(Claim):
    """HYP without a direction: the difference first - second is estimated and nothing is decided."""

    words: ClassVar[str] = "hypothesis"

    kind: Literal["HYP"] = "HYP"
    first: Apart[str]
    second: Apart[str]
    hypothesis: bool = True

    @property
    def sides(self) -> Pair:
        return self.first, self.second

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """Estimate and interval only."""
        cells = data.cells(self.arms, self.metric)
        interval = against(cells, self.first, self.second)
        said = difference(interval, (self.first, self.second), self.metric, cells.held_out)
        ends = {"no claim": "the document claims no direction, so this is an estimate and no verdict"}
        numbers = figures(interval, self.margin, cells.held_out)
        return Evidence(False, False, said, ends, unit=METRICS[self.metric].unit, claimed=False, **numbers)
