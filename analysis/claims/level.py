"""LEV: the level of an arm is as printed."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from analysis.claims.claim import Arms, Claim, Generator, Pair, Trials, kind
from analysis.claims.contrasts import parameters_of, side
from analysis.claims.evidence import Evidence, figures
from analysis.claims.sentences import basis, bounds, measured
from analysis.protocols import PUBLISHED
from analysis.statistics import Interval
from analysis.text import estimate

GUESSES_THAT_MATTER = ("architecture", "split", "metric")
BOUNDS = ("above", "below")


@kind
class Level(Claim):
    """LEV: the absolute level of an arm, as printed (points for accuracies), judged under the document's own protocol.

    `between` takes `printed` as the lower and `upper` as the upper end. For "about" and "between" the margin is the
    tolerance (5 points); for "above" and "below" it is not used.
    """

    words: ClassVar[str] = "level"

    kind: Literal["LEV"] = "LEV"
    arm: Arms[str]
    printed: float
    upper: float | None = None
    relation: Literal["about", "above", "below", "between"] = "about"
    margin: float = Field(5.0, gt=0)
    protocols: tuple[str, ...] = (PUBLISHED.name,)

    @property
    def sides(self) -> Pair:
        return self.arm, side(self.printed)

    @property
    def judged_margin(self) -> float | None:
        """The tolerance; a bound has none."""
        return None if self.relation in BOUNDS else self.margin

    @classmethod
    def origin(cls, printed: float | None) -> float:
        """A level is drawn as its distance from the printed one."""
        return printed or 0.0

    @field_validator("protocols")
    @classmethod
    def as_the_document_ran_it(cls, protocols: tuple[str, ...]) -> tuple[str, ...]:
        if set(protocols) - {PUBLISHED.name}:
            raise ValueError(f"a level is compared with the printed one under '{PUBLISHED.name}' alone")
        return protocols

    @model_validator(mode="after")
    def range_has_two_ends(self) -> "Level":
        if (self.upper is not None) != (self.relation == "between"):
            raise ValueError("'upper' goes with relation 'between', and only with it")
        if self.upper is not None and self.upper <= self.printed:
            raise ValueError("'upper' must lie above 'printed'")
        return self

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The mean against the printed figure, range or bound."""
        if self.metric == "parameters":
            return self._exact(parameters_of(data, self.arm))
        cells = data.cells((self.arm,), self.metric)
        guessed = list(data.run.study["protocols"].get(data.protocol, {}).get("guessed", []))
        level = cells.interval({self.arm: 1.0})
        holds, fails = self._conditions(cells.interval({self.arm: 1.0}, self.printed))
        return Evidence(
            holds=holds,
            fails=fails,
            said=f"{basis(level.n, cells.held_out, paired=False)} {self.arm} reaches {estimate(level.effect)} "
            f"{self.unit}{measured(self.metric)} {bounds(*level.limits())}, where the document "
            f"prints {self._printed()}; {len(guessed)} setting{'s' if len(guessed) != 1 else ''} had to be guessed",
            ends={
                "reproduced": "the level agrees with the printed one",
                "contradicted": "the level disagrees with the printed one",
                "inconclusive": "the interval neither agrees with the printed level nor excludes it",
                "untestable": "the level differs, but what was guessed may be why",
            },
            unit=self.unit,
            blocked=any(word in guess.lower() for guess in guessed for word in GUESSES_THAT_MATTER),
            **figures(level, self.margin, cells.held_out),
        )

    def _conditions(self, off: Interval) -> tuple[bool, bool]:
        """Whether the level, less the printed figure, agrees, and whether it disagrees."""
        if self.relation == "above":
            return off.low > 0, off.high < 0
        if self.relation == "below":
            return off.high < 0, off.low > 0
        bottom, top = -self.margin, self._top()
        return bottom < off.low90 and off.high90 < top, off.high < bottom or off.low > top

    def _exact(self, count: float) -> Evidence:
        off = count - self.printed
        holds = {"above": off > 0, "below": off <= 0}.get(self.relation, -self.margin <= off <= self._top())
        said = f"{self.arm} has {estimate(count)} parameters, where the document prints {self._printed()}"
        ends = {"reproduced": "the count is exact and agrees", "contradicted": "the count is exact and disagrees"}
        return Evidence(holds, not holds, said, ends, effect=count, unit="parameters", exact=True)

    def _top(self) -> float:
        """How far a level may lie above the printed one."""
        return self.margin + ((self.upper or self.printed) - self.printed)

    def _printed(self) -> str:
        words = {"about": "about ", "above": "more than ", "below": "at most "}
        figure = f"{words.get(self.relation, '')}{self.printed:,g}"
        return figure if self.upper is None else f"{figure} to {self.upper:,g}"
