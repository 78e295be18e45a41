"""NI: more is never worse."""

from itertools import combinations
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from analysis.claims.claim import Apart, Claim, Generator, Trials, kind
from analysis.claims.contrasts import against
from analysis.claims.evidence import Evidence, comparisons
from analysis.statistics import holm


@kind
class NeverHurts(Claim):
    """NI: along `levels`, in increasing order, no level is worse than a smaller one by the margin."""

    words: ClassVar[str] = "no loss"

    kind: Literal["NI"] = "NI"
    levels: Apart[tuple[str, ...]] = Field(min_length=2)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """Every larger level against every smaller one: each must be non-inferior (intersection-union, unadjusted)."""
        cells = data.cells(self.levels, self.metric)
        pairs = [(large, small) for small, large in combinations(self.levels, 2)]
        intervals = [against(cells, large, small, self.sign) for large, small in pairs]
        worst = int(np.argmin([i.low90 for i in intervals]))
        also = f", the weakest of {len(pairs)} comparisons of a larger with a smaller level"
        return Evidence(
            holds=all(i.low90 > -self.margin for i in intervals),
            fails=True,
            ends={
                "reproduced": f"no larger level is worse by {self.band} or more",
                "contradicted": f"a larger level is worse by more than {self.band}",
                "inconclusive": f"a loss of {self.band} is neither excluded everywhere nor shown anywhere",
            },
            p_below=float(np.min(holm([i.p_below(-self.margin) for i in intervals]))),
            comparisons=comparisons(pairs, intervals),
            **self.shown(cells, intervals[worst], pairs[worst], self.sign, also),
        )
