"""RUNS: how many of the runs of some arms end within a range, or fail."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Arms, Claim, Generator, Trials, kind
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import basis, bounds, measured
from analysis.claims.share import NEAR
from analysis.claims.sides import joined
from analysis.errors import NotRun
from analysis.rounding import NOISE
from analysis.statistics import run_share
from analysis.statistics.intervals import Floats
from analysis.text import estimate


@kind
class Runs(Claim):
    """RUNS: of the runs of `arms` a share above, below or about `printed` (0 to 1) ends in a range of the metric.

    The range is from `low` to `high`; one end alone leaves the other open. With `failed`, runs that could not be
    finished, as with a loss that is not finite, are inside it too, and without a range only they are; else they are
    runs outside it. So "collapses in most runs" is `failed=True, high=11.0, relation="above"` of ten classes.
    """

    words: ClassVar[str] = "share of runs"
    unitless: ClassVar[bool] = True
    of_means: ClassVar[bool] = False

    kind: Literal["RUNS"] = "RUNS"
    of: Arms[tuple[str, ...]] = Field(min_length=1)
    low: float | None = None
    high: float | None = None
    failed: bool = False
    relation: Literal["about", "above", "below"] = "above"
    printed: float = Field(0.5, ge=0, le=1)

    @model_validator(mode="after")
    def a_range_is_given(self) -> "Runs":
        if self.low is None and self.high is None and not self.failed:
            raise ValueError("give 'low' or 'high', the range in which runs are counted, or failed=True")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("'high' must lie above 'low'")
        return self

    @property
    def constants(self) -> tuple[float, ...]:
        """The ends of the range."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    @property
    def judged_margin(self) -> float | None:
        """A bound has no margin."""
        return None

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The share's interval above, or below, the bound; for "about" a share the bound is the printed less .2."""
        inside, runs = self._counts(data)
        found, bound = run_share(inside, runs), self.printed - NEAR * (self.relation == "about")
        more, less = found.p_above(bound), found.p_below(bound)
        p, p_below = (less, more) if self.relation == "below" else (more, less)
        side = "below" if self.relation == "below" else "above"
        return Evidence(
            holds=True,
            fails=True,
            sentence=f"{basis(len(runs), 0, paired=False)} {inside.sum():.0f} of {runs.sum():.0f} runs of "
            f"{joined(self.of)} {self._range()}, a share of {estimate(found.share)} {bounds(*found.limits())}",
            ends={
                "reproduced": f"it is {side} {estimate(bound)}",
                "contradicted": f"that it is {side} {estimate(bound)} is excluded",
                "inconclusive": f"that it is {side} {estimate(bound)} is neither shown nor excluded",
            },
            effect=found.share,
            limits=found.limits(),
            limits90=found.limits(0.90),
            unit="share of runs",
            n=len(runs),
            p=p,
            p_below=p_below,
            label="too many" if self.relation == "below" else "too few",
        )

    def _counts(self, data: Trials) -> tuple[Floats, Floats]:
        """In each repetition, how many runs are inside, and how many there are."""
        counts: dict[int, tuple[int, int]] = {}
        for repetition, inside in [each for arm in self.of for each in self._runs(data, arm)]:
            before = counts.get(repetition, (0, 0))
            counts[repetition] = before[0] + inside, before[1] + 1
        if not counts:
            raise NotRun(f"No run of {joined(self.of)} has ended under {data.protocol}.")
        inside, runs = np.array([*counts.values()], dtype=np.float64).T
        return inside, runs

    def _runs(self, data: Trials, arm: str) -> list[tuple[int, bool]]:
        """Each repetition of an arm that has ended, and whether its run is inside."""
        ended = [(repetition, self.failed) for repetition in sorted(data.failed.get(arm, ()))]
        if (data.rows["arm"] == arm).any():
            values = data.cells((arm,), self.metric).per_repetition()[arm]
            ended += [(int(str(repetition)), self._holds(found)) for repetition, found in values.items()]
        return ended

    def _holds(self, value: float) -> bool:
        """Whether the value of a run that was finished lies in the range."""
        if self.low is None and self.high is None:
            return False
        below = self.low is not None and value < self.low - NOISE
        return not below and (self.high is None or value <= self.high + NOISE)

    def _range(self) -> str:
        if self.low is None and self.high is None:
            return "could not be finished"
        ends = [f"{word} {end:g}" for word, end in (("at least", self.low), ("at most", self.high)) if end is not None]
        failed = ", or could not be finished" if self.failed else ""
        return f"end at {' and '.join(ends).removeprefix('at ')} {self.unit}{measured(self.metric)}{failed}"
