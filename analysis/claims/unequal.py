"""UNEQ: some of several arms differ, whichever they are."""

from itertools import permutations
from typing import ClassVar, Literal

from pydantic import Field

from analysis.claims.claim import Apart, Generator, Sized, Trials, kind
from analysis.claims.contrasts import against, chance_of_direction, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons


@kind
class Unequal(Sized):
    """UNEQ: of the arms `among`, at least two differ by the margin or more; `printed` is the size, if any."""

    words: ClassVar[str] = "inequality"

    kind: Literal["UNEQ"] = "UNEQ"
    among: Apart[tuple[str, ...]] = Field(min_length=2)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The largest difference, adjusted over all pairs in both directions by the maximum statistic (Tukey).

        Contradicted where in every pair a difference of the margin is excluded (intersection-union).
        """
        cells, pairs = self.cells(data), list(permutations(self.among, 2))
        effects, covariance = cells.joint([{first: self.sign, second: -self.sign} for first, second in pairs])
        intervals = {pair: against(cells, *pair, self.sign) for pair in pairs}
        largest = max(pairs, key=lambda pair: intervals[pair].effect)
        shown, df = intervals[largest], min(interval.df for interval in intervals.values())
        p = max_t_or_nan(effects, covariance, df, generator)
        others = [(largest[0], arm) for arm in self.among if arm != largest[0]]
        return Evidence(
            holds=shown.effect >= self.margin,
            fails=True,
            ends={
                "reproduced": f"adjusted for all pairs it is off zero, and at least {self.band}",
                "contradicted": f"in every pair a difference of {self.band} is excluded",
                "inconclusive": f"a difference of {self.band} is neither shown in any pair nor excluded in all",
            },
            p=float(p[pairs.index(largest)]),
            p_below=max(interval.p_below(self.margin) for interval in intervals.values()),
            label="equal",
            chance=chance_of_direction(shown, self.margin, self.margin),
            comparisons=comparisons(others, [intervals[pair] for pair in others]),
            **self.shown(cells, shown, largest, self.sign, f", the largest of {len(pairs) // 2} differences"),
        )
