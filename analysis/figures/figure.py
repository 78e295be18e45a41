"""What a page can show of a run: a drawing with the words around it, a table, or a diagram of steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import plotly.graph_objects as go

from analysis.figures.pipeline import Pipeline
from analysis.results import Results


class Player(NamedTuple):
    """A sound that a reader can play: what it is, and its file, from the folder of the page."""

    name: str
    file: str


@dataclass(frozen=True)
class Figure:
    """A drawing with its words: the `label` is read out in its place, the `caption` stands below, the `title` above.

    One that is `wide` needs the whole width of a page. Below it are `players` of what it shows.
    """

    drawing: go.Figure
    label: str
    caption: str = ""
    title: str = ""
    wide: bool = False
    players: tuple[Player, ...] = ()


class Cell(NamedTuple):
    """A cell of a table: the `value` by which it is sorted, an interval `beside` it, and the id that it links to."""

    text: str
    value: float | None = None
    beside: str = ""
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose first cells name the rows; where it is `sortable`, a reader can sort it by any column."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    title: str = ""
    sortable: bool = True

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Of each column whether it holds numbers."""
        columns = zip(*self.rows, strict=True)
        return tuple(any(cell.value is not None for cell in column) for column in columns)


Shown = Figure | Table | Pipeline

Figures = Callable[[Results], Iterable[Figure]]
"""The figures of one kind that the results of a run give: none where there is nothing to draw."""
