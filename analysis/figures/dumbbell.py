"""S2-G2, S2-G3: pairs of arms that differ in one thing, a metric of each joined by a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import (
    INK,
    PAPER,
    blank,
    broken,
    nothing,
    padded,
    plain,
    protocol_style,
    rounded,
    translucent,
    whiskers,
)
from analysis.figures.values import measured
from analysis.metrics import METRICS
from analysis.protocols import judging, protocol_name
from analysis.results import Results

Pairs = Mapping[str, tuple[str, str]]
"""The two arms of each named pair, the one that is changed before what it becomes."""
DOCUMENT = "as the document prints it"
COLUMNS = ["pair", "series", "first", "low_first", "high_first", "second", "low_second", "high_second", "n"]
LINE, LABEL, EDGE = 17, 24, 56
"""Heights in pixels: of a series, of the name above a pair, of the axis."""


class Dumbbell(NamedTuple):
    """`rows`: for each pair and series (a protocol, or the document) a metric of its two arms, with intervals."""

    rows: pd.DataFrame
    metric: str


def pairs(
    results: Results,
    arms: Sequence[str],
    pairs: Pairs,
    ends: tuple[str, str],
    metrics: Mapping[str, Mapping[str, float]],
) -> Iterator[Figure]:
    """For each metric the pairs of which the run has both arms, under each protocol, and what is printed of them."""
    there = {name: pair for name, pair in pairs.items() if set(pair) <= set(arms)}
    for metric, printed in metrics.items():
        data = dumbbell_data(results, there, metric, printed)
        if len(data.rows):
            title = METRICS[metric].axis.partition(" (")[0].capitalize()
            says = f"Open: {ends[0]}; filled: {ends[1]}. Whiskers: 95 % of each arm by itself, not of the difference."
            label = f"{title} of each pair, with {ends[0]} and with {ends[1]}."
            yield Figure(draw_dumbbell(data), label, says, title)


def dumbbell_data(results: Results, pairs: Pairs, metric: str, printed: Mapping[str, float]) -> Dumbbell:
    """The metric of both arms of each pair that was measured; what is printed of them stands in their last row."""
    rows = []
    for name, (first, second) in pairs.items():
        found = []
        for protocol in judging():
            one, other = (measured(results.confirmed[protocol.name], arm, metric) for arm in (first, second))
            if one.n and other.n:
                found.append((name, protocol.name, *one[:3], *other[:3], min(one.n, other.n)))
        if found and {first, second} <= printed.keys():
            nothing_known = (np.nan, np.nan)
            found.append((name, DOCUMENT, printed[first], *nothing_known, printed[second], *nothing_known, 0))
        rows += found
    return Dumbbell(pd.DataFrame(rows, columns=COLUMNS), metric)


def draw_dumbbell(data: Dumbbell) -> go.Figure:
    """A block for each pair, its name above it, in it a line for each series, from an open marker to a filled one."""
    places, tops, height = placed(data.rows)
    figure = blank(METRICS[data.metric].axis, "", round(height) + EDGE)
    ends = data.rows[["first", "second"]].to_numpy(dtype=float)
    if not np.isfinite(ends).any():
        return nothing(figure, "No pair was measured.")
    for series in dict.fromkeys(data.rows["series"]):
        here = (data.rows["series"] == series).to_numpy()
        figure.add_traces(_series(data.rows[here], places[here], series))
    for name, top in tops.items():
        where = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yanchor": "top", "align": "left"}
        figure.add_annotation(text=f"<b>{plain(name)}</b>", showarrow=False, bgcolor=translucent(PAPER, 0.85), **where)
    limits = data.rows[[column for column in COLUMNS if column not in ("pair", "series", "n")]].to_numpy(dtype=float)
    figure.update_xaxes(range=padded(limits.ravel()))
    return figure.update_yaxes(visible=False, range=[height, 0])


def placed(rows: pd.DataFrame) -> tuple[np.ndarray, dict[str, float], float]:
    """In pixels from the top: where each row lies, where each pair begins, and the height of all."""
    pairs = list(dict.fromkeys(rows["pair"]))
    block = np.array([pairs.index(pair) for pair in rows["pair"]], dtype=float)
    places = LABEL * (block + 1) + LINE * (np.arange(len(rows)) + 0.5)
    tops = {str(pair): float(LABEL * place + LINE * (block < place).sum()) for place, pair in enumerate(pairs)}
    return places, tops, float(LABEL * len(pairs) + LINE * len(rows) + LINE / 2)


def _series(rows: pd.DataFrame, places: np.ndarray, series: str) -> list[go.Scatter]:
    """The lines and the markers of a protocol, or of the document."""
    document = series == DOCUMENT
    colour, symbol = (INK, "diamond") if document else protocol_style(series)[::2]
    name = DOCUMENT if document else protocol_name(series)
    xs, ys = broken(zip(rows[["first", "second"]].to_numpy(), np.stack([places, places], axis=1), strict=True))
    line = {"color": colour, "width": 1.5, "dash": "dot" if document else "solid"}
    joined = {"mode": "lines", "line": line, "hoverinfo": "skip", "legendgroup": name, "showlegend": False}
    return [
        go.Scatter(x=rounded(xs), y=ys, **joined),
        *(_markers(rows, places, end, (colour, symbol, name)) for end in ("first", "second")),
    ]


def _markers(rows: pd.DataFrame, places: np.ndarray, end: str, look: tuple[str, str, str]) -> go.Scatter:
    colour, symbol, name = look
    open_ = end == "first"
    look_of_bars = {"color": colour, "thickness": 1, "width": 3}
    bars = whiskers(rows[end], rows[f"low_{end}"], rows[f"high_{end}"], look_of_bars) if name != DOCUMENT else None
    seeds = [f", n = {n}" if n else "" for n in rows["n"]]
    return go.Scatter(
        x=rounded(rows[end]),
        y=places.tolist(),
        error_x=bars,
        mode="markers",
        marker={
            "color": colour,
            "symbol": f"{symbol}-open" if open_ else symbol,
            "size": 9,
            "line": {"width": 1.6, "color": colour},
        },
        name=name,
        legendgroup=name,
        showlegend=not open_,
        customdata=seeds,
        hovertemplate=f"{name}: %{{x:.2f}}%{{customdata}}<extra></extra>",
    )
