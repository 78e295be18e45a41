"""Learning curves: accuracy over epochs, of one arm with all it explored, or of several arms side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import (
    QUIET,
    Style,
    arm_styles,
    band,
    blank,
    broken,
    nothing,
    over_epochs,
    plain,
    rounded,
    thinned,
    translucent,
)
from analysis.protocols import PUBLISHED
from analysis.results import Results
from analysis.runs import Run
from analysis.text import counted

MEAN_COLUMNS = ["arm", "epoch", "mean", "low", "high", "n"]
EXPLORED_COLUMNS = ["trial", "epoch", "accuracy", "state"]
ACCURACY = "validation_accuracy"
MOST_BANDED = 6
"""Arms whose bands can be told apart; of more, they hide each other and the lines."""
MOST_DRAWN = 100
"""Explored curves of an arm: more of them cannot be told apart, and take longer to draw than all else of a page."""


class Curves(NamedTuple):
    """`means`: arm, epoch, mean, low, high, n over repetitions (shares of 0 to 1); `arms` in the order to draw."""

    means: pd.DataFrame
    arms: tuple[str, ...]
    repetitions: int


class ArmCurves(NamedTuple):
    """One arm: `explored` curves (trial, epoch, accuracy, state), the confirmed `means`, and its `rungs` in epochs."""

    arm: str
    explored: pd.DataFrame
    means: pd.DataFrame
    rungs: tuple[int, ...]
    repetitions: int


def together(results: Results) -> Iterator[Figure]:
    data = curves_data(results.headline, results.run.arms)
    if data.arms:
        drawing = draw_curves(data, arm_styles(results.run.arms))
        yield Figure(drawing, "Learning curves of all arms, confirmed runs.", banded(data))


def each_arm(results: Results) -> Iterator[Figure]:
    """Each arm that was trained, with all that it explored."""
    styles = arm_styles(results.run.arms)
    found = [arm_curves_data(results.headline, arm) for arm in results.run.arms]
    each = [data for data in found if len(data.explored) or len(data.means)]
    ends = pd.concat([table["epoch"] for data in each for table in (data.explored, data.means)] or [pd.Series([1])])
    top = int(ends.max()) if len(ends) else 1
    for data in each:
        drawing = draw_arm_curves(data, styles[data.arm], top)
        yield Figure(drawing, f"Learning curves of {data.arm}.", title=data.arm)


def compared(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """Validation accuracy over epochs as published; of two arms or more."""
    data = curves_data(results.confirmed[PUBLISHED.name], arms)
    if len(arms) > 1 and len(results.run.epochs) and data.arms:
        drawing = draw_curves(data, arm_styles(results.run.arms), 320)
        caption = f"As printed, as published. {banded(data)} Validation: the test part is touched once, at the end."
        yield Figure(drawing, f"Accuracy over epochs of {', '.join(data.arms)}.", caption)


def banded(data: Curves) -> str:
    """What a caption says of what is drawn of each arm."""
    return "Bands: 95 % over seeds." if len(data.arms) <= MOST_BANDED else "Lines are means over seeds."


def curves_data(confirmed: Confirmed, arms: Sequence[str]) -> Curves:
    """Mean validation accuracy per epoch and arm over the repetitions of confirm.

    With 95 % intervals (Student's t), which end at 0 and at 1. An arm that only measures has no such curve.
    """
    rows = confirmed.rows[confirmed.rows["arm"].isin(arms)]
    means = over_seeds(confirmed, arms, ACCURACY, 1)
    shown = tuple(arm for arm in arms if arm in set(means["arm"]))
    return Curves(means, shown, int(rows["repetition"].nunique()))


def over_seeds(confirmed: Confirmed, arms: Sequence[str], column: str, most: float) -> pd.DataFrame:
    """Mean of a column of the epochs over the repetitions of confirm: `MEAN_COLUMNS`, limits between 0 and `most`."""
    rows = confirmed.rows.loc[confirmed.rows["arm"].isin(arms), ["trial", "arm", "repetition"]].drop_duplicates()
    merged = rows.merge(epochs_of(confirmed.run, rows["trial"], column).dropna(subset=column), on="trial")
    per_run = merged.groupby(["arm", "repetition", "epoch"], as_index=False, sort=False)[column].mean()
    means = per_run.groupby(["arm", "epoch"])[column].agg(["mean", "sem", "count"]).reset_index()
    half = stats.t.ppf(0.975, means["count"] - 1) * means["sem"]
    low, high = (means["mean"] - half).clip(0, most), (means["mean"] + half).clip(0, most)
    return means.assign(low=low, high=high, n=means["count"])[MEAN_COLUMNS]


def arm_curves_data(confirmed: Confirmed, arm: str) -> ArmCurves:
    run = confirmed.run
    rows = run.trials[(run.trials["phase"] == "explore") & (run.trials["arm"] == arm)]
    explored = rows[["trial", "state"]].drop_duplicates("trial")
    explored = explored.merge(epochs_of(run, explored["trial"], ACCURACY), on="trial")
    explored = explored.rename(columns={ACCURACY: "accuracy"})[EXPLORED_COLUMNS].sort_values(["trial", "epoch"])
    found = curves_data(confirmed, [arm])
    rungs = tuple(int(epoch) for epoch in run.study.get("rungs", {}).get(arm, []))
    return ArmCurves(arm, explored.reset_index(drop=True), found.means, rungs, found.repetitions)


def epochs_of(run: Run, trials: pd.Series, column: str) -> pd.DataFrame:
    """The epochs of these trials with one column: joining all epochs of a large run takes seconds for each arm."""
    return run.epochs.loc[run.epochs["trial"].isin(trials), ["trial", "epoch", column]]


def draw_curves(data: Curves, styles: Mapping[str, Style], height: int = 380) -> go.Figure:
    """One line per arm, with its band if there are few arms; x = epoch, y = accuracy."""
    figure = blank(f"epoch (n = {data.repetitions} seeds)", "validation accuracy", height)
    if not np.isfinite(data.means["mean"].astype(float)).any():
        return nothing(figure, "No complete repetition of these arms.")
    for arm in data.arms:
        rows = kept(data.means[data.means["arm"] == arm])
        if len(data.arms) <= MOST_BANDED:
            figure.add_trace(band(rows["epoch"], rows["low"], rows["high"], styles[arm], arm))
        figure.add_trace(mean_line(rows, styles[arm], arm))
    return _percent(over_epochs(figure, float(data.means["epoch"].max())))


def draw_arm_curves(data: ArmCurves, style: Style, top: int) -> go.Figure:
    """Explored trials thin, the confirmed mean bold with its band, a dotted line at each rung; x goes to `top`."""
    trials = data.explored["trial"].nunique()
    figure = blank("epoch", "validation accuracy", 280)
    if data.explored.empty and data.means.empty:
        return nothing(figure, "Nothing has been trained.")
    for rung in data.rungs:
        figure.add_vline(x=rung, line={"color": QUIET, "width": 1, "dash": "dot"})
    if trials:
        figure.add_trace(_explored(data.explored, style, trials))
    rows = kept(data.means)
    figure.add_trace(band(rows["epoch"], rows["low"], rows["high"], style, data.arm))
    figure.add_trace(mean_line(rows, style, f"confirmed, n = {data.repetitions}", width=3))
    return _percent(over_epochs(figure, top)).update_yaxes(range=[0, 1.02])


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """As many of a curve's points as a screen shows."""
    return rows.iloc[thinned(len(rows))]


def mean_line(rows: pd.DataFrame, style: Style, name: str, width: float = 2) -> go.Scatter:
    """A curve with a few markers on it, so that lines are told apart without colour."""
    step = max(1, len(rows) // 6)
    return go.Scatter(
        x=rows["epoch"].to_list(),
        y=rounded(rows["mean"]),
        mode="lines+markers",
        line={"color": style.colour, "dash": style.dash, "width": width},
        marker={"symbol": style.symbol, "size": [8 if i % step == 0 else 0 for i in range(len(rows))], "opacity": 1},
        name=plain(name),
        legendgroup=plain(name),
        hovertemplate="epoch %{x}: %{y:.1%}<extra>" + plain(name) + "</extra>",
    )


def spread(explored: pd.DataFrame) -> pd.DataFrame:
    """The curves of at most `MOST_DRAWN` trials, evenly from the best to the worst at their last epoch."""
    last = explored.groupby("trial", sort=False)["accuracy"].last().sort_values(ascending=False)
    return explored[explored["trial"].isin(last.index[thinned(len(last), MOST_DRAWN)])]


def _explored(explored: pd.DataFrame, style: Style, trials: int) -> go.Scatter:
    points = [kept(rows) for _, rows in spread(explored).groupby("trial", sort=False)]
    xs, ys = broken((rows["epoch"].astype(float), rows["accuracy"].astype(float)) for rows in points)
    return go.Scatter(
        x=rounded(xs, 0),
        y=rounded(ys, 3),
        mode="lines",
        line={"color": translucent(style.colour, 0.3), "width": 1},
        name=f"explored, {counted(trials, 'trial')}" + (f", {MOST_DRAWN} of them drawn" if trials > MOST_DRAWN else ""),
        hoverinfo="skip",
    )


def _percent(figure: go.Figure) -> go.Figure:
    return figure.update_yaxes(tickformat=".0%")
