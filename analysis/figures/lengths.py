"""S2-F45: how long the clips of a corpus are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import COLOURS, PAPER, QUIET, blank, nothing, padded
from analysis.results import Results

SEEN = 0.05
"""The share of the highest bar from which on a bar needs no number."""


class Lengths(NamedTuple):
    """`counts` of clips between one of the `edges` and the next, in s, and the extremes."""

    edges: np.ndarray
    counts: np.ndarray
    shortest: float
    longest: float


def histogram(results: Results, arms: Sequence[str], printed: float) -> Iterator[Figure]:
    """The lengths of all clips of the corpus, and the printed one in s."""
    data = lengths_data(results.run.pictures)
    if data.counts.any():
        says = (
            f"All clips of the corpus: {data.shortest:.2f} to {data.longest:.2f} s. Dotted: the printed {printed:g} s."
        )
        yield Figure(draw_lengths(data, printed), "How many clips have which length.", says, wide=True)


def lengths_data(pictures: Mapping[str, Any]) -> Lengths:
    found = pictures.get("lengths", {})
    edges, counts = np.asarray(found.get("edges", ()), dtype=float), np.asarray(found.get("counts", ()), dtype=int)
    return Lengths(edges, counts, float(found.get("shortest", 0)), float(found.get("longest", 0)))


def draw_lengths(data: Lengths, printed: float) -> go.Figure:
    """A bar for each range of lengths that some clips have, with its number where it is hardly to be seen."""
    figure = blank("length (s)", f"clips (n = {data.counts.sum():,})", 320)
    if not data.counts.any():
        return nothing(figure, "No lengths were stored.")
    held = np.flatnonzero(data.counts)
    low, high = data.edges[:-1][held], data.edges[1:][held]
    figure.add_trace(
        go.Bar(
            x=((low + high) / 2).round(4).tolist(),
            y=data.counts[held].tolist(),
            width=np.maximum(high - low, 1e-3).round(4).tolist(),
            marker={"color": COLOURS[0], "line": {"color": PAPER, "width": 0.5}},
            text=[f"{count:,}" if count < SEEN * data.counts.max() else "" for count in data.counts[held]],
            textposition="outside",
            textangle=0,
            textfont={"size": 11},
            constraintext="none",
            cliponaxis=False,
            customdata=np.stack([low, high], axis=1).round(2).tolist(),
            hovertemplate="%{customdata[0]} to %{customdata[1]} s: %{y:,} clips<extra></extra>",
        )
    )
    figure.add_vline(x=printed, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    figure.update_yaxes(range=[0, 1.12 * float(data.counts.max())])
    return figure.update_xaxes(range=padded([*low, *high, printed]), showgrid=False)
