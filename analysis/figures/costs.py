"""Costs: what each arm took to explore and to confirm, and accuracy against the time of an epoch."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import Style, arm_styles, blank, nothing, plain, rounded, whiskers
from analysis.figures.values import level
from analysis.metrics import clock
from analysis.results import Results
from analysis.runs import Run
from analysis.text import number

COLUMNS = ["arm", "parameters", "explored", "confirmed", "epochs", "seconds", "cpu_seconds", "epoch_seconds"]


class Costs(NamedTuple):
    """`arms`: one row per arm (`COLUMNS` and accuracy, low, high in points); `devices`: what the trials ran on."""

    arms: pd.DataFrame
    devices: tuple[str, ...]


def accuracy(results: Results) -> Iterator[Figure]:
    data = costs_data(results.run, results.headline)
    if data.arms["accuracy"].notna().any():
        yield Figure(draw_costs(data, arm_styles(results.run.arms)), "Test accuracy against seconds per epoch.")


def costs_data(run: Run, confirmed: Confirmed) -> Costs:
    """Trials, epochs and wall and CPU seconds of each arm, every trial counted once, with its test accuracy."""
    rows = [{**_spent(run, arm), **_accuracy(confirmed, arm)} for arm in run.arms]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "accuracy", "low", "high"])
    return Costs(table, tuple(sorted({str(device) for device in run.trials["device"] if device})))


def _spent(run: Run, arm: str) -> dict[str, object]:
    rows = run.trials[run.trials["arm"] == arm]
    once = rows.drop_duplicates("trial")
    confirmed = rows[rows["phase"] == "confirm"].drop_duplicates("trial")
    of_device = confirmed.groupby(confirmed["device"].astype(str))["trial"]
    each = [run.epochs.loc[run.epochs["trial"].isin(trials), clock(str(device))] for device, trials in of_device]
    times = pd.concat(each) if each else pd.Series(dtype=float)
    return {
        "arm": arm,
        "parameters": int(rows["parameters"].max()) if rows["parameters"].notna().any() else np.nan,
        "explored": int((once["phase"] == "explore").sum()),
        "confirmed": int(rows.loc[rows["phase"] == "confirm", "trial"].nunique()),
        "epochs": int(once["epochs"].sum()),
        "seconds": float(once["seconds"].sum()),
        "cpu_seconds": float(once["cpu_seconds"].sum()),
        "epoch_seconds": float(times.median()) if len(times) else np.nan,
    }


def _accuracy(confirmed: Confirmed, arm: str) -> dict[str, float]:
    found = level(confirmed, arm)
    return {"accuracy": found.mean, "low": found.low, "high": found.high}


def draw_costs(data: Costs, styles: Mapping[str, Style]) -> go.Figure:
    """Test accuracy against seconds per epoch, one marker per arm with the interval of its accuracy."""
    kind = "processor time" if set(data.devices) <= {"cpu"} else "time"
    figure = blank(f"median {kind} of an epoch (seconds)", "test accuracy (%)", 340)
    shown = data.arms[np.isfinite(data.arms["accuracy"].astype(float)) & np.isfinite(data.arms["epoch_seconds"])]
    if shown.empty:
        return nothing(figure, "No complete repetition.")
    for _, row in shown.iterrows():
        figure.add_trace(_marker(row, styles[row["arm"]]))
    times = shown["epoch_seconds"]
    spread = times.min() > 0 and times.max() / times.min() > 10
    return figure.update_xaxes(type="log" if spread else "linear", rangemode="tozero" if not spread else None)


def _marker(row: "pd.Series[float]", style: Style) -> go.Scatter:
    name, mean, look = plain(row["arm"]), [row["accuracy"]], {"thickness": 1.5, "width": 3}
    return go.Scatter(
        x=rounded([row["epoch_seconds"]]),
        y=rounded(mean, 2),
        error_y=whiskers(mean, [row["low"]], [row["high"]], look, 2),
        mode="markers",
        marker={"color": style.colour, "symbol": style.symbol, "size": 11},
        name=name,
        legendgroup=name,
        hovertemplate=f"{name}: %{{x:.3g}} s, %{{y:.1f}} points, {number(row['parameters'])} parameters<extra></extra>",
    )
