"""What flatters results: the checks of data, design and results, and the inflation."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.audit import Check, results_card
from analysis.figures import leakage
from analysis.figures.figure import Figures
from analysis.report.embed import Embed
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.verdicts import Verdict

Found = Mapping[str, Any]
"""A check as study.json has it: id, name, outcome, figure and explanation."""


@dataclass(frozen=True)
class MatrixRow:
    """A check under each protocol, None where a protocol has none; it `applies` where it does under any of them."""

    id: str
    name: str
    checks: Sequence[Found | None]
    applies: bool


@dataclass(frozen=True)
class ProtocolsSection(Section):
    """The cards of the protocols, side by side and one by one, and the checks of the design and of the results."""

    id: ClassVar[str] = "protocols"
    title: ClassVar[str] = "Protocol card"

    given: str
    cards: Mapping[str, Mapping[str, Any]]
    matrix: Sequence[MatrixRow]
    design: Sequence[Found]
    results: Sequence[Check]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self:
        """Always shown: a study that trains nothing says so."""
        cards, design = results.run.study["protocols"], results.run.study.get("design", [])
        checks = results_card(results.run, results.judged)
        return cls(*cls.drawn(results, embed), results.run.given, cards, protocol_matrix(cards), design, checks)


def protocol_matrix(cards: Mapping[str, Any]) -> list[MatrixRow]:
    """The checks of all protocols side by side, in the order of their ids, each once."""
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for protocol, card in cards.items():
        for check in card.get("checks", []):
            cells.setdefault((check["id"], check["name"]), {})[protocol] = check
    ordered = sorted(cells.items(), key=lambda item: int(item[0][0][1:]))
    return [
        MatrixRow(
            id,
            name,
            [found.get(protocol) for protocol in cards],
            any(check["outcome"] != "not applicable" for check in found.values()),
        )
        for (id, name), found in ordered
    ]


@dataclass(frozen=True)
class InflationSection(Section):
    """The accuracy of each arm under each protocol, the inflation of each, and the estimates that decide nothing."""

    id: ClassVar[str] = "inflation"
    title: ClassVar[str] = "Inflation"
    draws: ClassVar[tuple[Figures, ...]] = (leakage.levels,)

    rows: Sequence[Mapping[Hashable, Any]]
    others: Sequence[Verdict]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None where no inflation was measured and every estimate has its verdict."""
        figures, grid = cls.drawn(results, embed)
        rows = results.inflation.dropna(how="all", subset=["inflation", "total_change"]).to_dict("records")
        return cls(figures, grid, rows, results.others) if figures or results.others else None
