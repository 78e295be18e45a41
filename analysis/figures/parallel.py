"""Parallel coordinates: each explored trial as one line over its tuned settings, down to the accuracy that it reached.

A setting that was not drawn for a trial, because it depends on another, lies left of its axis, as does the accuracy of
a trial that has none.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.isolation import axis_type, explored_data
from analysis.figures.style import GRID, INK, QUIET, blank, broken, nothing, plain, rounded, short, thinned, translucent
from analysis.results import Results
from analysis.runs import Run
from analysis.text import setting, share

ROW, EDGE = 62, 70
REACHED = "validation accuracy"
MISSING = -0.12
"""Where on an axis of 0 to 1 a trial lies that has no value there."""
FAR = 3.0
"""Quartile ranges below the lower quartile beyond which an accuracy is drawn at the end of its axis."""
MOST = 500
KINDS = {"no accuracy": 0, "stopped early": 1, "lower half": 2, "upper half": 3, "best tenth": 4}
LOOKS: tuple[tuple[str, str, float], ...] = (
    (QUIET, "dot", 1.0),
    ("#B8BDC6", "solid", 1.0),
    ("#E69F00", "solid", 1.0),
    ("#56B4E9", "solid", 1.2),
    ("#08457A", "solid", 2.2),
)


class Axis(NamedTuple):
    """An axis: its name, where each trial lies on it (0 to 1, NaN for nothing), its texts, and marks by their place."""

    name: str
    places: np.ndarray
    texts: list[str]
    marks: dict[float, str]


class Parallel(NamedTuple):
    """`axes`, the accuracy last, and the place in `KINDS` of each of the drawn trials, of so many in `all`.

    Of the drawn ones `clipped` lie below the accuracy axis, and `lost` have no accuracy.
    """

    axes: tuple[Axis, ...]
    kinds: np.ndarray
    clipped: int
    lost: int
    all: int


def each_arm(results: Results) -> Iterator[Figure]:
    """A figure for each arm that has explored two trials or more over a tuned setting."""
    for arm in results.run.arms:
        data = parallel_data(results.run, arm)
        if len(data.axes) > 1 and len(data.kinds) > 1:
            label = f"Parallel coordinates of {len(data.kinds)} explored trials of {arm}."
            yield Figure(draw_parallel(data), label, caption(data), f"What was tried: {arm}")


def caption(data: Parallel) -> str:
    """How to read the lines, and what was left out or moved."""
    apart = any(np.isnan(axis.places).any() for axis in data.axes[:-1])
    low = min(data.axes[-1].marks.items(), default=(0.0, ""))[1]
    sentences = {
        "A line is a trial.": True,
        "Where it is left of an axis, that setting was not drawn for it.": apart,
        f"{len(data.kinds):,} of {data.all:,} trials, evenly chosen.": len(data.kinds) < data.all,
        f"{data.clipped:,} reached far less than the others and lie at the end of the axis, {low}.": data.clipped > 0,
        f"{data.lost:,} diverged or failed before they had an accuracy.": data.lost > 0,
    }
    return " ".join(text for text, shown in sentences.items() if shown)


def parallel_data(run: Run, arm: str) -> Parallel:
    """The explored trials of an arm, at most `MOST`, on an axis for each tuned setting and one for the accuracy."""
    found = explored_data(run)
    every, tuned = found.trials[found.trials["arm"] == arm], run.study["study"].get("tuned", {})
    rows = every.iloc[thinned(len(every), MOST)]
    settings = (
        scale(name, drawn_only(rows, name, tuned[name]), name in found.logarithmic) for name in found.parameters
    )
    accuracy = rows["accuracy"].to_numpy(float)
    reached, clipped = accuracy_axis(accuracy)
    axes = (*(axis for axis in settings if np.isfinite(axis.places).any()), reached)
    return Parallel(axes, kinds(accuracy, rows["state"]), clipped, int((~np.isfinite(accuracy)).sum()), len(every))


def drawn_only(rows: pd.DataFrame, name: str, dimension: str) -> pd.Series:
    """The values of a setting where it was drawn; one that depends on others is part of all trials, but not of these.

    A dimension says on what it depends, as "... where optimiser is sgd or adam and schedule is step".
    """
    values = rows[name]
    for other, allowed in re.findall(r"(?:where|and) (\w+) is (.+?)(?= and \w+ is |$)", dimension.partition(")")[2]):
        if other in rows:
            values = values.where(rows[other].astype(str).isin(allowed.split(" or ")))
    return values


def scale(name: str, values: pd.Series, logarithmic: bool) -> Axis:
    """An axis from the lowest to the highest value, or with all values that are words, evenly."""
    kind, texts = axis_type(values), ["" if pd.isna(value) else setting(value) for value in values]
    if kind == "category" and not logarithmic:
        words = sorted(values.dropna().unique().tolist(), key=lambda value: (isinstance(value, str), value))
        even = dict(zip(words, even_places(len(words)), strict=True))
        marks = {float(place): setting(word) for word, place in even.items()}
        return Axis(name, values.map(even).to_numpy(float), texts, marks)
    numbers = values.to_numpy(float)
    return Axis(name, *spread(np.log(numbers) if logarithmic else numbers, texts))


def even_places(count: int) -> np.ndarray:
    """So many places from 0 to 1, or the one in the middle."""
    return np.full(1, 0.5) if count == 1 else np.linspace(0, 1, count)


def spread(numbers: np.ndarray, texts: list[str]) -> tuple[np.ndarray, list[str], dict[float, str]]:
    """Places of numbers between the lowest and the highest, their texts, and those of the two."""
    if not np.isfinite(numbers).any():
        return np.full(len(numbers), np.nan), texts, {}
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    places = (numbers - low) / (high - low) if high > low else np.where(np.isnan(numbers), np.nan, 0.5)
    ends = {float(places[place]): texts[place] for place in (int(np.nanargmin(numbers)), int(np.nanargmax(numbers)))}
    return places, texts, ends


def accuracy_axis(accuracy: np.ndarray) -> tuple[Axis, int]:
    """The axis of accuracies, which ends where far lower ones would press the others together, and their number."""
    known = accuracy[np.isfinite(accuracy)]
    first, third = np.quantile(known, [0.25, 0.75]) if len(known) else (0.0, 0.0)
    low = first - FAR * (third - first)
    texts, within = [share(value) for value in accuracy], np.where(accuracy < low, np.nan, accuracy)
    places, _, ends = spread(within, texts)
    clipped = np.isfinite(accuracy) & (accuracy < low)
    return Axis(REACHED, np.where(clipped, 0.0, places), texts, ends), int(clipped.sum())


def kinds(accuracy: np.ndarray, states: pd.Series) -> np.ndarray:
    """The place in `KINDS` of each trial: by its accuracy among the trials that ran to the end."""
    whole = (states == "complete").to_numpy() & np.isfinite(accuracy)
    middle, best = np.quantile(accuracy[whole], [0.5, 0.9]) if whole.any() else (np.inf, np.inf)
    order = np.select(
        [accuracy >= best, accuracy >= middle], [KINDS["best tenth"], KINDS["upper half"]], KINDS["lower half"]
    )
    found = np.where(whole, order, KINDS["stopped early"])
    return np.where(np.isfinite(accuracy) & (states != "failed").to_numpy(), found, KINDS["no accuracy"])


def draw_parallel(data: Parallel) -> go.Figure:
    """An axis in each row, the accuracy below all others; a trace for each kind of trial, the best on top."""
    figure = blank("", "", EDGE + ROW * len(data.axes))
    if not len(data.kinds):
        return nothing(figure, "Nothing has been explored.")
    for row, axis in enumerate(data.axes):
        figure.add_shape(type="line", x0=0, x1=1, y0=row, y1=row, line={"color": GRID, "width": 2}, layer="below")
        for place, text in axis.marks.items():
            figure.add_annotation(x=place, y=row, text=short(text, 14), showarrow=False, yshift=-11, font={"size": 10})
    for name, kind in KINDS.items():
        if (data.kinds == kind).any():
            figure.add_trace(_lines(data, name, kind))
    names = [plain(axis.name.replace("_", " ")) for axis in data.axes]
    missing = any(np.isnan(axis.places).any() for axis in data.axes)
    figure.update_xaxes(visible=False, range=[MISSING - 0.06 if missing else -0.08, 1.08])
    ticks = {"tickvals": list(range(len(names))), "ticktext": names, "showgrid": False, "showline": False, "ticks": ""}
    return figure.update_yaxes(range=[len(names) - 0.4, -0.4], **ticks)


def _lines(data: Parallel, name: str, kind: int) -> go.Scatter:
    """The lines of one kind, with a gap after each: many traces are slow to draw."""
    shown, rows = np.flatnonzero(data.kinds == kind), list(range(len(data.axes)))
    places = np.stack([axis.places for axis in data.axes], axis=1)
    xs, ys = broken((np.where(np.isnan(places[trial]), MISSING, places[trial]), rows) for trial in shown)
    texts = [_hover(data.axes, int(trial)) for trial in shown for _ in (*rows, None)]
    colour, dash, width = LOOKS[kind]
    return go.Scatter(
        x=rounded(xs, 3),
        y=ys,
        mode="lines",
        line={"color": translucent(colour, 0.55 if kind < KINDS["best tenth"] else 0.9), "dash": dash, "width": width},
        name=name,
        legendgroup=name,
        text=texts,
        hoverinfo="text",
        hoverlabel={"font": {"color": INK}},
    )


def _hover(axes: tuple[Axis, ...], trial: int) -> str:
    named = ((axis.name, axis.texts[trial]) for axis in axes)
    return "<br>".join(f"{plain(name.replace('_', ' '))}: {plain(text) or 'not drawn'}" for name, text in named)
