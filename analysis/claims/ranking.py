"""ORD: an order of several arms."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Arms, Cells, Claim, Generator, Pair, Trials, kind
from analysis.claims.contrasts import adjusted, against, everywhere, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sentences import basis, bounds
from analysis.claims.sides import Sides, arms_of
from analysis.statistics import kendall
from analysis.text import minus

BEST_SET = 0.10
TAU = 0.3


@kind
class Ranking(Claim):
    """ORD in one of four forms, each best first.

    A `chain` of 2 to 7; the `best` or the `worst` of `candidates`; a `ranking` of 8 or more, in which those that the
    document prints as equal stand together in a tuple.
    """

    words: ClassVar[str] = "order"

    kind: Literal["ORD"] = "ORD"
    chain: Apart[tuple[str, ...]] = Field((), max_length=7)
    best: Arms[str] = ""
    worst: Arms[str] = ""
    candidates: Apart[tuple[str, ...]] = ()
    ranking: Apart[tuple[str | tuple[str, ...], ...]] = ()

    @model_validator(mode="after")
    def one_form(self) -> "Ranking":
        whole = [*self.placed()]
        extreme = bool(self.best) != bool(self.worst) and len(self.candidates) > 1
        forms = [len(self.chain) > 1, extreme, len(whole) >= 8 and len(self.ranking) > 1]
        given = [bool(self.chain), bool(self.best or self.worst or self.candidates), bool(self.ranking)]
        if sum(given) != 1 or forms != given:
            raise ValueError(
                "give a chain of 2 to 7, or 'best' or 'worst' with 2 or more candidates, or a ranking of 8 or more"
            )
        return self

    @property
    def judged_margin(self) -> float | None:
        """The margin; a whole ranking has none."""
        return None if self.ranking else self.margin

    @property
    def compared(self) -> tuple[Sides, ...]:
        return tuple(pairwise(self.chain))

    @property
    def extreme(self) -> str:
        """The best or the worst of the candidates."""
        return self.best or self.worst

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(c for c in self.candidates if c != self.extreme)

    def placed(self) -> Iterator[tuple[str, int]]:
        """Each arm of the ranking with its place; equal ones have the same."""
        return ((arm, place) for place, names in enumerate(self.ranking) for arm in arms_of(names))

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """A chain step by step, an extreme among candidates, or a long ranking by Kendall's tau."""
        cells = data.cells(self.arms, self.metric)
        if self.chain:
            return self._chain(cells)
        return self._extreme(cells, generator) if self.extreme else self._whole(cells, generator)

    def _chain(self, cells: Cells) -> Evidence:
        ends = {
            "reproduced": f"every step is off zero and at least {self.band}",
            "contradicted": "at least one step is reversed",
            "inconclusive": "the order is neither shown at every step nor reversed at any",
        }
        return everywhere(self, cells, list(pairwise(self.chain)), "steps", 0.0, ends, "reversed")

    def _extreme(self, cells: Cells, generator: Generator) -> Evidence:
        """In the 90 % set of the best or worst (Hsu's comparisons) and off the median candidate, as claimed."""
        sign, others = self.sign, list(self.others)
        pairs: dict[str, Pair] = {arm: (self.best, arm) if self.best else (arm, self.worst) for arm in others}
        intervals = {arm: against(cells, *pair, sign) for arm, pair in pairs.items()}
        # The nearer of two middle candidates, so that an even number makes the claim no easier.
        median = sorted(others, key=lambda arm: intervals[arm].effect)[(len(others) - 1) // 2]
        shown = intervals[median]
        effects, covariance = cells.joint([{low: sign, high: -sign} for high, low in pairs.values()])
        beaten = max_t_or_nan(effects, covariance, min(i.df for i in intervals.values()), generator)
        refuted = adjusted(others, effects, beaten, self.margin)
        return Evidence(
            holds=shown.effect >= self.margin and bool(beaten.min() >= BEST_SET),
            fails=bool(refuted),
            ends=self._ends(min(refuted, key=lambda arm: refuted[arm], default="")),
            p=shown.p_above(0.0),
            p_below=min(refuted.values(), default=1.0),
            label="beaten" if self.best else "not the worst",
            comparisons=comparisons(list(pairs.values()), list(intervals.values())),
            **self.shown(
                cells,
                shown,
                pairs[median],
                sign,
                f", the median of {len(others)} other candidate{'s' if len(others) != 1 else ''}",
            ),
        )

    def _ends(self, other: str) -> dict[str, str]:
        """`other`: the candidate that most surely refutes the claim."""
        extreme = "best" if self.best else "worst"
        beats = f"{other} beats it" if self.best else f"it beats {other}"
        none = "no candidate is shown to beat it" if self.best else "it is not shown to beat any candidate"
        return {
            "reproduced": f"{self.extreme} may be the {extreme} (90 %), and the difference is off zero and at least "
            f"{self.band}",
            "contradicted": f"{beats} by {self.band} or more",
            "inconclusive": f"{self.extreme} is not shown to be among the {extreme}, and {none}",
        }

    def _whole(self, cells: Cells, generator: Generator) -> Evidence:
        sign, places = self.sign, dict(self.placed())
        printed = -np.array([*places.values()], dtype=np.float64)
        columns = np.stack([np.nanmean(sign * cells.values[arm], axis=0) for arm in places])
        tau = kendall(printed, columns, cells.weights.sum(axis=0), generator)
        (low, high), (bottom, top) = tau.limits(), tau.limits(cells.levels.test)
        return Evidence(
            holds=bottom > TAU,
            fails=top < TAU,
            sentence=f"{basis(cells.n, cells.held_out)} Kendall's tau of the measured with the printed ranking of "
            f"{len(places)} is {minus(f'{tau.value:.2f}')} "
            f"{bounds(low, high) if not math.isnan(low) else '(fewer than two test groups: no interval)'}",
            ends={
                "reproduced": f"it is above {TAU}",
                "contradicted": f"it is below {TAU}",
                "inconclusive": f"{TAU} is not excluded",
            },
            effect=tau.value,
            limits=(low, high),
            unit="Kendall's tau",
            n=cells.n,
            groups=cells.held_out,
            label="another order",
            chance=0.0 if math.isnan(low) else 1.0,
        )
