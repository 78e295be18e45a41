"""S0-G9: the losses of generator and discriminator in every step of a training, and how often the latter is lower."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import arm_styles, band, blank, nothing, rounded, thinned
from analysis.results import Results
from analysis.text import share as percent

NETWORKS = {"discriminator": "discriminator_loss", "generator": "generator_loss"}
STYLES = arm_styles(list(NETWORKS))
HEIGHT = 280


class Steps(NamedTuple):
    """`means`: network, step (from 1), mean, low, high of its loss in nats over so many `repetitions`.

    `below` is the share of all steps in which the discriminator's loss is lower than the generator's.
    """

    arm: str
    means: pd.DataFrame
    below: float
    repetitions: int


def losses(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """The losses of each arm that trained a generator; the first says what holds for all."""
    found = [data for data in (steps_data(results.headline, arm) for arm in arms) if len(data.means)]
    for data in found:
        sentence = f"The discriminator's loss is below the generator's in {percent(data.below, 0)} of the steps."
        all_of_them = (
            " Bands: 95 % over seeds. The discriminator's loss is the sum of those of recorded and of generated "
            "images, as in the published training."
        )
        label = f"Losses of generator and discriminator in every step, {data.arm}."
        yield Figure(draw_steps(data), label, sentence + (all_of_them if data is found[0] else ""), data.arm)


def steps_data(confirmed: Confirmed, arm: str) -> Steps:
    """Both losses by step, with the 95 % interval (Student's t) over the repetitions of confirm that have the step."""
    rows = confirmed.rows.loc[confirmed.rows["arm"] == arm, ["trial", "repetition"]].drop_duplicates()
    steps = rows.merge(confirmed.run.steps, on="trial")
    steps = steps.assign(step=steps.groupby("trial").cumcount() + 1)
    below = float((steps["discriminator_loss"] < steps["generator_loss"]).mean())
    tables = [over_seeds(steps, column).assign(network=network) for network, column in NETWORKS.items()]
    return Steps(arm, pd.concat(tables, ignore_index=True), below, int(steps["repetition"].nunique()))


def over_seeds(steps: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean and interval of a column at each step; no loss is below 0."""
    found = steps.groupby("step")[column].agg(["mean", "sem", "count"]).reset_index()
    half = stats.t.ppf(0.975, found["count"] - 1) * found["sem"]
    return found.assign(low=(found["mean"] - half).clip(lower=0), high=found["mean"] + half)


def draw_steps(data: Steps) -> go.Figure:
    """A line with its band for each network; x = step, y = loss from 0."""
    figure = blank(f"step (n = {data.repetitions} seeds)", "loss (nats)", HEIGHT)
    if not np.isfinite(data.means["mean"].astype(float)).any():
        return nothing(figure, "No step of this arm has a loss that is a number.")
    for network, style in STYLES.items():
        rows = data.means[data.means["network"] == network]
        rows = rows.iloc[thinned(len(rows))]
        figure.add_trace(band(rows["step"], rows["low"], rows["high"], style, network))
        figure.add_trace(
            go.Scatter(
                x=rows["step"].to_list(),
                y=rounded(rows["mean"]),
                mode="lines",
                line={"color": style.colour, "dash": style.dash, "width": 2},
                name=network,
                legendgroup=network,
                hovertemplate="step %{x}: %{y:.3g} nats<extra>" + network + "</extra>",
            )
        )
    return figure.update_yaxes(rangemode="tozero")
