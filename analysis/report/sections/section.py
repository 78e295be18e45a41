"""What the sections of a report have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from analysis.figures.figure import Figures
from analysis.report.embed import Embed, Embedded
from analysis.results import Results


@dataclass(frozen=True)
class Section:
    """A section of the page: what the template of its `id` shows.

    It has the figures that `draws` give, and below them, in a grid, those that `draws_in_grid` give.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    draws: ClassVar[tuple[Figures, ...]] = ()
    draws_in_grid: ClassVar[tuple[Figures, ...]] = ()

    figures: tuple[Embedded, ...]
    grid: tuple[Embedded, ...]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """The section of these results, None where it has nothing to show: here, where it has no figure."""
        drawn = cls.drawn(results, embed)
        return cls(*drawn) if any(drawn) else None

    @classmethod
    def drawn(cls, results: Results, embed: Embed) -> tuple[tuple[Embedded, ...], tuple[Embedded, ...]]:
        return embedded(cls.draws, results, embed), embedded(cls.draws_in_grid, results, embed)

    @property
    def entries(self) -> Sequence[str]:
        """Headings of the section that the contents list, too."""
        return ()


def embedded(draws: Iterable[Figures], results: Results, embed: Embed) -> tuple[Embedded, ...]:
    return tuple(embed(figure) for draw in draws for figure in draw(results))
