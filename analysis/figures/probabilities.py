"""S3-G11: the probability of each class over the test items of a class, which are ordered by that of their own."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from scipy.special import softmax

from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import COLOURS, DASHES, INK, blank, nothing, plain, rounded, short, thinned
from analysis.figures.values import whose
from analysis.results import Results

COLUMNS, ROW, EDGE, GAP, POINTS, NAMED = 2, 140, 84, 52, 80, 2
GREY = "#b6bcc6"


class OfClass(NamedTuple):
    """The items of a class: of each, in falling order of that of its own, the `probabilities` (items x classes)."""

    label: str
    probabilities: np.ndarray
    items: int

    @property
    def likeliest(self) -> list[int]:
        """The classes in falling order of their mean probability."""
        return [int(place) for place in np.argsort(-self.probabilities.mean(axis=0), kind="stable")]


class Probabilities(NamedTuple):
    """The classes that have test items, and the `labels` of the columns."""

    classes: tuple[OfClass, ...]
    labels: tuple[str, ...]
    repetitions: int


def of_classes(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """The probabilities that an arm gives the test items of each class, means over the repetitions."""
    confirmed = results.documented
    says = (
        f"Each panel: the test items of a class, ordered by the probability of their own class (black). Coloured: the "
        f"{NAMED} other classes of the highest mean; grey: all others. {whose(confirmed)}; means over seeds."
    )
    for arm in arms:
        data = probabilities_data(confirmed, arm)
        if data.classes:
            label = f"Probability that {arm} gives each class, over the test items of every class."
            yield Figure(draw_probabilities(data), label, says, arm if len(arms) > 1 else "", wide=True)


def probabilities_data(confirmed: Confirmed, arm: str) -> Probabilities:
    """Softmax of the logits, averaged over the repetitions of each item; trials with other classes are left out."""
    labels, rows = confirmed.run.labels, confirmed.rows[confirmed.rows["arm"] == arm]
    items = confirmed.run.predictions_of.together(rows["trial"])
    items = items[items["logits"].map(np.size) == len(labels)]
    if items.empty:
        return Probabilities((), tuple(labels), 0)
    table = pd.DataFrame(softmax(np.stack(items["logits"].to_list()).astype(float), axis=1), columns=labels)
    means = table.groupby([items["label"].to_numpy(str), items["item"].to_numpy(str)]).mean()
    classes = (
        of_class(label, means.xs(label).to_numpy(), labels.index(label)) for label in labels if label in means.index
    )
    return Probabilities(tuple(classes), tuple(labels), int(rows["repetition"].nunique()))


def of_class(label: str, probabilities: np.ndarray, own: int) -> OfClass:
    ordered = probabilities[np.argsort(-probabilities[:, own], kind="stable")]
    return OfClass(label, ordered, len(ordered))


def draw_probabilities(data: Probabilities) -> go.Figure:
    """Small multiples: a panel for each class, all with probabilities from 0 to 1 over the share of its items."""
    rows = -(-len(data.classes) // COLUMNS)
    figure = blank("", "", EDGE + ROW * max(rows, 1))
    if not data.classes:
        return nothing(figure, "No probabilities were stored.")
    titles = [_title(each, data.labels) for each in data.classes]
    gap = GAP / (ROW * rows) if rows > 1 else 0.0
    make_subplots(rows, COLUMNS, figure=figure, subplot_titles=titles, vertical_spacing=gap, horizontal_spacing=0.09)
    for number, each in enumerate(data.classes):
        row, column = number // COLUMNS + 1, number % COLUMNS + 1
        figure.add_traces(lines(each, data.labels), rows=row, cols=column)
        last = number + COLUMNS >= len(data.classes)
        figure.update_xaxes(showticklabels=last, title_text="items of the class" if last else "", row=row, col=column)
        figure.update_yaxes(showticklabels=column == 1, row=row, col=column)
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.5, 1], ticktext=["0", "50%", "100%"], showgrid=False)
    figure.update_yaxes(range=[0, 1.03], tickvals=[0, 0.5, 1])
    figure.update_yaxes(title_text=f"probability (n = {data.repetitions} seeds)", row=(rows + 1) // 2, col=1)
    return figure.update_layout(margin={"t": 40}).update_annotations(font_size=12)


def others(data: OfClass, labels: Sequence[str]) -> list[int]:
    """The other classes, those of the highest mean probability first."""
    return [place for place in data.likeliest if labels[place] != data.label]


def _title(data: OfClass, labels: Sequence[str]) -> str:
    coloured = ", ".join(
        f'<span style="color:{colour}">{short(labels[place], 12)}</span>'
        for place, colour in zip(others(data, labels)[:NAMED], COLOURS, strict=False)
    )
    return f"<b>{short(data.label, 12)}</b> {data.items:,}<br>{coloured}"


def lines(data: OfClass, labels: Sequence[str]) -> list[go.Scatter]:
    """The curve of each class, the least likely first, so that what matters lies on top."""
    places = thinned(data.items, POINTS)
    x = [(place + 0.5) / data.items for place in places]
    ranked = others(data, labels)
    looks = {place: (COLOURS[rank], DASHES[rank], 1.6) for rank, place in enumerate(ranked[:NAMED])}
    own = list(labels).index(data.label)
    looks[own] = (INK, "solid", 2.4)
    return [
        go.Scatter(
            x=rounded(x),
            y=rounded(data.probabilities[places, place], 3),
            mode="lines",
            line=dict(zip(("color", "dash", "width"), looks.get(place, (GREY, "solid", 0.8)), strict=True)),
            hovertemplate=f"{plain(labels[place])}: %{{y:.2f}}<extra>{plain(data.label)}</extra>",
            showlegend=False,
        )
        for place in [*ranked[::-1], own]
    ]
