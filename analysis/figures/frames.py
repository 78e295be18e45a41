"""S2-G7: test accuracy of each model on each size of frames, half of which lies between one frame and the next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis.confirmed import Confirmed
from analysis.figures.confusion import SCALE
from analysis.figures.figure import Figure
from analysis.figures.style import INK, blank, nothing, plain
from analysis.figures.values import NOTHING, Summary, level
from analysis.protocols import judging, protocol_name
from analysis.results import Results

ROW, EDGE = 44, 110


class FrameSizes(NamedTuple):
    """`found` (models x frames) test accuracies in points, `NOTHING` where none was tested."""

    models: tuple[str, ...]
    frames: tuple[int, ...]
    found: tuple[tuple[Summary, ...], ...]


def by_model(results: Results, arms: Sequence[str], models: Mapping[str, str]) -> Iterator[Figure]:
    """The models, of architectures with the names given, that were tested on two sizes or more, for each protocol."""
    for protocol in judging():
        data = frame_sizes_data(results.confirmed[protocol.name], arms, models)
        if data.models:
            title = protocol_name(protocol.name).capitalize()
            label = f"Test accuracy of each model on each size of frames, {title}."
            says = "Points. The hop is half a frame. Empty: not tested. Darker: more accurate, within this figure."
            yield Figure(draw_frame_sizes(data), label, says, title)


def frame_sizes_data(confirmed: Confirmed, arms: Sequence[str], models: Mapping[str, str]) -> FrameSizes:
    """By architecture and bands, of the arms whose hop is half a frame; those that have one size are left out."""
    tested: dict[str, dict[int, Summary]] = {}
    for arm in arms:
        settings, found = confirmed.run.settings[arm], level(confirmed, arm)
        frame, name = int(settings.get("frame", 0)), models.get(str(settings.get("architecture")))
        if found.n and name and frame and 2 * settings["hop"] == frame:
            tested.setdefault(f"{name}, {settings['bands']} bands", {})[frame] = found
    several = {name: sizes for name, sizes in tested.items() if len(sizes) > 1}
    frames = tuple(sorted({frame for sizes in several.values() for frame in sizes}))
    rows = (tuple(sizes.get(frame, NOTHING) for frame in frames) for sizes in several.values())
    return FrameSizes(tuple(several), frames, tuple(rows))


def draw_frame_sizes(data: FrameSizes) -> go.Figure:
    """A heat map with its numbers in it; one hue, so that it reads in grey."""
    n = max((each.n for row in data.found for each in row), default=0)
    figure = blank(f"frame (samples; n = {n} seeds)", "", EDGE + ROW * max(len(data.models), 2))
    if not n:
        return nothing(figure, "No size was tested.")
    means = np.array([[each.mean for each in row] for row in data.found])
    figure.add_trace(
        go.Heatmap(
            x=[f"{frame:,}" for frame in data.frames],
            y=[broken(plain(model)) for model in data.models],
            z=means.round(3).tolist(),
            text=[[f"{mean:.1f}" if np.isfinite(mean) else "" for mean in row] for row in means],
            texttemplate="%{text}",
            customdata=[[f"[{each.low:.1f}, {each.high:.1f}], n = {each.n}" for each in row] for row in data.found],
            hovertemplate="%{y}, frames of %{x}: %{z:.1f} points %{customdata}<extra></extra>",
            hoverlabel={"font": {"color": INK}},
            colorscale=SCALE,
            xgap=1,
            ygap=1,
            showscale=False,
        )
    )
    look = {"type": "category", "showgrid": False, "showline": False, "ticks": ""}
    figure.update_xaxes(**look)
    return figure.update_yaxes(autorange="reversed", **look)


def broken(name: str) -> str:
    """A name with the bands on a line of its own, so that a phone has room for the map."""
    return "<br>".join(name.rsplit(", ", 1))
