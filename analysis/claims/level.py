"""LEV: the level of an arm is as printed."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from analysis.claims.claim import Arms, Counted, Generator, Pair, Trials, kind
from analysis.claims.contrasts import chance_of_equality, count_of
from analysis.claims.evidence import Evidence, figures
from analysis.claims.printed import Printed
from analysis.claims.sentences import basis, bounds, counts, measured
from analysis.claims.sides import drawn
from analysis.metrics import METRICS
from analysis.protocols import PUBLISHED
from analysis.statistics import Interval
from analysis.statistics.intervals import Floats
from analysis.text import estimate

GUESSES_THAT_MATTER = ("architecture", "split", "metric")


@kind
class Level(Printed, Counted):
    """LEV: the absolute level of an arm, as printed (points for accuracies), judged under the document's own protocol.

    `between` takes `printed` as the lower and `upper` as the upper end. For "about" and "between" the margin is the
    tolerance (5 points); for "above" and "below" it is not used. How long something took is a level of the machine it
    was measured on: another machine's cannot contradict it.
    """

    words: ClassVar[str] = "level"
    needs_printed_epochs: ClassVar[bool] = True
    of_its_corpus: ClassVar[str] = "a level is that of the audio it was printed for"

    kind: Literal["LEV"] = "LEV"
    arm: Arms[str]
    margin: float = Field(5.0, gt=0)
    protocols: tuple[str, ...] = (PUBLISHED.name,)

    @property
    def sides(self) -> Pair:
        return self.arm, drawn(self.printed)

    @property
    def judged_margin(self) -> float | None:
        """The tolerance; a bound has none."""
        return None if self.bound else self.margin

    @property
    def stays(self) -> str:
        """Other audio changes the last layer of a network alone: a bound of its parameters is one there, too."""
        return "" if self.metric == "parameters" and self.bound else self.of_its_corpus

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

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        """As it is measured: whether more is better is no part of this claim."""
        return values(first) - values(second)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The mean against the printed figure, range or bound."""
        if self.counted:
            return self._exact(count_of(data, self.arm, self.metric))
        cells = data.cells((self.arm,), self.metric)
        guessed = list(data.run.study["protocols"].get(data.protocol, {}).get("guessed", []))
        level, timed = cells.interval({self.arm: 1.0}), METRICS[self.metric].timed
        why = "another machine" if timed else "what was guessed"
        off = cells.interval({self.arm: 1.0}, self.printed)
        holds, fails = self._conditions(off)
        return Evidence(
            holds=holds,
            fails=fails,
            sentence=f"{basis(level.n, cells.held_out, paired=False)} {self.arm} reaches {estimate(level.effect)} "
            f"{self.unit}{measured(self.metric)} {bounds(*level.limits())}, where the document "
            f"prints {self._printed()}; {len(guessed)} setting{'s' if len(guessed) != 1 else ''} had to be guessed",
            ends={
                "reproduced": "the level agrees with the printed one",
                "contradicted": "the level disagrees with the printed one",
                "inconclusive": "the interval neither agrees with the printed level nor excludes it",
                "untestable": f"the level differs, but {why} may be why",
            },
            unit=self.unit,
            blocked=timed or any(word in guess.lower() for guess in guessed for word in GUESSES_THAT_MATTER),
            chance=1.0 if self.bound else chance_of_equality(off, *self._tolerated),
            **figures(level, self.margin, cells.held_out),
        )

    def _conditions(self, off: Interval) -> tuple[bool, bool]:
        """Whether the level, less the printed figure, agrees, and whether it disagrees."""
        if self.relation == "above":
            return off.low > 0, off.high < 0
        if self.relation == "below":
            return off.high < 0, off.low > 0
        bottom, top = self._tolerated
        return bottom < off.low90 and off.high90 < top, off.high < bottom or off.low > top

    @property
    def _tolerated(self) -> tuple[float, float]:
        """How far a level may lie off the printed one, or the lower of two."""
        return -self.margin, self.margin + self.span[1] - self.span[0]

    def _exact(self, count: float) -> Evidence:
        holds = self.agrees(count, self.margin)
        sentence = f"{counts(self.metric, {self.arm: count})}, where the document prints {self._printed()}"
        ends = {"reproduced": "the count is exact and agrees", "contradicted": "the count is exact and disagrees"}
        return Evidence(holds, not holds, sentence, ends, effect=count, unit=self.unit, exact=True)

    def _printed(self) -> str:
        words = {"about": "about ", "above": "more than ", "below": "at most "}
        figure = f"{words.get(self.relation, '')}{self.printed:,g}"
        return figure if self.upper is None else f"{figure} to {self.upper:,g}"
