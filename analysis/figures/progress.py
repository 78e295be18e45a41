"""Best so far: what each arm's search had reached after so many trials, and after so many processor hours."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.figure import Figure
from analysis.figures.style import Style, arm_styles, blank, nothing, plain, rounded, step, thinned
from analysis.results import Results
from analysis.runs import Run

HEIGHT = 340
MOST = 300


class Progress(NamedTuple):
    """`steps`: arm, trials, hours (of a processor) and best (a share) after each explored trial, once there is one."""

    steps: pd.DataFrame
    arms: tuple[str, ...]


def best_so_far(results: Results) -> Iterator[Figure]:
    data = progress_data(results.run)
    caption = (
        "The best validation accuracy of any trial so far, in the order in which trials were begun. A trial that was "
        "stopped early counts with what it had reached and what it took; hours are those of a processor, over all "
        "trials of the arm."
    )
    if len(data.steps):
        drawing = draw_progress(data, arm_styles(results.run.arms))
        yield Figure(drawing, "Best validation accuracy so far, of each arm.", caption, "Best so far", wide=True)


def progress_data(run: Run) -> Progress:
    """The course of each arm's search; a trial without an accuracy takes its hours and reaches nothing."""
    rows = run.trials[run.trials["phase"] == "explore"].drop_duplicates(["trial", "arm"])
    rows = rows.sort_values(["arm", "repetition"], kind="stable")
    arms = rows["arm"].astype(str)
    reached = rows["validation_accuracy"].astype(float).where(np.isfinite)
    steps = pd.DataFrame(
        {
            "arm": arms,
            "trials": rows.groupby("arm").cumcount() + 1,
            "hours": rows["cpu_seconds"].astype(float).fillna(0.0).groupby(arms).cumsum() / 3600,
            "best": reached.groupby(arms).cummax().groupby(arms).ffill(),
        }
    ).dropna(subset="best")
    return Progress(steps.reset_index(drop=True), tuple(arm for arm in run.arms if arm in set(steps["arm"])))


def draw_progress(data: Progress, styles: Mapping[str, Style]) -> go.Figure:
    """Two panels with the same accuracies: over trials, and over hours."""
    figure = blank("", "", HEIGHT)
    if data.steps.empty:
        return nothing(figure, "Nothing has been explored.")
    make_subplots(1, 2, figure=figure, shared_yaxes=True, horizontal_spacing=0.05)
    for column, over in enumerate(("trials", "hours"), 1):
        for arm in data.arms:
            rows = data.steps[data.steps["arm"] == arm]
            trace = _steps(rows.iloc[thinned(len(rows), MOST)], over, styles[arm])
            figure.add_trace(trace.update(showlegend=column == 1), 1, column)
    figure.update_xaxes(title_text="explored trials", dtick=step(data.steps["trials"].max()), row=1, col=1)
    figure.update_xaxes(title_text="processor hours", row=1, col=2)
    return figure.update_yaxes(tickformat=".0%").update_yaxes(title_text="best validation accuracy", row=1, col=1)


def _steps(rows: pd.DataFrame, over: str, style: Style) -> go.Scatter:
    name = plain(rows["arm"].iloc[0])
    return go.Scatter(
        x=rounded(rows[over]),
        y=rounded(rows["best"]),
        mode="lines+markers",
        line={"color": style.colour, "dash": style.dash, "shape": "hv", "width": 2},
        marker={"symbol": style.symbol, "size": 5},
        name=name,
        legendgroup=name,
        hovertemplate=f"{name}: %{{y:.1%}} after %{{x}} {over}<extra></extra>",
    )
