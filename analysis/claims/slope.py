"""Slope: the odds of a right answer change with a property of the item."""

import math
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Arms, Generator, Trials, Unmeasured, kind
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import basis
from analysis.claims.sides import joined
from analysis.errors import Untestable
from analysis.metrics import correct
from analysis.statistics import Estimate, clustered_slope
from analysis.statistics.annotation import ranking_areas

if TYPE_CHECKING:
    import pandas as pd

STEEPEST = 700.0
"""The largest slope whose odds ratio is a finite number."""


def odds_ratio(slope: float) -> float:
    """The odds ratio of a slope on log odds; infinite where too few answers differ to bound it."""
    return math.exp(slope) if slope < STEEPEST else math.inf


@kind
class Slope(Unmeasured):
    """Slope: the odds of a right answer rise (or fall) with a covariate of the item; `margin` is an odds ratio per SD.

    The covariate is a column of the predictions besides those of the contract. With `classes` only their items count;
    with `less`, other classes, the odds ratio of `classes` (or of all others) is divided by that of `less`.
    With `of_pairs` items are the corpus' published test excerpts, and what is right or wrong are the pairs of a label
    and another class, by the ranking: half of them by chance, however many labels an excerpt has. Whether the best
    class is a label would be likelier with more labels, whether it is the first one less likely, for that alone.
    """

    words: ClassVar[str] = "slope"
    by_run: ClassVar[bool] = False

    kind: Literal["slope"] = "slope"
    arm: Arms[str]
    covariate: str
    direction: Literal["rises", "falls"] = "rises"
    classes: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    of_pairs: bool = False
    margin: float = Field(1.1, gt=1)

    @model_validator(mode="after")
    def classes_stand_once(self) -> "Slope":
        if len({*self.classes, *self.less}) < len(self.classes) + len(self.less):
            raise ValueError("a class is compared with itself: name each class once")
        return self

    @property
    def stays(self) -> str:
        """Classes are those of a corpus."""
        return "it names classes of its corpus" if self.classes or self.less else ""

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """Odds ratio per standard deviation in the claimed direction, off 1 and at least the margin."""
        items = data.items(self.arm, of_excerpts=self.of_pairs)
        if self.of_pairs and items.empty:
            raise Untestable(f"{self.arm} was tested on no published excerpts of its corpus.")
        if self.covariate not in items:
            raise Untestable(f"The predictions have no column '{self.covariate}'.")
        n, fit = data.cells((self.arm,)).n, self._fitted(items.dropna(subset=[self.covariate]))
        ratio, (low, high) = odds_ratio(fit.effect), map(odds_ratio, fit.limits())
        return Evidence(
            holds=ratio >= self.margin,
            fails=True,
            sentence=f"{basis(n, fit.groups, paired=False)} the odds of {self._right} of {self.arm}{self._among()} "
            f"change by a factor of {ratio:.2f} per standard deviation of {self.covariate}{self._beyond()}, in the "
            f"claimed direction (95 % interval {low:.2f} to {high:.2f})",
            ends={
                "reproduced": f"it is off 1 and at least {self.margin}",
                "contradicted": f"a factor of {self.margin} is excluded",
                "inconclusive": f"a factor of {self.margin} is neither shown nor excluded",
            },
            effect=ratio,
            limits=(low, high),
            limits90=(odds_ratio(fit.limits(0.90)[0]), odds_ratio(fit.limits(0.90)[1])),
            unit="odds ratio per SD",
            n=n,
            groups=fit.groups,
            p=fit.p_above(0.0),
            p_below=fit.p_below(math.log(self.margin)),
            label="reversed" if high < 1 else "negligible" if low > 1 else "null",
        )

    @property
    def _right(self) -> str:
        return "a rightly ranked pair of classes" if self.of_pairs else "a right answer"

    def _among(self) -> str:
        return f" on {joined(self.classes)}" if self.classes else " on other classes" if self.less else ""

    def _beyond(self) -> str:
        return f" relative to those on {joined(self.less)}" if self.less else ""

    def _fitted(self, items: "pd.DataFrame") -> Estimate:
        """The slope of the arm's answers, positive in the claimed direction."""
        labels = items["label"].astype(str)
        if self.classes:
            items = items[labels.isin([*self.classes, *self.less])]
            labels = labels[items.index]
        turn = 1.0 if self.direction == "rises" else -1.0
        try:
            return clustered_slope(
                ranking_areas(items) if self.of_pairs else correct(items).to_numpy().astype(np.float64),
                turn * items[self.covariate].to_numpy(float),
                labels.to_numpy(str),
                items["group"].to_numpy(str),
                items["repetition"].to_numpy(int),
                labels.isin(self.less).to_numpy(bool) if self.less else None,
            )
        except (ValueError, np.linalg.LinAlgError) as error:
            raise Untestable(f"No slope on '{self.covariate}' can be fitted: {error}.") from None
