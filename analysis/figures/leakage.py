"""Leakage pairs: an arm as printed under each protocol, the document's own beside the base of its inflation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import QUIET, blank, broken, nothing, plain, protocol_style, rounded, whiskers
from analysis.figures.values import level
from analysis.protocols import AS_PRINTED, BASE, PUBLISHED, protocol_name, shown
from analysis.results import Results
from analysis.runs import Run

APART = 0.4


class Leakage(NamedTuple):
    """`levels`: arm, protocol, mean, low, high, n in points of test accuracy; `arms` in the order of the study.

    They are of one configuration, as printed, and of the arms whose inflation was measured.
    """

    levels: pd.DataFrame
    arms: tuple[str, ...]


def shifts() -> dict[str, float]:
    """Where in an arm's row each protocol lies, the headline last."""
    names = [protocol.name for protocol in sorted(shown(), key=lambda protocol: protocol.headline)]
    return dict(zip(names, np.linspace(-APART / 2, APART / 2, len(names)).tolist(), strict=True))


def levels(results: Results) -> Iterator[Figure]:
    data = leakage_data(results.run)
    caption = (
        f"Each arm as printed, under every protocol. The line joins “{PUBLISHED.title}” and “{BASE.title}”, which "
        "differ in the grouping alone: the inflation. Fewer than three seeds have no interval."
    )
    if len(data.levels):
        yield Figure(draw_leakage(data), "Test accuracy of each arm as printed, under each protocol.", caption)


def leakage_data(run: Run) -> Leakage:
    """Mean test accuracy as printed, under each protocol, of the arms tested under the published one and its base."""
    confirmed = {protocol: Confirmed(run, protocol, AS_PRINTED) for protocol in shifts()}
    found = {(arm, protocol): level(data, arm) for arm in run.arms for protocol, data in confirmed.items()}
    arms = tuple(arm for arm in run.arms if found[arm, PUBLISHED.name].n and found[arm, BASE.name].n)
    rows = [{"arm": arm, "protocol": name, **v._asdict()} for (arm, name), v in found.items() if v.n and arm in arms]
    columns = ["arm", "protocol", "mean", "low", "high", "n"]
    return Leakage(pd.DataFrame(rows, columns=columns), arms)


def draw_leakage(data: Leakage) -> go.Figure:
    """One row per arm, one marker per protocol with its interval, a thin line over what the grouping alone changes."""
    n = int(data.levels["n"].max()) if len(data.levels) else 0
    figure = blank(f"test accuracy (%)<br>n = {n} seeds", "", max(150, 46 * len(data.arms) + 70))
    if not np.isfinite(data.levels["mean"].astype(float)).any():
        return nothing(figure, "No complete repetition under any protocol.")
    figure.add_trace(_pairs(data))
    for protocol in shifts():
        rows = data.levels[data.levels["protocol"] == protocol]
        if not rows.empty:
            figure.add_trace(_markers(rows, data.arms, protocol))
    ticks = {"tickvals": list(range(len(data.arms))), "ticktext": [plain(arm) for arm in data.arms]}
    return figure.update_yaxes(range=[len(data.arms) - 0.5, -0.5], showgrid=False, **ticks)


def _pairs(data: Leakage) -> go.Scatter:
    means, pair = data.levels.set_index(["arm", "protocol"])["mean"], (PUBLISHED.name, BASE.name)
    xs, ys = broken(
        ([means.get((arm, protocol), np.nan) for protocol in pair], [place + shifts()[protocol] for protocol in pair])
        for place, arm in enumerate(data.arms)
    )
    line = {"color": QUIET, "width": 1}
    return go.Scatter(x=rounded(xs), y=ys, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _markers(rows: pd.DataFrame, arms: tuple[str, ...], protocol: str) -> go.Scatter:
    style, shift = protocol_style(protocol), shifts()[protocol]
    look = {"color": style.colour, "thickness": 1.5, "width": 3}
    return go.Scatter(
        x=rounded(rows["mean"]),
        y=[arms.index(arm) + shift for arm in rows["arm"]],
        error_x=whiskers(rows["mean"], rows["low"], rows["high"], look),
        mode="markers",
        marker={"color": style.colour, "symbol": style.symbol, "size": 9},
        name=protocol_name(protocol),
        legendgroup=protocol,
        customdata=rows["n"].to_list(),
        hovertemplate=f"{protocol_name(protocol)}: %{{x:.2f}} points, n = %{{customdata}}<extra></extra>",
    )
