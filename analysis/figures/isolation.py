"""Explored trials: the parameter under study with the tuned ones tuned away, and each tuned parameter by itself."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import Style, arm_styles, blank, nothing, plain, rounded, translucent
from analysis.results import Results
from analysis.runs import Run
from analysis.text import counted, logarithmic, setting

ACCURACY = "validation_accuracy"
LOGARITHMIC, FEW = 30.0, 8


class Explored(NamedTuple):
    """`trials`: trial, arm, state, accuracy and one column per tuned parameter; `parameters`: their names.

    `logarithmic` are those that are drawn evenly in their logarithm.
    """

    trials: pd.DataFrame
    arms: tuple[str, ...]
    parameters: tuple[str, ...]
    logarithmic: tuple[str, ...] = ()


def best(results: Results) -> Iterator[Figure]:
    """The parameter under study with the others tuned away."""
    data = explored_data(results.run)
    caption = "Large: the best trial that ran to the end; small: every trial; open: stopped early."
    if len(data.trials):
        drawing = draw_isolation(data, arm_styles(results.run.arms))
        yield Figure(drawing, "Best explored validation accuracy of each arm.", caption)


def tuned(results: Results) -> Iterator[Figure]:
    data = explored_data(results.run)
    for parameter in data.parameters if len(data.trials) else ():
        yield Figure(
            draw_explored(data, parameter, arm_styles(results.run.arms)),
            f"Validation accuracy of the explored trials against {parameter}.",
            "Open markers: stopped early, at the accuracy that they had reached.",
            parameter.replace("_", " "),
        )


def explored_data(run: Run) -> Explored:
    """Every explored trial with its last validation accuracy (a share) and its tuned settings."""
    rows = run.trials[run.trials["phase"] == "explore"].drop_duplicates(["trial", "arm"])
    tuned = run.study["study"].get("tuned", {})
    parameters = tuple(tuned)
    settings = [json.loads(text or "{}") for text in rows["settings"]]
    columns = {name: [setting.get(name) for setting in settings] for name in parameters}
    table = rows[["trial", "arm", "state"]].assign(accuracy=rows[ACCURACY].astype(float), **columns)
    even = tuple(name for name in parameters if logarithmic(tuned[name]))
    return Explored(table.reset_index(drop=True), tuple(run.arms), parameters, even)


def best_of(data: Explored) -> pd.DataFrame:
    """The best accuracy of each arm over its trials that ran to the end: columns arm, accuracy."""
    whole = data.trials[data.trials["state"] == "complete"]
    best = whole.groupby("arm")["accuracy"].max()
    return best.reindex(list(data.arms)).rename_axis("arm").reset_index()


def draw_isolation(data: Explored, styles: Mapping[str, Style]) -> go.Figure:
    """Every explored trial of each arm (open: stopped early), and the best complete one as a large marker."""
    figure = blank(
        f"validation accuracy<br>({counted(len(data.trials), 'trial')})", "", max(150, 34 * len(data.arms) + 70)
    )
    if not np.isfinite(data.trials["accuracy"].astype(float)).any():
        return nothing(figure, "Nothing has been explored.")
    for arm in data.arms:
        rows = data.trials[data.trials["arm"] == arm]
        figure.add_trace(_dots(rows["accuracy"], [plain(arm)] * len(rows), rows["state"], styles[arm]))
    figure.add_trace(_best(best_of(data), styles))
    names = [plain(arm) for arm in data.arms]
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1])
    return figure.update_xaxes(tickformat=".0%")


def draw_explored(data: Explored, parameter: str, styles: Mapping[str, Style]) -> go.Figure:
    """A tuned parameter against validation accuracy, one marker per trial; open markers were stopped early."""
    figure = blank(parameter.replace("_", " "), f"validation accuracy ({counted(len(data.trials), 'trial')})", 340)
    if not np.isfinite(data.trials["accuracy"].astype(float)).any() or data.trials[parameter].isna().all():
        return nothing(figure, "Nothing has been explored.")
    kind = "log" if parameter in data.logarithmic else axis_type(data.trials[parameter])
    values = sorted(data.trials[parameter].dropna().unique().tolist()) if kind == "category" else []
    for place, arm in enumerate(data.arms):
        rows = data.trials[data.trials["arm"] == arm].dropna(subset=[parameter])
        # Side by side within a category, so that no arm hides another.
        shift = 0.7 * ((place + 0.5) / len(data.arms) - 0.5)
        x = rows[parameter].map(lambda v, s=shift: values.index(v) + s) if values else rows[parameter]
        trace = _dots(x, rounded(rows["accuracy"]), rows["state"], styles[arm], rows[parameter].map(setting))
        figure.add_trace(trace.update(name=plain(arm), legendgroup=plain(arm), showlegend=not rows.empty))
    return _axis(figure, kind, values).update_yaxes(tickformat=".0%")


def _axis(figure: go.Figure, kind: str, values: list) -> go.Figure:
    if kind == "category":
        return figure.update_xaxes(
            tickvals=list(range(len(values))), ticktext=[plain(setting(v)) for v in values], showgrid=False
        )
    # Ticks at 1, 2 and 5 of each power of ten: every axis then has several.
    return figure.update_xaxes(**({"type": "log", "dtick": "D2", "tickformat": "~g"} if kind == "log" else {}))


def axis_type(column: "pd.Series[float]") -> str:
    """How an axis is drawn: "category" for words and for few numbers, "log" over a wide range, else "linear"."""
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    if numbers.empty or len(numbers) < column.notna().sum() or numbers.nunique() <= FEW:
        return "category"
    return "log" if numbers.min() > 0 and numbers.max() / numbers.min() >= LOGARITHMIC else "linear"


def _dots(
    x: "pd.Series[float]", y: list, state: "pd.Series[str]", style: Style, values: "pd.Series[str] | None" = None
) -> go.Scatter:
    """Markers of trials; on hover with the `values` of a parameter, which on an axis of categories is a place."""
    # An "-open" marker shows the line colour only.
    symbols = [style.symbol if s == "complete" else f"{style.symbol}-open" for s in state]
    known = [plain(value) for value in values] if values is not None else [""] * len(state)
    return go.Scatter(
        x=x.to_list(),
        y=y,
        mode="markers",
        marker={"symbol": symbols, "size": 8, "color": translucent(style.colour, 0.65)},
        customdata=list(zip(state, known, strict=True)),
        hovertemplate=f"{'%{x}' if values is None else '%{customdata[1]}'}, %{{y}} (%{{customdata[0]}})<extra></extra>",
        showlegend=False,
    )


def _best(best: pd.DataFrame, styles: Mapping[str, Style]) -> go.Scatter:
    return go.Scatter(
        x=rounded(best["accuracy"]),
        y=[plain(arm) for arm in best["arm"]],
        mode="markers",
        marker={
            "symbol": [styles[arm].symbol for arm in best["arm"]],
            "color": [styles[arm].colour for arm in best["arm"]],
            "size": 15,
            "line": {"color": "white", "width": 1.5},
        },
        hovertemplate="%{y}: best %{x:.1%}<extra></extra>",
        showlegend=False,
    )
