"""How the arms learned: learning curves, what was explored, and which classes were confused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from analysis.figures import confusion, curves, importances, isolation, parallel, progress
from analysis.figures.figure import Figures
from analysis.figures.mistakes import mistakes_data
from analysis.protocols import judging
from analysis.report.embed import Embed, Embedded
from analysis.report.sections.mistakes import place
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.runs import Run


@dataclass(frozen=True)
class CurvesSection(Section):
    """Accuracy over epochs, of all arms together and of each with what it explored."""

    id: ClassVar[str] = "curves"
    title: ClassVar[str] = "Learning curves"
    draws: ClassVar[tuple[Figures, ...]] = (curves.together,)
    draws_in_grid: ClassVar[tuple[Figures, ...]] = (curves.each_arm,)

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None before anything has been trained."""
        return super().of(results, embed) if len(results.run.epochs) else None


@dataclass(frozen=True)
class ExploredSection(Section):
    """The explored trials by arm, and by each of the `tuned` parameters."""

    id: ClassVar[str] = "explored"
    title: ClassVar[str] = "Explored trials"
    draws: ClassVar[tuple[Figures, ...]] = (isolation.best, progress.best_so_far, importances.each_arm)
    draws_in_grid: ClassVar[tuple[Figures, ...]] = (isolation.tuned, parallel.each_arm)

    tuned: Sequence[str]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None without explored trials."""
        figures, grid = cls.drawn(results, embed)
        return cls(figures, grid, list(results.run.study["study"].get("tuned", {}))) if figures else None


@dataclass(frozen=True)
class ConfusionsSection(Section):
    """The confusion matrices of each protocol that has any, and the cells of each whose clips can be heard."""

    id: ClassVar[str] = "confusions"
    title: ClassVar[str] = "Confusion matrices"

    matrices: Mapping[str, tuple[Embedded, ...]]
    clips: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None before anything has been tested."""
        confirmed = {protocol.name: results.confirmed[protocol.name] for protocol in judging()}
        found = {name: tuple(map(embed, confusion.matrices(data))) for name, data in confirmed.items()}
        shown = {name: drawn for name, drawn in found.items() if drawn}
        return cls(*cls.drawn(results, embed), shown, links(results.run)) if shown else None


def links(run: Run) -> dict[str, list[tuple[str, str]]]:
    """By protocol the cells whose clips can be heard: what each is, and its place in the page."""
    found: dict[str, list[tuple[str, str]]] = {}
    for cell in mistakes_data(run):
        name = f"{cell.arm}: {cell.label} taken for {cell.prediction} ({cell.answers:,})"
        found.setdefault(cell.protocol, []).append((name, place(cell)))
    return found
