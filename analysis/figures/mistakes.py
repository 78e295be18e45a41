"""Mistakes to see and hear: clips of a cell of a confusion matrix, each with its spectrogram and a player."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.features import BAR, SPACING, TICKS, Image, colour_axis, heatmap, rows_axis
from analysis.figures.figure import Figure, Player
from analysis.figures.sounds import UNIT
from analysis.figures.style import blank, nothing, short
from analysis.runs import Run
from analysis.text import share

HEIGHT = 320


class Heard(NamedTuple):
    """A clip: its name, its mel spectrogram, its file, and how many repetitions mistook it, how `sure` on average."""

    clip: str
    image: Image
    file: str
    times: int
    sure: float


class Cell(NamedTuple):
    """A cell: true and predicted class, all answers in it, and the clips that are kept of it."""

    protocol: str
    arm: str
    label: str
    prediction: str
    answers: int
    clips: tuple[Heard, ...]


def mistakes_data(run: Run) -> list[Cell]:
    """The cells that have clips, as they were stored; none where the corpus was not at hand."""
    clips = run.mistakes.get("clips", {})
    return [cell(found, clips) for found in run.mistakes.get("cells", ())]


def cell(found: Mapping[str, Any], clips: Mapping[str, Any]) -> Cell:
    kept = tuple(heard_of(each, clips[each["clip"]]) for each in found["clips"])
    protocol, arm, label, prediction = (str(found[name]) for name in ("protocol", "arm", "label", "prediction"))
    return Cell(protocol, arm, label, prediction, int(found["answers"]), kept)


def heard_of(found: Mapping[str, Any], clip: Mapping[str, Any]) -> Heard:
    values, centres = (np.asarray(clip["mel"][name], dtype=float) for name in ("values", "hertz"))
    image = Image(str(found["clip"]), np.atleast_2d(values), centres, False, float(clip["kept"]), UNIT)
    return Heard(str(found["clip"]), image, str(clip["file"]), int(found["times"]), float(found["sure"]))


def heard(run: Run, data: Cell) -> Iterator[Figure]:
    """The clips of a cell, with players of those whose files are beside the run."""
    players = tuple(Player(each.clip, each.file) for each in data.clips if (run.path / each.file).exists())
    label = f"Spectrograms of clips of {data.label} that {data.arm} takes for {data.prediction}."
    counted = "; ".join(f"{each.clip}: {seeds(each.times)}, {share(each.sure, 0)} sure" for each in data.clips)
    yield Figure(draw_mistakes(data), label, f"{counted}.", players=players)


def seeds(count: int) -> str:
    return f"{count} seed{'s' if count != 1 else ''}"


def draw_mistakes(data: Cell) -> go.Figure:
    """The spectrograms side by side, on one scale of colours."""
    figure = blank("", "", HEIGHT)
    images = [each.image for each in data.clips]
    if not images:
        return nothing(figure, "No clip of this cell was stored.")
    titles = [short(each.clip.rpartition("/")[2], 24) for each in data.clips]
    make_subplots(1, len(images), figure=figure, subplot_titles=titles, shared_yaxes=True, **SPACING)
    for column, image in enumerate(images, 1):
        figure.add_trace(heatmap(image), 1, column)
        figure.update_yaxes(**rows_axis(image, TICKS), row=1, col=column)
        figure.update_xaxes(range=[0, image.seconds], row=1, col=column)
    figure.update_xaxes(title_text="time (s)", showgrid=False, nticks=4)
    figure.update_yaxes(title_text="frequency (Hz)", row=1, col=1)
    figure.update_layout(coloraxis=colour_axis(images), margin={"t": BAR + 24})
    return figure.update_annotations(font_size=12)
