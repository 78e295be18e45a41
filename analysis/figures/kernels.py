"""S4-G2: kernel shapes drawn as rectangles over an example of what they are convolved with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import PAPER, blank, nothing, plain, translucent
from analysis.results import Results

SHAPE = re.compile(r"(\d+)x(\d+)")
GREYS = [[0.0, "#f7f8fa"], [1.0, "#39424f"]]
KERNEL_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
TICKS = 6


class Kernel(NamedTuple):
    """A kernel of `bands` x `frames` with its lower left cell at (`band`, `frame`).

    `low` and `high` are the centres of its lowest and its highest band in Hz.
    """

    name: str
    bands: int
    frames: int
    band: int
    frame: int
    low: float
    high: float
    milliseconds: float


class Kernels(NamedTuple):
    """`values` (bands x frames) of an example, `centres` of its bands in Hz, milliseconds per frame, and kernels."""

    values: np.ndarray
    centres: np.ndarray
    step: float
    kernels: tuple[Kernel, ...]
    clip: str
    label: str


def shapes(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """The kernel shapes of some arms over the example; none where there are none or nothing to draw them on.

    The example is of the first arm of the study; kernels of other front ends have other axes.
    """
    settings = results.run.settings
    front_ends = {arm: each.get("front_end") for arm, each in settings.items()}
    alike = [settings[arm] for arm in arms if front_ends[arm] == front_ends[results.run.arms[0]]]
    data = kernels_data(results.run.study["example"], [str(each.get("kernel", "")) for each in alike])
    if data and data.kernels:
        extents = "; ".join(map(extent, data.kernels))
        caption = (
            f"Kernels, bands by frames, at their true size over {data.clip} ({data.label}). Bands are not equally far "
            f"apart, so a kernel's extent in Hz depends on where it lies. {extents}."
        )
        label = f"Kernel shapes over the features of {data.label}: {extents}."
        yield Figure(draw_kernels(data), label, caption, wide=True)


def kernels_data(example: Mapping[str, Any] | None, names: Sequence[str]) -> Kernels | None:
    """Place each distinct kernel shape ("3x8", bands x frames) over the example; None without one.

    Older runs did not store at which frequencies the bands of the example lie: they have none.
    """
    if not example or not example.get("hertz"):
        return None
    values = np.atleast_2d(np.asarray(example["values"], dtype=float))
    centres, step = np.asarray(example["hertz"], dtype=float), 1000 * float(example["step"])
    shapes = list(dict.fromkeys((int(b), int(f)) for name in names for b, f in SHAPE.findall(str(name))))
    shapes = [(b, f) for b, f in shapes if b <= values.shape[0] and f <= values.shape[1]]
    data = Kernels(values, centres, step, (), str(example.get("clip", "")), str(example.get("label", "")))
    return data._replace(kernels=tuple(_placed(data, shape, (i + 0.5) / len(shapes)) for i, shape in enumerate(shapes)))


def _placed(data: Kernels, shape: tuple[int, int], height: float) -> Kernel:
    # At different heights (shares of the bands), so that no rectangle or label covers another.
    (bands, frames), (all_bands, all_frames) = shape, data.values.shape
    band = int(np.clip(round(all_bands * height - bands / 2), 0, all_bands - bands))
    low, high = float(data.centres[band]), float(data.centres[band + bands - 1])
    return Kernel(f"{bands}×{frames}", bands, frames, band, min(2, all_frames - frames), low, high, frames * data.step)


def extent(kernel: Kernel) -> str:
    """A kernel's size in words: bands and Hz, frames and ms."""
    bands = f"{kernel.bands} bands (centres" if kernel.bands > 1 else "1 band (centre"
    frames = f"{kernel.frames} frames" if kernel.frames > 1 else "1 frame"
    return f"{kernel.name}: {bands} {hertz(kernel)} here) by {frames} ({kernel.milliseconds:.0f} ms)"


def hertz(kernel: Kernel) -> str:
    """Between which centres a kernel lies: one frequency where it has one band."""
    low, high = f"{kernel.low:,.0f}", f"{kernel.high:,.0f}"
    return f"{low} Hz" if kernel.bands == 1 else f"{low}–{high} Hz"


def draw_kernels(data: Kernels) -> go.Figure:
    """The example as an image in grey, each kernel a coloured rectangle with its size in Hz and ms beside it."""
    figure = blank("time (ms)", "frequency (Hz, centres of bands)", 420)
    if not np.isfinite(data.values).any():
        return nothing(figure, "No example was stored.")
    figure.add_trace(_image(data))
    for index, kernel in enumerate(data.kernels):
        _rectangle(figure, kernel, data.step, KERNEL_COLOURS[index % len(KERNEL_COLOURS)])
    bands, frames = data.values.shape
    rows = np.unique(np.linspace(0, bands - 1, TICKS).round().astype(int))
    figure.update_xaxes(range=[0, frames * data.step], showgrid=False)
    centres = [f"{data.centres[row]:,.0f}" for row in rows]
    return figure.update_yaxes(range=[0, bands], showgrid=False, tickvals=(rows + 0.5).tolist(), ticktext=centres)


def _image(data: Kernels) -> go.Heatmap:
    bands, frames = data.values.shape
    return go.Heatmap(
        x=((np.arange(frames) + 0.5) * data.step).round(2).tolist(),
        y=(np.arange(bands) + 0.5).tolist(),
        z=data.values.round(2).tolist(),
        colorscale=GREYS,
        showscale=False,
        hovertemplate="%{x:.0f} ms, band %{y:.0f}: %{z:.1f}<extra></extra>",
    )


def _rectangle(figure: go.Figure, kernel: Kernel, step: float, colour: str) -> None:
    right, top = (kernel.frame + kernel.frames) * step, kernel.band + kernel.bands
    figure.add_shape(
        type="rect",
        x0=kernel.frame * step,
        x1=right,
        y0=kernel.band,
        y1=top,
        line={"color": colour, "width": 2.5},
        fillcolor=translucent(PAPER, 0.35),
    )
    text = f"<b>{plain(kernel.name)}</b>  {kernel.milliseconds:.0f} ms<br>{hertz(kernel)}"
    figure.add_annotation(
        x=right,
        y=(kernel.band + top) / 2,
        xshift=6,
        xanchor="left",
        text=text,
        align="left",
        showarrow=False,
        font={"size": 12, "color": colour},
        bgcolor=translucent(PAPER, 0.92),
        borderpad=3,
    )
