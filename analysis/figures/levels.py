"""S2-G6: test accuracy over the levels of a setting, such as the size of kernels, odd and even ones told apart."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import COLOURS, QUIET, Style, arm_styles, blank, nothing, plain, rounded, whiskers
from analysis.figures.values import level
from analysis.findings.register import Levels
from analysis.protocols import judging, protocol_name
from analysis.results import Results

PARITY = {"odd": Style(COLOURS[0], "solid", "circle"), "even": Style(COLOURS[1], "solid", "square")}
COLUMNS = ["series", "arm", "level", "mean", "low", "high", "n"]
HEIGHT = 340


class Accuracies(NamedTuple):
    """`rows`: series, arm, level, and the test accuracy in points: mean, low, high, n; by level in each series."""

    rows: pd.DataFrame
    levels: Levels


def accuracy(results: Results, arms: Sequence[str], over: Sequence[Levels]) -> Iterator[Figure]:
    """Accuracy over the levels of each setting, under each protocol in which two levels or more were tested."""
    for levels in over:
        for protocol in judging():
            data = accuracies_data(results.confirmed[protocol.name], arms, levels)
            if len(data.rows):
                title = f"{levels.title.capitalize()}, {protocol_name(protocol.name)}"
                label = f"Test accuracy over the {levels.title}, {protocol_name(protocol.name)}."
                yield Figure(draw_accuracies(data), label, f"Whiskers: 95 %.{data_words(data)}", title)


def data_words(data: Accuracies) -> str:
    names = list(dict.fromkeys(data.rows["series"]))
    return f" Lines: {'; '.join(names)}." if len(names) > 1 else f" {names[0]}."


def accuracies_data(confirmed: Confirmed, arms: Sequence[str], levels: Levels) -> Accuracies:
    """The series that have two levels or more among the arms that were tested."""
    settings, rows = confirmed.run.settings, []
    for series, picked in levels.series.items():
        known = {arm: levels.of(settings[arm]) for arm in picked(arms)}
        found = [(series, arm, at, *level(confirmed, arm)) for arm, at in known.items() if at is not None]
        rows.append(pd.DataFrame([each for each in found if each[-1]], columns=COLUMNS).sort_values("level"))
    several = [table for table in rows if table["level"].nunique() > 1]
    return Accuracies(pd.concat(several, ignore_index=True) if several else pd.DataFrame(columns=COLUMNS), levels)


def draw_accuracies(data: Accuracies) -> go.Figure:
    """A line for each series; with parity, markers of odd and of even levels have a colour and a shape each."""
    n = int(data.rows["n"].max()) if len(data.rows) else 0
    figure = blank(f"{data.levels.title} (n = {n} seeds)", "test accuracy (%)", HEIGHT)
    if not np.isfinite(data.rows["mean"].astype(float)).any():
        return nothing(figure, "No level was tested.")
    styles = arm_styles(list(dict.fromkeys(data.rows["series"])))
    for series, style in styles.items():
        rows = data.rows[data.rows["series"] == series]
        figure.add_trace(_line(rows, style, len(styles) > 1, data.levels.parity))
        for name, look in looks(rows, style, data.levels.parity).items():
            chosen = rows[parity(rows["level"]) == name] if data.levels.parity else rows
            figure.add_trace(_markers(chosen, look, name, data.levels.parity and series == next(iter(styles))))
    ticks = sorted(set(data.rows["level"]))
    return figure.update_xaxes(
        type="log" if data.levels.logarithmic else "linear", tickvals=ticks, ticktext=[f"{each:g}" for each in ticks]
    )


def parity(levels: "pd.Series[float]") -> np.ndarray:
    return np.where(levels % 2 == 1, "odd", "even")


def looks(rows: pd.DataFrame, style: Style, by_parity: bool) -> dict[str, Style]:
    """The styles of the markers of a series, by name."""
    if not by_parity:
        return {str(rows["series"].iloc[0]): style}
    return {name: look for name, look in PARITY.items() if name in parity(rows["level"])}


def _line(rows: pd.DataFrame, style: Style, named: bool, by_parity: bool) -> go.Scatter:
    return go.Scatter(
        x=rows["level"].tolist(),
        y=rounded(rows["mean"]),
        mode="lines",
        line={"color": QUIET if by_parity else style.colour, "width": 1.5, "dash": style.dash},
        hoverinfo="skip",
        name=plain(rows["series"].iloc[0]),
        legendgroup=plain(rows["series"].iloc[0]),
        showlegend=named,
    )


def _markers(rows: pd.DataFrame, look: Style, name: str, named: bool) -> go.Scatter:
    bars = whiskers(rows["mean"], rows["low"], rows["high"], {"color": look.colour, "thickness": 1.5, "width": 3})
    return go.Scatter(
        x=rows["level"].tolist(),
        y=rounded(rows["mean"]),
        error_y=bars,
        mode="markers",
        marker={"color": look.colour, "symbol": look.symbol, "size": 9},
        name=plain(name),
        legendgroup=plain(name),
        showlegend=named,
        customdata=[[plain(arm), n] for arm, n in zip(rows["arm"], rows["n"], strict=True)],
        hovertemplate="%{customdata[0]}: %{y:.2f} points, n = %{customdata[1]}<extra></extra>",
    )
