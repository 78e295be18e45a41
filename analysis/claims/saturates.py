"""SAT: nothing is gained beyond a level."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Arms, AtLevel, Generator, Trials, kind
from analysis.claims.contrasts import against, inside
from analysis.claims.evidence import Evidence, comparisons
from analysis.statistics import holm


@kind
class Saturates(AtLevel):
    """SAT: along `levels`, in increasing order, nothing is gained beyond the level `at`, which beats the lowest."""

    words: ClassVar[str] = "saturation"

    kind: Literal["SAT"] = "SAT"
    levels: Apart[tuple[str, ...]] = Field(min_length=3)
    at: Arms[str]

    @model_validator(mode="after")
    def at_is_inside(self) -> "Saturates":
        if self.at in (self.levels[0], self.levels[-1]):
            raise ValueError("saturation needs a level below and one above 'at'")
        return self

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """Levels above `at` equal to it, and `at` better than the lowest."""
        cells, sign = data.cells(self.levels, self.metric), self.sign
        lowest, above = self.levels[0], self.levels[self.levels.index(self.at) + 1 :]
        gain = against(cells, self.at, lowest, sign)
        beyond = [against(cells, arm, self.at, sign) for arm in above]
        p_beyond = holm([i.p_above(0.0) for i in beyond])
        gains = [p for p, i in zip(p_beyond, beyond, strict=True) if i.effect >= self.margin]
        flat = inside(gain, self.margin)
        pairs = [(self.at, lowest), *((arm, self.at) for arm in above)]
        return Evidence(
            holds=gain.effect >= self.margin and all(inside(i, self.margin) for i in beyond),
            fails=flat or bool(gains),
            ends={
                "reproduced": f"every level above {self.at} lies within {self.band} of it",
                "contradicted": "so nothing is gained up to there"
                if flat
                else f"and a level above gains {self.band} or more",
                "inconclusive": f"a gain up to {self.at} and none beyond it are not both shown, nor is the contrary",
            },
            p=gain.p_above(0.0),
            p_below=None if flat else float(min(gains, default=1.0)),
            label="flat" if flat else "not saturated",
            comparisons=comparisons(pairs, [gain, *beyond]),
            **self.shown(cells, gain, (self.at, lowest), sign),
        )
