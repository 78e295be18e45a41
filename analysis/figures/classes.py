"""S3-G1 to G3: the clips of each class in each part of a split, on one axis, also of classes that have none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.figure import Figure
from analysis.figures.splitmap import some, split_title
from analysis.figures.style import COLOURS, blank, nothing, plain, short
from analysis.results import Results
from analysis.text import number, share

ROW, EDGE, MOST_ROWS = 21, 96, 20
SHOWN_CLASSES = 12
ROOM = 1.75
"""How far an axis reaches beyond the longest bar, for the number after it."""
ABSENT = "#B0470B"


class Classes(NamedTuple):
    """`counts` (classes x parts) of the `unit`, "clips" or "segments", of the split of some `arms`.

    `shared` says whether all arms have this split under the protocol; `unused` are classes that are left out because no
    split uses them; `most` is the highest count of all splits.
    """

    protocol: str
    arms: tuple[str, ...]
    shared: bool
    unit: str
    labels: tuple[str, ...]
    unused: tuple[str, ...]
    parts: tuple[str, ...]
    counts: np.ndarray
    most: int


def classes_data(pictures: Mapping[str, Any]) -> list[Classes]:
    """The classes of each split; [] without pictures.

    Of more classes than fit, those that no split uses are left to `unused`.
    """
    everything, splits = list(pictures.get("labels", ())), pictures.get("splits", ())
    tables = [_table(split["classes"], len(everything)) for split in splits]
    used = np.any([table.any(axis=1) for table in tables], axis=0) if tables else np.zeros(0, bool)
    shown = np.flatnonzero(used) if len(everything) > MOST_ROWS else np.arange(len(everything))
    labels = tuple(everything[row] for row in shown)
    unused = tuple(label for label in everything if label not in labels)
    protocols = [split.get("protocol", "") for split in splits]
    most = max((int(table.max(initial=0)) for table in tables), default=0)
    return [
        Classes(
            name,
            tuple(split.get("arms", ())),
            protocols.count(name) == 1,
            split["unit"],
            labels,
            unused,
            tuple(split["classes"]),
            table[shown],
            most,
        )
        for name, split, table in zip(protocols, splits, tables, strict=True)
    ]


def _table(counts: Mapping[str, Any], labels: int) -> np.ndarray:
    return np.array(list(counts.values()), dtype=int).reshape(len(counts), labels).T


def imbalance(counts: np.ndarray) -> float | None:
    """The largest class over the smallest one that has clips; None where none has."""
    there = counts[counts > 0]
    return float(there.max() / there.min()) if len(there) else None


def absent(data: Classes) -> tuple[str, ...]:
    rows = zip(data.labels, data.counts, strict=True)
    return (*(label for label, row in rows if not row.any()), *data.unused)


def histogram(data: Classes) -> Figure:
    ratios = [f"{part} {number(imbalance(counts), 2)}" for part, counts in zip(data.parts, data.counts.T, strict=True)]
    missing = absent(data)
    says = [f"Number of {data.unit}; largest class to smallest that has any: {', '.join(ratios)}."]
    if (data.counts == 0).any():
        says.append("Cross: none.")
    if missing:
        says.append(f"In no part: {some(missing, SHOWN_CLASSES)}.")
    title = split_title(data.protocol, data.arms, data.shared)
    return Figure(draw_classes(data), f"{data.unit.capitalize()} of each class, {title}.", " ".join(says), title)


def draw_classes(data: Classes) -> go.Figure:
    """A panel for each part, all with the same axes; a cross for a class without clips."""
    figure = blank("", "", EDGE + ROW * max(len(data.labels), 3))
    if not data.counts.any():
        return nothing(figure, "No clips.")
    titles = [f"<b>{plain(part)}</b><br>n = {n:,}" for part, n in zip(data.parts, data.counts.sum(0), strict=True)]
    columns = len(data.parts)
    make_subplots(1, columns, figure=figure, subplot_titles=titles, shared_yaxes=True, horizontal_spacing=0.03)
    for column in range(columns):
        figure.add_traces(_panel(data, column), rows=1, cols=column + 1)
    figure.update_xaxes(range=[0, ROOM * data.most], tickvals=[0, data.most], title_text=data.unit)
    ticks = {"tickvals": list(range(len(data.labels))), "ticktext": [short(label) for label in data.labels]}
    figure.update_yaxes(range=[len(data.labels) - 0.5, -0.5], showgrid=False, **ticks)
    return figure.update_layout(bargap=0.25, margin={"t": 44}).update_annotations(font_size=12)


def _panel(data: Classes, number: int) -> list[go.Bar | go.Scatter]:
    counts, rows = data.counts[:, number], np.arange(len(data.labels))
    names, empty = [plain(label) for label in data.labels], rows[counts == 0]
    bars = go.Bar(
        x=counts.tolist(),
        y=rows.tolist(),
        orientation="h",
        marker={"color": COLOURS[0]},
        text=[f"{count:,}" if count else "" for count in counts],
        textposition="outside",
        textfont={"size": 11},
        constraintext="none",
        customdata=names,
        hovertemplate=f"%{{customdata}}, {data.parts[number]}: %{{x}} {data.unit}<extra></extra>",
        showlegend=False,
    )
    return [
        bars,
        crosses(empty, 0.06 * ROOM * data.most, [f"{names[row]}, {data.parts[number]}: none" for row in empty]),
    ]


class Official(NamedTuple):
    """The `counts` of the clips of each class in a part of the corpus; `most` is the highest share in any part."""

    part: str
    labels: tuple[str, ...]
    counts: np.ndarray
    most: float


def of_part(results: Results, arms: Sequence[str], part: str) -> Iterator[Figure]:
    """The classes of an official part of the corpus, on the axis of all parts."""
    data = official_data(results.run.pictures, part)
    if data:
        says = f"All {data.counts.sum():,} clips of the part, one axis for all parts. Cross: none."
        ratio = f" Largest class to smallest that has any: {number(imbalance(data.counts), 2)}."
        yield Figure(draw_official(data), f"Clips of each class in the part {part}.", says + ratio)


def official_data(pictures: Mapping[str, Any], part: str) -> Official | None:
    """None where the corpus has no official parts, or this copy not that one."""
    tables = {name: np.asarray(counts) for name, counts in pictures.get("official", {}).items()}
    if part not in tables:
        return None
    most = max(float(counts.max() / counts.sum()) for counts in tables.values())
    return Official(part, tuple(pictures["labels"]), tables[part], most)


def draw_official(data: Official) -> go.Figure:
    """A bar for each class with its number; a cross for one that has none."""
    total, rows = int(data.counts.sum()), np.arange(len(data.labels))
    figure = blank(f"share of the part (n = {total:,} clips)", "", EDGE + ROW * len(rows))
    shares, empty = data.counts / total, rows[data.counts == 0]
    names = [plain(label) for label in data.labels]
    figure.add_trace(
        go.Bar(
            x=shares.round(5).tolist(),
            y=rows.tolist(),
            orientation="h",
            marker={"color": COLOURS[0]},
            text=[f"{count:,}" if count else "" for count in data.counts],
            textposition="outside",
            constraintext="none",
            customdata=[[*pair] for pair in zip(names, map(share, shares), strict=True)],
            hovertemplate="%{customdata[0]}: %{text} clips, %{customdata[1]}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_trace(crosses(empty, 0.03 * data.most, [f"{names[row]}: none" for row in empty]))
    figure.update_xaxes(range=[0, 1.2 * data.most], tickformat=".0%", rangemode="tozero")
    ticks = {"tickvals": rows.tolist(), "ticktext": [short(label) for label in data.labels]}
    return figure.update_yaxes(range=[len(rows) - 0.5, -0.5], showgrid=False, **ticks)


def crosses(rows: np.ndarray, place: float, texts: list[str]) -> go.Scatter:
    """A cross in each row that has no clips."""
    return go.Scatter(
        x=[place] * len(rows),
        y=rows.tolist(),
        mode="markers",
        marker={"symbol": "x-thin", "size": 7, "line": {"color": ABSENT, "width": 1.8}},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
