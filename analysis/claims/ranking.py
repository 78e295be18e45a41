"""ORD: an order of several arms."""

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Arms, Claim, kind
from analysis.claims.contrasts import adjusted, against, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons, figures
from analysis.claims.sentences import basis, bounds, difference, size
from analysis.metrics import METRICS
from analysis.statistics import holm, kendall
from analysis.text import minus

if TYPE_CHECKING:
    from analysis.confirmed import Cells, Confirmed

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
        """Raise unless exactly one form is given, and is complete."""
        forms = [len(self.chain) > 1, bool(self.best) and len(self.candidates) > 1, len(self.ranking) >= 8]
        given = [bool(self.chain), bool(self.best or self.candidates), bool(self.ranking)]
        if sum(given) != 1 or forms != given:
            raise ValueError("give a chain of 2 to 7, or 'best' with 2 or more candidates, or a ranking of 8 or more")
        return self

    @property
    def others(self) -> tuple[str, ...]:
        """The candidates besides `best`."""
        return tuple(c for c in self.candidates if c != self.best)

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """A chain step by step, a best among candidates, or a long ranking by Kendall's tau."""
        cells = data.cells(self.arms, self.metric)
        if self.chain:
            return self._chain(cells)
        return self._best(cells, generator) if self.best else self._whole(cells, generator)

    def _chain(self, cells: "Cells") -> Evidence:
        sign, steps = METRICS[self.metric].sign, list(pairwise(self.chain))
        intervals = [against(cells, first, second, sign) for first, second in steps]
        weakest, band = int(np.argmin([i.effect for i in intervals])), size(self.margin, self.metric)
        return Evidence(
            holds=all(i.effect >= self.margin for i in intervals),
            fails=True,
            said=difference(intervals[weakest], steps[weakest], self.metric, cells.held_out, sign)
            + f", the weakest of {len(steps)} steps",
            ends={
                "reproduced": f"every step is off zero and at least {band}",
                "contradicted": "at least one step is reversed",
                "inconclusive": "the order is neither shown at every step nor reversed at any",
            },
            unit=METRICS[self.metric].unit,
            p=max(i.p_above(0.0) for i in intervals),
            p_below=float(np.min(holm([i.p_below(0.0) for i in intervals]))),
            label="reversed",
            comparisons=comparisons(steps, intervals),
            **figures(intervals[weakest], self.margin, cells.held_out),
        )

    def _best(self, cells: "Cells", generator: np.random.Generator) -> Evidence:
        """In the 90 % set of the best (Hsu's comparisons with the best) and better than the median candidate."""
        sign, others = METRICS[self.metric].sign, list(self.others)
        intervals = {arm: against(cells, self.best, arm, sign) for arm in others}
        # The better of two middle candidates, so that an even number makes the claim no easier.
        median = sorted(others, key=lambda arm: intervals[arm].effect)[(len(others) - 1) // 2]
        shown, band = intervals[median], size(self.margin, self.metric)
        effects, covariance = cells.joint([{arm: sign, self.best: -sign} for arm in others])
        beaten = max_t_or_nan(effects, covariance, shown.df, generator)
        winners = adjusted(others, effects, beaten, self.margin)
        return Evidence(
            holds=shown.effect >= self.margin and bool(beaten.min() >= BEST_SET),
            fails=bool(winners),
            said=difference(shown, (self.best, median), self.metric, cells.held_out, sign)
            + f", the median of {len(others)} other candidate{'s' if len(others) != 1 else ''}",
            ends={
                "reproduced": f"it may be the best (90 %), and the advantage is off zero and at least {band}",
                "contradicted": f"{min(winners, key=lambda a: winners[a], default='')} beats it by {band} or more",
                "inconclusive": "it is not shown to be among the best, and no candidate is shown to beat it",
            },
            unit=METRICS[self.metric].unit,
            p=shown.p_above(0.0),
            p_below=min(winners.values(), default=1.0),
            label="beaten",
            comparisons=comparisons([(self.best, arm) for arm in others], list(intervals.values())),
            **figures(shown, self.margin, cells.held_out),
        )

    def _whole(self, cells: "Cells", generator: np.random.Generator) -> Evidence:
        sign, printed = METRICS[self.metric].sign, -np.arange(len(self.ranking), dtype=np.float64)
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
