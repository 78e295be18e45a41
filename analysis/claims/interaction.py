"""INT: what one difference is more than another."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from analysis.claims.claim import Arms, Pair, Sized, kind
from analysis.claims.contrasts import directed
from analysis.claims.evidence import Evidence
from analysis.claims.sentences import difference
from analysis.metrics import METRICS
from analysis.statistics.intervals import Floats

if TYPE_CHECKING:
    from analysis.confirmed import Confirmed


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
        """The contrast of each repetition."""
        more, less = (values(a) - values(b) for a, b in (self.plus, self.minus))
        return METRICS[self.metric].sign * (more - less)

    def evidence(self, data: "Confirmed", generator: np.random.Generator) -> Evidence:
        """The contrast, judged like a difference."""
        cells, sign = data.cells(self.arms, self.metric), METRICS[self.metric].sign
        coefficients = dict.fromkeys(self.arms, 0.0)
        for (first, second), turn in ((self.plus, sign), (self.minus, -sign)):
            coefficients[first] += turn
            coefficients[second] -= turn
        interval = cells.interval(coefficients)
        first, second = (f"({' - '.join(pair)})" for pair in (self.plus, self.minus))
        said = difference(interval, (first, second), self.metric, cells.held_out, sign)
        return directed(interval, self.metric, self.margin, cells.held_out, said)
