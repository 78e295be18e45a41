"""SAT: nothing is gained beyond a level."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from analysis.claims.claim import Apart, AtLevel, kind
from analysis.claims.contrasts import against, inside
from analysis.claims.evidence import Evidence, comparisons, figures
from analysis.claims.sentences import difference, size
from analysis.metrics import METRICS
from analysis.statistics import holm

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


@kind
class Saturates(AtLevel):
    """SAT: along `levels`, in increasing order, nothing is gained beyond the level `at`, which beats the lowest."""

    words: ClassVar[str] = "saturation"

    kind: Literal["SAT"] = "SAT"
    levels: Apart[tuple[str, ...]] = Field(min_length=3)

    @model_validator(mode="after")
    def at_is_inside(self) -> "Saturates":
        """Raise where no level lies below or none above `at`."""
        if self.at in (self.levels[0], self.levels[-1]):
            raise ValueError("saturation needs a level below and one above 'at'")
        return self

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """Levels above `at` equal to it, and `at` better than the lowest."""
        cells, sign = data.cells(self.levels, self.metric), METRICS[self.metric].sign
        lowest, above = self.levels[0], self.levels[self.levels.index(self.at) + 1 :]
        gain = against(cells, self.at, lowest, sign)
        beyond = [against(cells, arm, self.at, sign) for arm in above]
        p_beyond = holm([i.p_above(0.0) for i in beyond])
        gains = [p for p, i in zip(p_beyond, beyond, strict=True) if i.effect >= self.margin]
        flat, band = inside(gain, self.margin), size(self.margin, self.metric)
        pairs = [(self.at, lowest), *((arm, self.at) for arm in above)]
        return Evidence(
            holds=gain.effect >= self.margin and all(inside(i, self.margin) for i in beyond),
            fails=flat or bool(gains),
            said=difference(gain, (self.at, lowest), self.metric, cells.held_out, sign),
            ends={
                "reproduced": f"every level above {self.at} lies within {band} of it",
                "contradicted": "so nothing is gained up to there"
                if flat
                else f"and a level above gains {band} or more",
                "inconclusive": f"a gain up to {self.at} and none beyond it are not both shown, nor is the contrary",
            },
            unit=METRICS[self.metric].unit,
            p=gain.p_above(0.0),
            p_below=None if flat else float(min(gains, default=1.0)),
            label="flat" if flat else "not saturated",
            comparisons=comparisons(pairs, [gain, *beyond]),
            **figures(gain, self.margin, cells.held_out),
        )
