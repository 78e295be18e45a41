"""S0-G4, S0-G7, S0-G8, S2-G4, S3-G7, S3-G9: how each arm learned, training beside validation: accuracy and loss."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.confirmed import Confirmed
from analysis.figures.curves import kept, mean_line, over_seeds
from analysis.figures.figure import Figure
from analysis.figures.style import QUIET, arm_styles, band, blank, nothing, over_epochs
from analysis.figures.values import whose
from analysis.results import Results

PARTS = ("training", "validation")
COLUMNS = {
    ("accuracy", "training"): "train_accuracy",
    ("accuracy", "validation"): "validation_accuracy",
    ("loss", "training"): "train_loss",
    ("loss", "validation"): "validation_loss",
}
AXES = {"accuracy": "accuracy", "loss": "loss (nats)"}
STYLES = arm_styles(PARTS)
HEIGHT, TALL = 300, {"accuracy": 1.0, "loss": np.inf}


class Course(NamedTuple):
    """`means`: measure ("accuracy", a share, or "loss", in nats), part, epoch, mean, low, high, n over repetitions.

    `printed` is the accuracy that the document prints of the arm, in points, None for one of which it prints none.
    """

    arm: str
    means: pd.DataFrame
    repetitions: int
    printed: float | None = None


def each_arm(
    results: Results, arms: Sequence[str], printed: Mapping[str, float] = MappingProxyType({})
) -> Iterator[Figure]:
    """The course of each arm, with bands over seeds; the first says what holds for all.

    `printed` are accuracies of arms as the document has them, in points.
    """
    confirmed = results.documented
    says = f"{whose(confirmed)}; bands: 95 % over seeds. Training values are running means of an epoch, as in a log."
    says += " Dotted: the accuracy that the document prints." if printed.keys() & set(arms) else ""
    found = (course_data(confirmed, arm)._replace(printed=printed.get(arm)) for arm in arms)
    courses = [data for data in found if len(data.means)]
    for data in courses:
        label = f"Accuracy and loss of {data.arm} over epochs, training and validation."
        first, title = data is courses[0], data.arm if len(arms) > 1 else ""
        yield Figure(draw_course(data), label, says if first else "", title, wide=len(arms) == 1)


def course_data(confirmed: Confirmed, arm: str) -> Course:
    """The four columns of the epochs, each with the mean and the 95 % interval over the repetitions of confirm."""
    tables = [
        over_seeds(confirmed, [arm], column, TALL[measure]).assign(measure=measure, part=part)
        for (measure, part), column in COLUMNS.items()
    ]
    rows = confirmed.rows[confirmed.rows["arm"] == arm]
    return Course(arm, pd.concat(tables), int(rows["repetition"].nunique()))


def draw_course(data: Course) -> go.Figure:
    """Accuracy left, loss right, both from 0; x = epoch."""
    figure = blank("", "", HEIGHT)
    if not np.isfinite(data.means["mean"].astype(float)).any():
        return nothing(figure, "No epoch of this arm was recorded.")
    # The names of the axes stand above the panels: beside them a phone has no room.
    make_subplots(1, 2, figure=figure, subplot_titles=tuple(AXES.values()), horizontal_spacing=0.11)
    for column, measure in enumerate(AXES, 1):
        for part in PARTS:
            rows = kept(data.means[(data.means["measure"] == measure) & (data.means["part"] == part)])
            line = mean_line(rows, STYLES[part], part).update(showlegend=column == 1)
            figure.add_traces([band(rows["epoch"], rows["low"], rows["high"], STYLES[part], part), line], 1, column)
    figure.update_traces(hovertemplate="epoch %{x}: %{y:.3g}<extra></extra>", selector={"xaxis": "x2"})
    if data.printed is not None:
        figure.add_hline(data.printed / 100, line={"color": QUIET, "width": 1.5, "dash": "dot"}, row=1, col=1)
    last = float(data.means["epoch"].max())
    over_epochs(figure, last).update_xaxes(title_text=f"epoch<br>n = {data.repetitions} seeds")
    figure.update_yaxes(rangemode="tozero").update_yaxes(range=[0, 1.02], tickformat=".0%", row=1, col=1)
    return figure.update_layout(margin={"t": 28}).update_annotations(font_size=13, font_color=QUIET)
