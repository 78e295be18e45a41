"""OPT: a level, or one of several in a row, is the best."""

from collections.abc import Mapping
from itertools import product
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from analysis.claims.claim import Apart, AtLevel, Cells, Generator, Pair, Trials, kind
from analysis.claims.contrasts import adjusted, against, inside, max_t_or_nan
from analysis.claims.evidence import Evidence, comparisons
from analysis.claims.sides import joined

ALPHA = 0.025


@kind
class Optimum(AtLevel):
    """OPT: of `levels`, in increasing order and at least five, the best is near the level `at`, or within several."""

    words: ClassVar[str] = "optimum"

    kind: Literal["OPT"] = "OPT"
    levels: Apart[tuple[str, ...]] = Field(min_length=5)

    @model_validator(mode="after")
    def some_levels_in_a_row(self) -> "Optimum":
        first = self.levels.index(self.inside[0]) if self.inside else 0
        if not self.inside or self.inside != self.levels[first : first + len(self.inside)]:
            raise ValueError("'at' names no levels in a row: name one, or several that are neighbours")
        if len(self.inside) == len(self.levels):
            raise ValueError("'at' names every level: leave out those in which the best is not claimed to be")
        return self

    @property
    def beyond(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The levels below and those above `at`."""
        first, last = (self.levels.index(level) for level in (self.inside[0], self.inside[-1]))
        return self.levels[:first], self.levels[last + 1 :]

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """Every other level against those of `at`, adjusted by the maximum statistic (Dunnett) in either direction.

        A level beats `at` where it beats all of its levels, and is worse where it is worse than one of them.
        """
        cells, sign = data.cells(self.levels, self.metric), self.sign
        others, far = [*self.beyond[0], *self.beyond[1]], [*self.beyond[0][:-1], *self.beyond[1][1:]]
        pairs = list(product(others, self.inside))
        intervals = {pair: against(cells, *pair, sign) for pair in pairs}
        up, down = (self._adjusted(cells, pairs, turn, generator) for turn in (1, -1))
        beats = {o: max(up[o, a] for a in self.inside) for o in others if all((o, a) in up for a in self.inside)}
        worse = {o: min(down[pair] for pair in pairs if pair[0] == o and pair in down) for o, _ in down}
        losses = [min((worse[name] for name in side if name in worse), default=1.0) for side in self.beyond if side]
        flat = all(inside(i, self.margin) for i in intervals.values())
        best = max(pairs, key=lambda pair: min(intervals[pair[0], a].effect for a in self.inside))[0]
        top = min(self.inside, key=lambda a: intervals[best, a].effect)
        return Evidence(
            holds=not any(p < ALPHA for p in beats.values()) and max(losses) < 1,
            fails=flat or any(level in beats for level in far),
            ends=self._ends(flat),
            p=max(losses),
            p_below=None if flat else min((beats[name] for name in far if name in beats), default=1.0),
            label="flat" if flat else "elsewhere",
            comparisons=comparisons(pairs, list(intervals.values())),
            **self.shown(cells, against(cells, top, best, sign), (top, best), sign, ", the best other level"),
        )

    def _adjusted(self, cells: Cells, pairs: list[Pair], turn: int, generator: Generator) -> Mapping[Pair, float]:
        """The p of each pair whose first is better (or, turned, worse) than its second by the margin or more."""
        sign = turn * self.sign
        effects, covariance = cells.joint([{first: sign, second: -sign} for first, second in pairs])
        df = min(against(cells, *pair).df for pair in pairs)
        return adjusted(pairs, effects, max_t_or_nan(effects, covariance, df, generator), self.margin)

    def _ends(self, flat: bool) -> dict[str, str]:
        at = joined(self.inside)
        among = f"at {at}" if len(self.inside) == 1 else f"among {at}"
        return {
            "reproduced": f"no level beats {at}, and on each side one is worse by {self.band} or more",
            "contradicted": "all levels are equal within the margin"
            if flat
            else f"a level beyond its neighbours beats {at} by {self.band} or more",
            "inconclusive": f"an optimum {among} is neither shown nor excluded",
        }
