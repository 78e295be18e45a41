"""PROP: in how many pairs the first is at least as good."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Arms, Cells, Claim, Generator, Trials, kind
from analysis.claims.contrasts import against, everywhere, named
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sentences import basis, bounds
from analysis.claims.sides import Sides, arms_of, value
from analysis.rounding import NOISE
from analysis.statistics import clustered_share, holm
from analysis.text import estimate

HALF, NEAR = 0.5, 0.2
"""The share of "most", and how far below the printed share one "about" it may lie."""


@kind
class Share(Claim):
    """PROP: in how many of `pairs` (better, worse) the first is at least as good; `printed` is a share of 0 to 1.

    One of a pair may be a constant in the metric's unit.
    """

    words: ClassVar[str] = "share of pairs"
    unitless: ClassVar[bool] = True

    kind: Literal["PROP"] = "PROP"
    pairs: Arms[tuple[tuple[str | float, str | float], ...]] = Field(min_length=2)
    share: Literal["about", "most", "each", "sometimes"]
    printed: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def about_needs_a_figure(self) -> "Share":
        if (self.printed is not None) != (self.share == "about"):
            raise ValueError("'printed' goes with share 'about', and only with it")
        return self

    @model_validator(mode="after")
    def every_pair_names_an_arm(self) -> "Share":
        for pair in self.pairs:
            if not arms_in(pair) or pair[0] == pair[1]:
                raise ValueError("a pair compares two constants or an arm with itself: name one arm or two")
        return self

    @property
    def judged_margin(self) -> float | None:
        """The margin of each pair; a number of pairs has none."""
        return self.margin if self.share == "each" else None

    @property
    def compared(self) -> tuple[Sides, ...]:
        return self.pairs

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        if self.share == "each":
            return self._each(cells)
        if self.share == "sometimes":
            return self._sometimes(cells)
        bound = HALF if self.share == "most" else (self.printed or 0.0) - NEAR
        return counted(self, cells, self.pairs, bound, "pairs", generator)

    def _each(self, cells: Cells) -> Evidence:
        ends = {
            "reproduced": f"in every pair the advantage is off zero and at least {self.band}",
            "contradicted": f"in at least one pair an advantage of {self.band} is excluded",
            "inconclusive": f"an advantage of {self.band} is neither shown in every pair nor excluded in any",
        }
        return everywhere(self, cells, self.pairs, "pairs", self.margin, ends)

    def _sometimes(self, cells: Cells) -> Evidence:
        intervals = [against(cells, first, second, self.sign) for first, second in self.pairs]
        up, down = [i.p_above(0.0) for i in intervals], [i.p_below(0.0) for i in intervals]
        ahead = sum(i.effect > NOISE for i in intervals)
        return Evidence(
            holds=True,
            fails=True,
            sentence=f"{basis(cells.n, cells.held_out)} the first arm is ahead in {ahead} of {len(intervals)} pairs",
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
            comparisons=comparisons([named(pair) for pair in self.pairs], intervals),
        )


def counted(
    claim: Claim, cells: Cells, pairs: Sequence[Sides], bound: float, what: str, generator: Generator
) -> Evidence:
    """In more than the share `bound` of `what`, pairs of the columns of `cells`, the first is at least as good."""
    means = cells.per_repetition().to_dict("series")
    differences = np.stack([claim.sign * (value(a, means.__getitem__) - value(b, means.__getitem__)) for a, b in pairs])
    observed = clustered_share(differences, clusters(pairs), generator)
    (low, high), (bottom, top) = observed.limits(), observed.limits(cells.levels.test)
    where = "more than half" if bound == HALF else f"more than {estimate(bound)}, the printed share less {NEAR},"
    return Evidence(
        holds=bottom > bound,
        fails=top < bound,
        sentence=f"{basis(cells.n, cells.held_out)} the first arm is at least as good in a share of "
        f"{estimate(observed.value)} of {len(pairs)} {what} "
        f"{bounds(low, high) if not math.isnan(low) else '(all share runs: no interval)'}",
        ends={
            "reproduced": f"{where} of the {what} agree",
            "contradicted": f"that {where} of the {what} agree is excluded",
            "inconclusive": f"that {where} of the {what} agree is neither shown nor excluded",
        },
        effect=observed.value,
        limits=(low, high),
        chance=0.0 if math.isnan(low) else 1.0,
        unit=f"share of {what}",
        n=cells.n,
        groups=cells.held_out,
        comparisons=comparisons(
            [named(pair) for pair in pairs], [against(cells, first, second, claim.sign) for first, second in pairs]
        ),
    )


def clusters(pairs: Sequence[Sides]) -> list[int]:
    """The number of each pair's cluster: pairs that share an arm, directly or through others, are one."""
    labels = list(range(len(pairs)))
    for i, first in enumerate(pairs):
        for j, second in enumerate(pairs[:i]):
            if arms_in(first) & arms_in(second):
                labels = [labels[j] if label == labels[i] else label for label in labels]
    return labels


def arms_in(pair: Sides) -> set[str]:
    return {arm for side in pair for arm in arms_of(side)}
