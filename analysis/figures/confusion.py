"""S3-G8, S3-G10: confusion matrices: share of each true label's predictions, with the counts on hover."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import INK, blank, nothing, plain, short
from analysis.figures.values import whose
from analysis.protocols import protocol_name
from analysis.results import Results

# One hue, light to dark, so that it reads in grey too.
SCALE = [[0.0, "#ffffff"], [0.02, "#eef4f9"], [0.5, "#7fb1d3"], [1.0, "#08457a"]]
CELL, EDGE = 26, 130


class Confusion(NamedTuple):
    """`counts` and `shares` (labels x labels, rows are the truth); a label without test items has shares of NaN."""

    labels: tuple[str, ...]
    counts: np.ndarray
    shares: np.ndarray
    repetitions: int


def matrices(confirmed: Confirmed) -> Iterator[Figure]:
    for arm in confirmed.run.arms:
        data = confusion_data(confirmed, arm)
        label = f"Confusion matrix of {arm}, {protocol_name(confirmed.protocol)}."
        if data.labels:
            yield Figure(draw_confusion(data), label, title=arm)


def as_read(
    results: Results, arms: Sequence[str], classes: Sequence[str], below: float, becomes: str
) -> Iterator[Figure]:
    """Each arm with all `classes` in that order, as predicted, and read as a document does.

    There a prediction whose probability is `below` a share `becomes` a class, whatever it was.
    """
    confirmed = results.documented
    readings = {"as predicted": 0.0, f"below {below:g} becomes {becomes}": below}
    for arm in arms:
        for reading, limit in readings.items():
            data = confusion_data(confirmed, arm, classes, limit, becomes)
            if data.counts.any():
                title = reading.capitalize() if len(arms) == 1 else f"{arm}, {reading}"
                says = f"Per cent of each true class. {whose(confirmed)}: {data.counts.sum():,.0f} predictions."
                yield Figure(draw_confusion(data), f"Confusion matrix of {arm}, {reading}.", says, title)


def confusion_data(
    confirmed: Confirmed, arm: str, classes: Sequence[str] = (), below: float = 0.0, becomes: str = ""
) -> Confusion:
    """Counts over all repetitions of an arm's confirm trials, and each row divided by its sum.

    Labels are the `classes` in their order, or those that there are; predictions of a probability `below` a share are
    counted as of the class that they become.
    """
    rows = confirmed.rows[confirmed.rows["arm"] == arm]
    items = confirmed.run.predictions_of.together(rows["trial"]).dropna(subset="prediction")
    truth, predicted = items["label"].astype(str), items["prediction"].astype(str)
    predicted = predicted.mask(items["confidence"].astype(float) < below, becomes)
    labels = tuple(classes) or tuple(sorted(set(truth) | set(predicted)))
    counts = pd.crosstab(truth, predicted).reindex(index=labels, columns=labels, fill_value=0).to_numpy(dtype=float)
    counts = counts.reshape(len(labels), len(labels))
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)
    return Confusion(labels, counts, shares, int(rows["repetition"].nunique()))


def draw_confusion(data: Confusion) -> go.Figure:
    """Rows: true label; columns: predicted label; each cell the per cent of its row."""
    size = len(data.labels)
    items = int(data.counts.sum())
    figure = blank(f"predicted (n = {data.repetitions} seeds)", "true", EDGE + CELL * max(size, 4))
    if not items:
        return nothing(figure, "No test predictions of this arm.")
    names = [plain(label) for label in data.labels]
    figure.add_trace(_cells(data, names))
    axis = {
        "type": "category",
        "tickvals": list(range(size)),
        "ticktext": [short(label) for label in data.labels],
        "showgrid": False,
        "showline": False,
        "ticks": "",
    }
    figure.update_xaxes(tickangle=-60 if size > 4 else 0, **axis)
    return figure.update_yaxes(autorange="reversed", **axis)


def _cells(data: Confusion, names: list[str]) -> go.Heatmap:
    text = [[f"{100 * share:.0f}" if share >= 0.005 else "" for share in row] for row in data.shares]
    return go.Heatmap(
        x=names,
        y=names,
        z=np.round(data.shares, 3).tolist(),
        customdata=data.counts.astype(int).tolist(),
        text=text,
        texttemplate="%{text}",
        textfont={"size": 10},
        colorscale=SCALE,
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        showscale=False,
        hovertemplate="true %{y}, predicted %{x}: %{customdata} predictions, %{z:.1%} of the row<extra></extra>",
        hoverlabel={"font": {"color": INK}},
    )
