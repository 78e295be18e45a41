"""INT: what one difference is more than another."""

from collections.abc import Callable
from typing import ClassVar, Literal

from analysis.claims.claim import Arms, Generator, Pair, Sized, Trials, kind
from analysis.claims.contrasts import directed
from analysis.claims.evidence import Evidence
from analysis.statistics.intervals import Floats


@kind
class Interaction(Sized):
    """INT: the contrast (a1 - a2) - (b1 - b2) of `plus` = (a1, a2) and `minus` = (b1, b2) is positive."""

    words: ClassVar[str] = "interaction"

    kind: Literal["INT"] = "INT"
    plus: Arms[Pair]
    minus: Arms[Pair]

    @property
    def sides(self) -> Pair:
        return f"({' − '.join(self.plus)})", f"({' − '.join(self.minus)})"

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        more, less = (values(a) - values(b) for a, b in (self.plus, self.minus))
        return self.sign * (more - less)

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells, coefficients = data.cells(self.arms, self.metric), dict.fromkeys(self.arms, 0.0)
        for (first, second), turn in ((self.plus, self.sign), (self.minus, -self.sign)):
            coefficients[first] += turn
            coefficients[second] -= turn
        sides = f"({' - '.join(self.plus)})", f"({' - '.join(self.minus)})"
        return directed(self, cells, cells.interval(coefficients), sides, self.sign)
