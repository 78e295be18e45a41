"""S0-G6: what a second network is given of a clip: the probabilities that a first one gives to each of its segments."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.features import BAR, SCALE, bar
from analysis.figures.figure import Figure
from analysis.figures.style import blank, short
from analysis.results import Results

EDGE, ROW = 190, 22


class Stacked(NamedTuple):
    """The `image` (segments x classes) of a clip with this `label`, and what the second network `named` it."""

    label: str
    named: str
    image: np.ndarray
    labels: tuple[str, ...]


def clip(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """The image of one test clip, by the first network of each arm that has kept some."""
    for arm in arms:
        data = stacked_data(results.documented, arm)
        if data:
            says = (
                f"A test clip of {data.label}, n = 1: a row for each of its segments, in time, and of each the "
                f"probabilities that the first network gives. By this image the second network named it {data.named}."
            )
            label = f"Probabilities of each class for the segments of a clip of {data.label}, by {arm}."
            yield Figure(draw_stacked(data), label, says, arm if len(arms) > 1 else "", wide=len(arms) == 1)


def stacked_data(confirmed: Confirmed, arm: str) -> Stacked | None:
    """The first image that a trial of an arm has kept; None without any."""
    predictions, labels = confirmed.run.predictions_of, confirmed.run.labels
    trials = confirmed.rows.loc[confirmed.rows["arm"] == arm, "trial"]
    for table in (predictions[trial] for trial in trials if trial in predictions):
        kept = table.reindex(columns=["label", "prediction", "image"]).dropna()
        if len(kept):
            first = kept.iloc[0]
            image = np.asarray(first["image"], dtype=np.float64).reshape(-1, len(labels))
            return Stacked(str(first["label"]), str(first["prediction"]), image, tuple(labels))
    return None


def draw_stacked(data: Stacked) -> go.Figure:
    """Classes to the right, segments downwards, probabilities from 0 to 1 as colours."""
    rows = len(data.image)
    figure = blank("", "segment", EDGE + ROW * rows)
    figure.add_heatmap(
        z=data.image.round(3),
        x=[short(label) for label in data.labels],
        y=list(range(1, rows + 1)),
        zmin=0,
        zmax=1,
        colorscale=SCALE,
        colorbar=bar("probability"),
        hovertemplate="segment %{y}, %{x}: %{z:.2f}<extra></extra>",
    )
    figure.update_layout(margin={"t": BAR + 8})
    return figure.update_yaxes(autorange="reversed", showgrid=False)
