"""S0-G10, S0-G11: spectrograms of what was generated, or came back from MFCCs, beside that of a recording, to hear."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from analysis.figures.features import Image
from analysis.figures.figure import Figure, Player
from analysis.figures.spectrograms import side_by_side, stored
from analysis.results import Results
from analysis.runs import Run

RECORDED = "recorded"


class Sound(NamedTuple):
    """A sound: its spectrogram, its spectral flatness (0 to 1), and its `file` from the run's folder."""

    kind: str
    image: Image
    flatness: float
    file: str


class Pair(NamedTuple):
    """The sounds of an arm's first repetition, the recorded one first."""

    arm: str
    sounds: tuple[Sound, ...]


def mel(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """Mel spectrograms of the sounds of each arm."""
    return spectrograms(results.run, arms, "mel")


def linear(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """Spectrograms of the sounds of each arm, with rows of equal width in Hz."""
    return spectrograms(results.run, arms, "linear")


def spectrograms(run: Run, arms: Sequence[str], scale: str) -> Iterator[Figure]:
    pairs = sounds_data(run, arms, scale)
    for data in pairs:
        players = tuple(Player(each.kind, each.file) for each in data.sounds if (run.path / each.file).exists())
        flat = ", ".join(f"{each.kind} {each.flatness:.2f}" for each in data.sounds)
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
        found = [sound_of(each, scale) for each in run.sounds if each["arm"] == arm]
        if found:
            pairs.append(Pair(arm, tuple(sorted(found, key=lambda each: each.kind != RECORDED))))
    return pairs


def sound_of(found: Mapping[str, Any], scale: str) -> Sound:
    image = stored(str(found["kind"]), found[scale], float(found["seconds"]))
    return Sound(str(found["kind"]), image, float(found["flatness"]), str(found["file"]))


def draw_sounds(data: Pair) -> go.Figure:
    """The spectrograms of an arm."""
    return side_by_side([each.image for each in data.sounds], [each.kind for each in data.sounds])
