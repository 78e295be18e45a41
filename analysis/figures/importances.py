"""Importance of tuned parameters: shares of the variance with their intervals, beside places among the best trials."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.errors import NotRun, Untestable
from analysis.explored import Explored
from analysis.figures.figure import Figure
from analysis.figures.style import INK, TEMPLATE, Style, arm_styles, blank, nothing, plain, rounded, whiskers
from analysis.results import Results
from analysis.runs import Run
from analysis.statistics.importance import TREES
from analysis.text import share

ROW, EDGE = 30, 90


class ImportanceRows(NamedTuple):
    """`rows`: parameter, share (0 to 1), low, high and rank, the largest share first; `main`: see `Importances`."""

    rows: pd.DataFrame
    main: float
    trials: str


def each_arm(results: Results) -> Iterator[Figure]:
    """One figure for each arm whose explored trials show importances; none for a study that does not ask for them."""
    run = results.run
    for arm in run.arms if "exploration" in run.study["study"] else ():
        try:
            data = importance_data(run, arm)
        except (NotRun, Untestable) as why:
            yield Figure(nothing(blank("", ""), str(why)), f"Importances of {arm}: {why}", title=f"Importances: {arm}")
            continue
        label = f"Importance of {len(data.rows)} tuned parameters of {arm}, with intervals."
        yield Figure(
            draw_importances(data, arm_styles(run.arms)[arm]), label, caption(data, run), f"Importances: {arm}"
        )


def importance_data(run: Run, arm: str) -> ImportanceRows:
    """Raises NotRun and Untestable as `Explored` does."""
    explored = Explored.of(run, arm)
    found = explored.importances()
    low, high = found.limits
    columns = {"parameter": list(found.parameters), "share": found.shares, "low": low, "high": high}
    return ImportanceRows(pd.DataFrame({**columns, "rank": found.ranks}), found.main, explored.in_words)


def caption(data: ImportanceRows, run: Run) -> str:
    """What was computed of what, and by which command."""
    command = run.study["provenance"].get("command", "")
    return (
        f"{data.trials}. Bars: share in the variance of main effects (fANOVA) with 95 % intervals over resampled "
        f"trials; main effects are {share(data.main)} of the variance of a forest of {TREES} trees. Markers: place by "
        "how far the values of the best tenth of the trials differ from those of all (PED-ANOVA)."
        f"{f' By: {command}' if command else ''}"
    )


def draw_importances(data: ImportanceRows, style: Style) -> go.Figure:
    """Bars of shares on the left, places by PED-ANOVA on the right, one row for each parameter."""
    rows = data.rows
    if not np.isfinite(rows["share"].astype(float)).any():
        return nothing(blank("share of the variance", ""), "Nothing has been explored.")
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, column_widths=[0.72, 0.28], horizontal_spacing=0.04)
    names = [plain(name.replace("_", " ")) for name in rows["parameter"]]
    figure.add_trace(_bars(rows, names, style), row=1, col=1)
    figure.add_trace(_places(rows, names, style), row=1, col=2)
    figure.update_layout(template=TEMPLATE, height=ROW * len(rows) + EDGE, showlegend=False)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1])
    figure.update_xaxes(title_text="share of the variance (fANOVA)", tickformat=".0%", range=[0, 1], row=1, col=1)
    last = [0.5, len(rows) + 0.5]
    return figure.update_xaxes(title_text="place (PED-ANOVA)", range=last, dtick=1, tickformat="d", row=1, col=2)


def _bars(rows: pd.DataFrame, names: list[str], style: Style) -> go.Bar:
    return go.Bar(
        x=rounded(rows["share"]),
        y=names,
        orientation="h",
        marker={"color": style.colour},
        error_x=whiskers(rows["share"], rows["low"], rows["high"], {"color": INK, "thickness": 1.5, "width": 4}),
        customdata=np.stack([rounded(rows["low"]), rounded(rows["high"])], axis=1).tolist(),
        hovertemplate="%{y}: %{x:.1%} (%{customdata[0]:.1%} to %{customdata[1]:.1%})<extra></extra>",
    )


def _places(rows: pd.DataFrame, names: list[str], style: Style) -> go.Scatter:
    look = {"color": style.colour, "size": 9, "symbol": style.symbol}
    return go.Scatter(
        x=rounded(rows["rank"], 1), y=names, mode="markers", marker=look, hovertemplate="%{y}: %{x}<extra></extra>"
    )
