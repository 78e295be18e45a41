"""IMPORTANCE: a few of the tuned parameters carry most of the variance."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from analysis.claims.claim import Arms, Basis, Generator, Trials, Unmeasured, kind
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import bounds
from analysis.claims.sides import joined
from analysis.errors import Untestable, unknown
from analysis.protocols import HEADLINE
from analysis.statistics.importance import FEWEST_TRIALS, Importances
from analysis.text import estimate


@kind
class Importance(Unmeasured):
    """IMPORTANCE: of what `arm` tunes, some parameters carry at least `share` (0 to 1) of the variance of accuracy.

    They are those in `parameters`, or without names the `most` important ones, which are 2. The variance is that of
    main effects (fANOVA) over the explored trials, which are of the headline protocol and which the study must draw at
    random or as Sobol points.
    """

    words: ClassVar[str] = "importance of parameters"
    intervals: ClassVar[bool] = False
    by_run: ClassVar[bool] = False
    of_means: ClassVar[bool] = False
    fewest_explored: ClassVar[int] = FEWEST_TRIALS
    repeated: ClassVar[str] = "explored trials"

    kind: Literal["IMPORTANCE"] = "IMPORTANCE"
    protocols: tuple[str, ...] = (HEADLINE.name,)
    arm: Arms[str]
    parameters: tuple[str, ...] = ()
    most: int | None = Field(None, ge=1)
    share: float = Field(0.8, gt=0, lt=1)

    @property
    def judged_margin(self) -> float | None:
        """A bound has no margin."""
        return None

    @property
    def rests_on(self) -> Basis:
        return "explored"

    @property
    def tuned(self) -> tuple[str, ...]:
        return self.parameters

    @property
    def count(self) -> int:
        """How many parameters are said to carry the share."""
        return len(self.parameters) or self.most or 2

    @model_validator(mode="after")
    def parameters_or_most(self) -> "Importance":
        if self.parameters and self.most:
            raise ValueError("give 'parameters' or 'most', not both")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("a parameter is named twice: name each once")
        return self

    @model_validator(mode="after")
    def explored_under_the_headline(self) -> "Importance":
        if self.protocols != (HEADLINE.name,):
            raise ValueError(f"trials are explored under '{HEADLINE.name}' alone: leave out 'protocols'")
        return self

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The share with its interval of percentiles over resampled trials, above or below the bound.

        Raises Untestable where fewer parameters were tuned than the claim leaves room for.
        """
        explored = data.explored(self.arm)
        found = explored.importances()
        share, low, high = self._carried(found)
        named = self.parameters or found.parameters[: self.count]
        bound = f"at least {100 * self.share:g} %"
        return Evidence(
            holds=low >= self.share,
            fails=high < self.share,
            sentence=f"Over {explored.in_words} {joined(named)} carry {estimate(100 * share)} % of the variance of "
            f"main effects {bounds(100 * low, 100 * high)}",
            ends={
                "reproduced": f"{bound} is shown",
                "contradicted": f"{bound} is excluded",
                "inconclusive": f"{bound} is neither shown nor excluded",
            },
            effect=share,
            limits=(low, high),
            unit="share of the variance",
            n=len(explored.values),
            # Confirmed repetitions say nothing of it.
            chance=0.0,
        )

    def _carried(self, found: Importances) -> tuple[float, float, float]:
        if others := [name for name in self.parameters if name not in found.parameters]:
            raise Untestable(
                f"What was tuned has no '{others[0]}': {unknown('parameter', others[0], found.parameters)}"
            )
        if len(found.parameters) <= self.count:
            raise Untestable(f"Only {joined(found.parameters)} were tuned, which carry everything: tune more.")
        return found.together(self.parameters) if self.parameters else found.largest(self.count)
