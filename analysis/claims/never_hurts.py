"""NI: more is never worse."""

from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from analysis.claims.claim import Apart, Claim, kind
from analysis.claims.contrasts import against
from analysis.claims.evidence import Evidence, comparisons, figures
from analysis.claims.sentences import difference, size
from analysis.metrics import METRICS
from analysis.statistics import holm

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


@kind
class NeverHurts(Claim):
    """NI: along `levels`, in increasing order, no level is worse than a smaller one by the margin."""

    words: ClassVar[str] = "no loss"

    kind: Literal["NI"] = "NI"
    levels: Apart[tuple[str, ...]] = Field(min_length=2)

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """Every larger level against every smaller one.

        Each must be non-inferior (intersection-union, so unadjusted).
        """
        cells, sign = data.cells(self.levels, self.metric), METRICS[self.metric].sign
        pairs = [(large, small) for small, large in combinations(self.levels, 2)]
        intervals = [against(cells, large, small, sign) for large, small in pairs]
        worst = int(np.argmin([i.low90 for i in intervals]))
        band = size(self.margin, self.metric)
        return Evidence(
            holds=all(i.low90 > -self.margin for i in intervals),
            fails=True,
            said=difference(intervals[worst], pairs[worst], self.metric, cells.held_out, sign)
            + f", the weakest of {len(pairs)} comparisons of a larger with a smaller level",
            ends={
                "reproduced": f"no larger level is worse by {band} or more",
                "contradicted": f"a larger level is worse by more than {band}",
                "inconclusive": f"a loss of {band} is neither excluded everywhere nor shown anywhere",
            },
            unit=METRICS[self.metric].unit,
            p_below=float(np.min(holm([i.p_below(-self.margin) for i in intervals]))),
            comparisons=comparisons(pairs, intervals),
            **figures(intervals[worst], self.margin, cells.held_out),
        )
