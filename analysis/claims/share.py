"""PROP: in how many pairs the first is at least as good."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Arms, Cells, Claim, Generator, Pair, Trials, kind
from analysis.claims.contrasts import against, everywhere
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sentences import basis, bounds
from analysis.statistics import Interval, clustered_share, holm
from analysis.text import estimate


@kind
class Share(Claim):
    """PROP: in how many of `pairs` (better, worse) the first is at least as good; `printed` is a share of 0 to 1."""

    words: ClassVar[str] = "share of pairs"
    unitless: ClassVar[bool] = True

    kind: Literal["PROP"] = "PROP"
    pairs: Arms[tuple[Pair, ...]] = Field(min_length=2)
    share: Literal["about", "most", "each", "sometimes"]
    printed: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def about_needs_a_figure(self) -> "Share":
        if (self.printed is not None) != (self.share == "about"):
            raise ValueError("'printed' goes with share 'about', and only with it")
        return self

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        if self.share == "each":
            return self._each(cells)
        intervals = [against(cells, first, second, self.sign) for first, second in self.pairs]
        if self.share == "sometimes":
            return self._sometimes(cells, intervals)
        return self._counted(cells, intervals, generator)

    def _each(self, cells: Cells) -> Evidence:
        ends = {
            "reproduced": f"in every pair the advantage is off zero and at least {self.band}",
            "contradicted": f"in at least one pair an advantage of {self.band} is excluded",
            "inconclusive": f"an advantage of {self.band} is neither shown in every pair nor excluded in any",
        }
        return everywhere(self, cells, self.pairs, "pairs", self.margin, ends)

    def _sometimes(self, cells: Cells, intervals: Sequence[Interval]) -> Evidence:
        up, down = [i.p_above(0.0) for i in intervals], [i.p_below(0.0) for i in intervals]
        ahead = sum(i.effect > 0 for i in intervals)
        return Evidence(
            holds=True,
            fails=True,
            said=f"{basis(cells.n, cells.held_out)} the first arm is ahead in {ahead} of {len(intervals)} pairs",
            ends={
                "reproduced": "at least one pair is up and one down, each off zero",
                "contradicted": "all pairs go one way, each off zero",
                "inconclusive": "pairs off zero in both directions are not shown, nor is it that all go one way",
            },
            effect=ahead / len(intervals),
            unit="share of pairs",
            n=cells.n,
            groups=cells.held_out,
            p=float(max(np.min(holm(up)), np.min(holm(down)))),
            p_below=min(max(up), max(down)),
            label="always" if ahead else "never",
            comparisons=comparisons(self.pairs, intervals),
        )

    def _counted(self, cells: Cells, intervals: Sequence[Interval], generator: Generator) -> Evidence:
        means = cells.per_repetition()
        differences = np.stack([self.sign * (means[a] - means[b]).to_numpy(float) for a, b in self.pairs])
        observed, low, high = clustered_share(differences, clusters(self.pairs), generator)
        bound = 0.5 if self.share == "most" else (self.printed or 0.0) - 0.2
        where = (
            "more than half" if self.share == "most" else f"more than {estimate(bound)}, the printed share less 0.2,"
        )
        return Evidence(
            holds=low > bound,
            fails=high < bound,
            said=f"{basis(cells.n, cells.held_out)} the first arm is at least as good in a share of "
            f"{estimate(observed)} of {len(self.pairs)} pairs "
            f"{bounds(low, high) if not math.isnan(low) else '(all share runs: no interval)'}",
            ends={
                "reproduced": f"{where} of the pairs agree",
                "contradicted": f"that {where} of the pairs agree is excluded",
                "inconclusive": f"that {where} of the pairs agree is neither shown nor excluded",
            },
            effect=observed,
            limits=(low, high),
            unit="share of pairs",
            n=cells.n,
            groups=cells.held_out,
            comparisons=comparisons(self.pairs, intervals),
        )


def clusters(pairs: Sequence[Pair]) -> list[int]:
    """The number of each pair's cluster: pairs that share an arm, directly or through others, are one."""
    labels = list(range(len(pairs)))
    for i, first in enumerate(pairs):
        for j, second in enumerate(pairs[:i]):
            if set(first) & set(second):
                labels = [labels[j] if label == labels[i] else label for label in labels]
    return labels
