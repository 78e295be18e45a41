"""S0-G2, S1-G1, S3-G12: waveforms of clips, with the borders of their segments, and one of each class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.figure import Figure
from analysis.figures.style import COLOURS, QUIET, blank, nothing, outline, short, translucent
from analysis.results import Results
from analysis.text import minus

SHOWN = "#D55E00"
HEIGHT, COLUMNS, ROW, EDGE, GAP = 300, 2, 88, 72, 34


class Sound(NamedTuple):
    """A waveform of `seconds`: in each of equal parts of the time the lowest and the highest amplitude."""

    clip: str
    label: str
    seconds: float
    low: np.ndarray
    high: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """The middle of each part, in s."""
        return (np.arange(len(self.low)) + 0.5) * self.seconds / max(len(self.low), 1)


class Cut(NamedTuple):
    """A clip that is cut into `segments` of `seconds`, of which the first few `starts` are known, in s.

    The segment `shown`, which starts at `start`, is the one whose features are drawn.
    """

    sound: Sound
    segments: int
    seconds: float
    starts: np.ndarray
    shown: int
    start: float


class Examples(NamedTuple):
    """A clip of each class, as shares of their peaks; `classes` says how many classes there are."""

    sounds: tuple[Sound, ...]
    peaks: tuple[float, ...]
    classes: int


def sound(found: Mapping[str, Any]) -> Sound:
    low, high = (np.asarray(found[end], dtype=float) for end in ("low", "high"))
    return Sound(str(found.get("clip", "")), str(found.get("label", "")), float(found["seconds"]), low, high)


def cut_data(found: Mapping[str, Any]) -> Cut:
    segments = found["segments"]
    starts = np.asarray(segments["starts"], dtype=float)
    numbers = int(segments["count"]), float(segments["seconds"])
    return Cut(sound(found["clip"]), *numbers, starts, int(segments["shown"]), float(segments["start"]))


def examples_data(pictures: Mapping[str, Any]) -> Examples:
    found = pictures.get("waveforms", {})
    clips = found.get("clips", ())
    peaks = tuple(float(clip["peak"]) for clip in clips)
    return Examples(tuple(map(sound, clips)), peaks, int(found.get("classes", 0)))


def wave(data: Sound) -> go.Scatter:
    line = {"color": COLOURS[0], "width": 1}
    return go.Scatter(**outline(data.times, data.low, data.high), line=line, fillcolor=COLOURS[0])


def cut(data: Cut) -> Figure:
    sound = data.sound
    several = f"{data.segments:,} segments of {data.seconds:g} s; shaded: number {data.shown + 1}, the loudest"
    whole = f"Shaded: its segment, {data.seconds:g} s"
    padded = ", zeros after its end" if data.start + data.seconds > sound.seconds + 0.01 else ""
    says = f"{sound.clip}, {sound.seconds:.2f} s. {several if data.segments > 1 else whole}{padded}."
    return Figure(draw_cut(data), f"Waveform of a clip of {sound.label}.", says, f"One clip: {sound.label}")


def clip(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """A clip with its segments: of each kind of input that is shown as one of these arms has it."""
    inputs = results.run.pictures.get("inputs", ())
    yield from (cut(cut_data(found)) for found in inputs if found["arms"][0] in arms)


def examples(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """A waveform of each class."""
    pictures = results.run.pictures
    data = examples_data(pictures)
    if data.sounds:
        yield waveforms(data, "test part" if pictures.get("inputs") else "corpus")


def waveforms(data: Examples, where: str) -> Figure:
    shown = "" if len(data.sounds) == data.classes else f" of the first {len(data.sounds)} of {data.classes} classes"
    says = (
        f"One clip of each class{shown}: that of middle length in the {where}. Amplitudes are shares of the clip's "
        "peak, which is given in dB relative to full scale."
    )
    return Figure(draw_examples(data), "A waveform of each class.", says, wide=True)


def draw_cut(data: Cut) -> go.Figure:
    """A clip with a line at the start of each segment; the segment whose features are drawn is shaded."""
    figure = blank("time (s)", "amplitude (full scale 1)", HEIGHT)
    if not np.isfinite(data.sound.low).any():
        return nothing(figure, "No waveform was stored.")
    figure.add_trace(wave(data.sound))
    end = max(data.sound.seconds, data.start + data.seconds)
    shape = {"type": "rect", "x0": data.start, "x1": data.start + data.seconds, "y0": 0, "y1": 1, "yref": "paper"}
    figure.add_shape(**shape, line={"color": SHOWN, "width": 2}, fillcolor=translucent(SHOWN, 0.12))
    for start in data.starts[1:]:
        figure.add_vline(x=float(start), line={"color": QUIET, "width": 1, "dash": "dot"})
    return figure.update_xaxes(range=[0, end], showgrid=False)


def draw_sound(data: Sound) -> go.Figure:
    """A waveform by itself."""
    figure = blank("time (s)", "amplitude", HEIGHT)
    if not np.isfinite(data.low).any():
        return nothing(figure, "No waveform was stored.")
    return figure.add_trace(wave(data)).update_xaxes(range=[0, data.seconds], showgrid=False)


def draw_examples(data: Examples) -> go.Figure:
    """Small multiples: a panel for each class, all with the same time."""
    rows = -(-len(data.sounds) // COLUMNS)
    figure = blank("", "", EDGE + ROW * rows)
    if not any(np.isfinite(each.low).any() for each in data.sounds):
        return nothing(figure, "No waveform was stored.")
    titles = [_title(*pair) for pair in zip(data.sounds, data.peaks, strict=True)]
    gap = GAP / (ROW * rows) if rows > 1 else 0.0
    make_subplots(rows, COLUMNS, figure=figure, subplot_titles=titles, vertical_spacing=gap, horizontal_spacing=0.04)
    for number, each in enumerate(data.sounds):
        row, column = number // COLUMNS + 1, number % COLUMNS + 1
        figure.add_trace(wave(each), row, column)
        last = number + COLUMNS >= len(data.sounds)
        figure.update_xaxes(showticklabels=last, title_text="time (s)" if last else "", row=row, col=column)
        figure.update_yaxes(showticklabels=column == 1, row=row, col=column)
    figure.update_xaxes(range=[0, max(each.seconds for each in data.sounds)])
    figure.update_yaxes(range=[-1.05, 1.05], tickvals=[-1, 0, 1], showgrid=False)
    figure.update_yaxes(title_text="amplitude", row=(rows + 1) // 2, col=1)
    return figure.update_layout(margin={"t": 24}).update_annotations(font_size=12)


def _title(data: Sound, peak: float) -> str:
    level = minus(f"{20 * np.log10(peak):.0f} dB") if peak > 0 else "silent"
    return f"<b>{short(data.label)}</b> {level}"
