"""ORD: an order of several arms."""

from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Arms, Cells, Claim, Generator, Trials, kind
from analysis.claims.contrasts import adjusted, against, everywhere, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sentences import basis, bounds
from analysis.statistics import kendall
from analysis.text import minus

BEST_SET = 0.10
TAU = 0.3


@kind
class Ranking(Claim):
    """ORD in one of three forms: a `chain` (2 to 7, best first), `best` of `candidates`, a `ranking` (8 or more)."""

    words: ClassVar[str] = "order"

    kind: Literal["ORD"] = "ORD"
    chain: Apart[tuple[str, ...]] = Field((), max_length=7)
    best: Arms[str] = ""
    candidates: Apart[tuple[str, ...]] = ()
    ranking: Apart[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def one_form(self) -> "Ranking":
        forms = [len(self.chain) > 1, bool(self.best) and len(self.candidates) > 1, len(self.ranking) >= 8]
        given = [bool(self.chain), bool(self.best or self.candidates), bool(self.ranking)]
        if sum(given) != 1 or forms != given:
            raise ValueError("give a chain of 2 to 7, or 'best' with 2 or more candidates, or a ranking of 8 or more")
        return self

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(c for c in self.candidates if c != self.best)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """A chain step by step, a best among candidates, or a long ranking by Kendall's tau."""
        cells = data.cells(self.arms, self.metric)
        if self.chain:
            return self._chain(cells)
        return self._best(cells, generator) if self.best else self._whole(cells, generator)

    def _chain(self, cells: Cells) -> Evidence:
        ends = {
            "reproduced": f"every step is off zero and at least {self.band}",
            "contradicted": "at least one step is reversed",
            "inconclusive": "the order is neither shown at every step nor reversed at any",
        }
        return everywhere(self, cells, list(pairwise(self.chain)), "steps", 0.0, ends, "reversed")

    def _best(self, cells: Cells, generator: Generator) -> Evidence:
        """In the 90 % set of the best (Hsu's comparisons with the best) and better than the median candidate."""
        sign, others = self.sign, list(self.others)
        intervals = {arm: against(cells, self.best, arm, sign) for arm in others}
        # The better of two middle candidates, so that an even number makes the claim no easier.
        median = sorted(others, key=lambda arm: intervals[arm].effect)[(len(others) - 1) // 2]
        shown = intervals[median]
        also = f", the median of {len(others)} other candidate{'s' if len(others) != 1 else ''}"
        effects, covariance = cells.joint([{arm: sign, self.best: -sign} for arm in others])
        beaten = max_t_or_nan(effects, covariance, min(i.df for i in intervals.values()), generator)
        winners = adjusted(others, effects, beaten, self.margin)
        return Evidence(
            holds=shown.effect >= self.margin and bool(beaten.min() >= BEST_SET),
            fails=bool(winners),
            ends={
                "reproduced": f"it may be the best (90 %), and the advantage is off zero and at least {self.band}",
                "contradicted": f"{min(winners, key=lambda a: winners[a], default='')} beats it by {self.band} or more",
                "inconclusive": "it is not shown to be among the best, and no candidate is shown to beat it",
            },
            p=shown.p_above(0.0),
            p_below=min(winners.values(), default=1.0),
            label="beaten",
            comparisons=comparisons([(self.best, arm) for arm in others], list(intervals.values())),
            **self.shown(cells, shown, (self.best, median), sign, also),
        )

    def _whole(self, cells: Cells, generator: Generator) -> Evidence:
        sign, printed = self.sign, -np.arange(len(self.ranking), dtype=np.float64)
        columns = np.stack([np.nanmean(sign * cells.values[arm], axis=0) for arm in self.ranking])
        tau, low, high = kendall(printed, columns, cells.weights.sum(axis=0), generator)
        return Evidence(
            holds=low > TAU,
            fails=high < TAU,
            said=f"{basis(cells.n, cells.held_out)} Kendall's tau of the measured with the printed ranking of "
            f"{len(self.ranking)} is {minus(f'{tau:.2f}')} {bounds(low, high)}",
            ends={
                "reproduced": f"it is above {TAU}",
                "contradicted": f"it is below {TAU}",
                "inconclusive": f"{TAU} is not excluded",
            },
            effect=tau,
            limits=(low, high),
            unit="Kendall's tau",
            n=cells.n,
            groups=cells.held_out,
            label="another order",
        )
