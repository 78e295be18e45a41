"""OPT: a level is the best."""

from typing import ClassVar, Literal

from pydantic import Field

from analysis.claims.claim import Apart, AtLevel, Generator, Trials, kind
from analysis.claims.contrasts import adjusted, against, inside, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons

ALPHA = 0.025


@kind
class Optimum(AtLevel):
    """OPT: of `levels`, in increasing order and at least five, the best is near the level `at`."""

    words: ClassVar[str] = "optimum"

    kind: Literal["OPT"] = "OPT"
    levels: Apart[tuple[str, ...]] = Field(min_length=5)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """Every level against `at`, adjusted by the maximum statistic (Dunnett) in either direction."""
        cells, sign = data.cells(self.levels, self.metric), self.sign
        others = [level for level in self.levels if level != self.at]
        intervals = {level: against(cells, level, self.at, sign) for level in others}
        effects, covariance = cells.joint([{level: sign, self.at: -sign} for level in others])
        df = min(i.df for i in intervals.values())
        beats = adjusted(others, effects, max_t_or_nan(effects, covariance, df, generator), self.margin)
        worse = adjusted(others, -effects, max_t_or_nan(-effects, covariance, df, generator), self.margin)
        at = self.levels.index(self.at)
        sides = [side for side in (self.levels[:at], self.levels[at + 1 :]) if side]
        beyond = [level for level in others if abs(self.levels.index(level) - at) > 1]
        flat = all(inside(i, self.margin) for i in intervals.values())
        best = max(others, key=lambda level: intervals[level].effect)
        shown = against(cells, self.at, best, sign)
        return Evidence(
            holds=not any(p < ALPHA for p in beats.values())
            and all(any(name in worse for name in side) for side in sides),
            fails=flat or any(level in beats for level in beyond),
            ends={
                "reproduced": f"no level beats {self.at}, and on each side one is worse by {self.band} or more",
                "contradicted": "all levels are equal within the margin"
                if flat
                else f"a level beyond its neighbours beats {self.at} by {self.band} or more",
                "inconclusive": f"an optimum at {self.at} is neither shown nor excluded",
            },
            p=max(min((worse[name] for name in side if name in worse), default=1.0) for side in sides),
            p_below=None if flat else min((beats[name] for name in beyond if name in beats), default=1.0),
            label="flat" if flat else "elsewhere",
            comparisons=comparisons([(level, self.at) for level in others], list(intervals.values())),
            **self.shown(cells, shown, (self.at, best), sign, ", the best other level"),
        )
