"""What a figure is to a page: the drawing, and the words around it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.results import Results


@dataclass(frozen=True)
class Figure:
    """A drawing with its words: the `label` is read out in its place, the `caption` stands below, the `title` above."""

    drawing: go.Figure
    label: str
    caption: str = ""
    title: str = ""


Figures = Callable[[Results], Iterable[Figure]]
"""The figures of one kind that the results of a run give: none where there is nothing to draw."""
