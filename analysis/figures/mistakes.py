"""Mistakes to see and hear: clips of a cell of a confusion matrix, each with its spectrogram and a player."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import plotly.graph_objects as go

from analysis.figures.features import Image
from analysis.figures.figure import Figure, Player
from analysis.figures.spectrograms import side_by_side, stored
from analysis.figures.style import short
from analysis.runs import Run
from analysis.text import share


class MistakenClip(NamedTuple):
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
    clips: tuple[MistakenClip, ...]


def mistakes_data(run: Run) -> list[Cell]:
    """The cells that have clips, as they were stored; none where the corpus was not at hand."""
    clips = run.mistakes.get("clips", {})
    return [cell(found, clips) for found in run.mistakes.get("cells", ())]


def cell(found: Mapping[str, Any], clips: Mapping[str, Any]) -> Cell:
    kept = tuple(mistaken_clip(each, clips[each["clip"]]) for each in found["clips"])
    protocol, arm, label, prediction = (str(found[name]) for name in ("protocol", "arm", "label", "prediction"))
    return Cell(protocol, arm, label, prediction, int(found["answers"]), kept)


def mistaken_clip(found: Mapping[str, Any], clip: Mapping[str, Any]) -> MistakenClip:
    image = stored(str(found["clip"]), clip["mel"], float(clip["kept"]))
    return MistakenClip(str(found["clip"]), image, str(clip["file"]), int(found["times"]), float(found["sure"]))


def played(run: Run, data: Cell) -> Iterator[Figure]:
    """The clips of a cell, with players of those whose files are beside the run."""
    players = tuple(Player(each.clip, each.file) for each in data.clips if (run.path / each.file).exists())
    label = f"Spectrograms of clips of {data.label} that {data.arm} takes for {data.prediction}."
    counted = "; ".join(f"{each.clip}: {seeds(each.times)}, {share(each.sure, 0)} sure" for each in data.clips)
    yield Figure(draw_mistakes(data), label, f"{counted}.", players=players)


def seeds(count: int) -> str:
    return f"{count} seed{'s' if count != 1 else ''}"


def draw_mistakes(data: Cell) -> go.Figure:
    """The spectrograms of the clips of a cell."""
    titles = [short(each.clip.rpartition("/")[2], 24) for each in data.clips]
    return side_by_side([each.image for each in data.clips], titles)
