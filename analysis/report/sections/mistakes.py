"""The most frequent mistakes of each arm, to see and hear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from analysis.figures.mistakes import Cell, mistakes_data, played
from analysis.report.embed import Embed, Embedded
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.text import slug


@dataclass(frozen=True)
class Mistake:
    """A cell with the id of its place, and its clips as figures."""

    cell: Cell
    place: str
    figures: tuple[Embedded, ...]


@dataclass(frozen=True)
class MistakesSection(Section):
    """The cells of which clips are kept; `licence` is that of the corpus that they are of."""

    id: ClassVar[str] = "mistakes"
    title: ClassVar[str] = "Mistakes to hear"

    corpus: str
    licence: str
    mistakes: Sequence[Mistake]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a run of which no clips were kept."""
        run, data = results.run, results.run.study["data"]
        found = [Mistake(each, place(each), tuple(map(embed, played(run, each)))) for each in mistakes_data(run)]
        about = str(data.get("title", "")), str(data.get("licence", ""))
        return cls(*cls.drawn(results, embed), *about, found) if found else None


def place(cell: Cell) -> str:
    """The id of a cell in a page."""
    return slug(f"played {cell.protocol} {cell.arm} {cell.label} {cell.prediction}")
