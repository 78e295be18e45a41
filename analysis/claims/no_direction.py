"""HYP: a question without a claimed direction."""

from typing import ClassVar, Literal

from analysis.claims.claim import Apart, Claim, Generator, Pair, Trials, kind
from analysis.claims.contrasts import against
from analysis.claims.evidence import Evidence


@kind
class NoDirection(Claim):
    """HYP without a direction: the difference first - second is estimated and nothing is decided."""

    words: ClassVar[str] = "hypothesis"

    kind: Literal["HYP"] = "HYP"
    first: Apart[str]
    second: Apart[str]
    hypothesis: bool = True

    @property
    def sides(self) -> Pair:
        return self.first, self.second

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        shown = self.shown(cells, against(cells, self.first, self.second), self.sides)
        ends = {"no claim": "the document claims no direction, so this is an estimate and no verdict"}
        return Evidence(holds=False, fails=False, ends=ends, claimed=False, **shown)
