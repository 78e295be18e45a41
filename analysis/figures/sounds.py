"""S0-G10, S0-G11: spectrograms of what was generated, or came back from MFCCs, beside that of a recording, to hear."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.features import BAR, SPACING, TICKS, Image, colour_axis, heatmap, rows_axis
from analysis.figures.figure import Figure, Player
from analysis.figures.style import blank, nothing
from analysis.results import Results
from analysis.runs import Run

HEIGHT = 320
RECORDED = "recorded"
UNIT = "dB below the peak"


class Heard(NamedTuple):
    """A sound: its spectrogram, its spectral flatness (0 to 1), and its `file` from the run's folder."""

    kind: str
    image: Image
    flatness: float
    file: str


class Pair(NamedTuple):
    """The sounds of an arm's first repetition, the recorded one first."""

    arm: str
    heard: tuple[Heard, ...]


def mel(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """Mel spectrograms of the sounds of each arm."""
    return spectrograms(results.run, arms, "mel")


def linear(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """Spectrograms of the sounds of each arm, with rows of equal width in Hz."""
    return spectrograms(results.run, arms, "linear")


def spectrograms(run: Run, arms: Sequence[str], scale: str) -> Iterator[Figure]:
    pairs = sounds_data(run, arms, scale)
    for data in pairs:
        players = tuple(Player(each.kind, each.file) for each in data.heard if (run.path / each.file).exists())
        flat = ", ".join(f"{each.kind} {each.flatness:.2f}" for each in data.heard)
        words = [f"Spectral flatness: {flat}."] + ([explained(bool(players))] if data is pairs[0] else [])
        label = f"Spectrograms of sounds, {scale} scale, {data.arm}."
        yield Figure(draw_sounds(data), label, " ".join(words), data.arm, players=players)


def explained(playable: bool) -> str:
    """What holds for all pairs, and where the sounds are."""
    beside = "are files beside this page: those of recordings may be passed on only where their licence allows it"
    where = beside if playable else "themselves were left where the run was made"
    flat = "A flatness of 1 is that of noise as strong in every band, near 0 that of a tone"
    return f"One training, n = 1. {flat}. The sounds {where}."


def sounds_data(run: Run, arms: Sequence[str], scale: str) -> list[Pair]:
    """The sounds of the arms that made any, by the `scale` of their spectrograms, "mel" or "linear"."""
    pairs = []
    for arm in arms:
        found = [heard(each, scale) for each in run.sounds if each["arm"] == arm]
        if found:
            pairs.append(Pair(arm, tuple(sorted(found, key=lambda each: each.kind != RECORDED))))
    return pairs


def heard(found: Mapping[str, Any], scale: str) -> Heard:
    values, centres = (np.asarray(found[scale][name], dtype=float) for name in ("values", "hertz"))
    image = Image(found["kind"], np.atleast_2d(values), centres, False, float(found["seconds"]), UNIT)
    return Heard(str(found["kind"]), image, float(found["flatness"]), str(found["file"]))


def draw_sounds(data: Pair) -> go.Figure:
    """The spectrograms of an arm side by side, on one scale of colours."""
    figure = blank("", "", HEIGHT)
    images = [each.image for each in data.heard]
    if not any(np.isfinite(image.values).any() for image in images):
        return nothing(figure, "No spectrogram was stored.")
    titles = [each.kind for each in data.heard]
    make_subplots(1, len(images), figure=figure, subplot_titles=titles, shared_yaxes=True, **SPACING)
    for column, image in enumerate(images, 1):
        figure.add_trace(heatmap(image), 1, column)
        figure.update_yaxes(**rows_axis(image, TICKS), row=1, col=column)
        figure.update_xaxes(range=[0, image.seconds], row=1, col=column)
    figure.update_xaxes(title_text="time (s)", showgrid=False, nticks=4)
    figure.update_yaxes(title_text="frequency (Hz)", row=1, col=1)
    figure.update_layout(coloraxis=colour_axis(images), margin={"t": BAR + 24})
    return figure.update_annotations(font_size=12)
