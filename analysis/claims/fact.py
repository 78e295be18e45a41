"""FACT: a figure of the corpus is as printed, or lies above, below or between printed figures."""

from typing import ClassVar, Literal

from pydantic import Field

from analysis.claims.claim import Basis, Generator, Trials, Unmeasured, kind
from analysis.claims.evidence import Evidence
from analysis.claims.printed import Printed
from analysis.errors import Untestable
from analysis.text import minus


@kind
class Fact(Unmeasured, Printed):
    """FACT: a figure of the corpus computed from its files; `tolerance` is a share of the printed figure (.1 for "≈").

    For "between" it widens both ends. A yes-or-no fact is printed as 1.0 or 0.0.
    """

    words: ClassVar[str] = "fact"
    intervals: ClassVar[bool] = False
    by_run: ClassVar[bool] = False
    unitless: ClassVar[bool] = True
    of_its_corpus: ClassVar[str] = "a fact is about the files of its corpus"

    kind: Literal["FACT"] = "FACT"
    fact: str
    tolerance: float = Field(0.0, ge=0)

    @property
    def judged_margin(self) -> float | None:
        """A fact has a tolerance in place of a margin."""
        return None

    @property
    def rests_on(self) -> Basis:
        return "described"

    @property
    def in_words(self) -> str:
        return f"Fact: {self.fact}."

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        if data.run.rendered:
            raise Untestable("The audio is a rendered stand-in, of which no fact about the corpus can be computed.")
        value = data.run.facts.get(self.fact)
        if value is None:
            clips = data.run.study["data"]["clips"]
            raise Untestable(
                f"'{self.fact}' cannot be counted in the {clips:,} clips at hand: part of the corpus is missing, or no "
                "file says it."
            )
        holds = self.agrees(float(value), self.tolerance * max(map(abs, self.span)) + 1e-9)
        tolerance = f" (tolerance {100 * self.tolerance:.0f} %)" if self.tolerance else ""
        return Evidence(
            holds=holds,
            fails=not holds,
            sentence=f"Computed from the files, {self.fact} is {figure(float(value))}; "
            f"printed is {self._printed()}{tolerance}",
            ends={"reproduced": "the two agree", "contradicted": "the two disagree"},
            effect=float(value),
            unit="",
            exact=True,
        )

    def _printed(self) -> str:
        words = {"above": "more than ", "below": "at most ", "between": "from "}.get(self.relation, "")
        return f"{words}{' to '.join(figure(end) for end in dict.fromkeys(self.span))}"


def figure(value: float) -> str:
    """A figure of a corpus: whole numbers without decimals."""
    return minus(f"{value:,.0f}" if value == round(value) else f"{value:,.4g}")
