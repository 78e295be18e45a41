"""The section of a run's report that shows its data: classes, splits, and what networks are given of a clip."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis import figures
from analysis.figures.classes import Classes, absent, imbalance
from analysis.figures.features import Augmented, Features, Image
from analysis.figures.pipeline import Pipeline, listed, worded
from analysis.figures.sound import Cut, Examples
from analysis.figures.splitmap import SplitMap, words
from analysis.protocols import protocol_name
from analysis.report.embed import Embed, Embedded
from analysis.runs import Run
from analysis.text import number

SHOWN_ARMS, SHOWN_CLASSES = 3, 12


@dataclass(frozen=True)
class Leaks:
    """The leak counter of a split: groups on both sides, all groups, and the share of the test items that are known."""

    title: str
    leaking: int
    groups: int
    known: float | None
    unit: str


@dataclass(frozen=True)
class Input:
    """One kind of input: its diagram, a clip with its segments, and the features of one of them."""

    pipeline: Pipeline
    title: str
    clip: Embedded
    features: Embedded


@dataclass(frozen=True)
class Data:
    """All that the section shows; what a study does not have is empty.

    The `first` splits, one for each protocol, are those of the first arm.
    """

    first: int
    classes: tuple[Embedded, ...]
    maps: tuple[Embedded, ...]
    leaks: tuple[Leaks, ...]
    inputs: tuple[Input, ...]
    augmented: tuple[Embedded, ...]
    examples: Embedded | None


def data_section(run: Run, embed: Embed) -> Data | None:
    """The pictures that the launch stored; None for a run directory without them."""
    if not run.pictures:
        return None
    maps = figures.split_maps_data(run.pictures)
    examples = figures.examples_data(run.pictures)
    tuned = run.study["study"].get("tuned", {})
    return Data(
        len({data.protocol for data in maps}) or 1,
        tuple(classes(data, embed) for data in figures.classes_data(run.pictures)),
        tuple(split_map(data, embed) for data in maps),
        tuple(leaks(data) for data in maps),
        tuple(one_input(found, tuned, embed) for found in run.pictures.get("inputs", ())),
        tuple(augmented(data, embed) for data in figures.augmented_data(run.pictures)),
        waveforms(examples, "test part" if maps else "corpus", embed) if examples.sounds else None,
    )


def split_title(data: Classes | SplitMap) -> str:
    """The name of a split; of one that not all arms share, with its arms."""
    name = protocol_name(data.protocol).capitalize() if data.protocol else "The whole corpus"
    return name if data.shared else f"{name}: {some(data.arms)}"


def some(names: tuple[str, ...], most: int = SHOWN_ARMS) -> str:
    """The first names and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def classes(data: Classes, embed: Embed) -> Embedded:
    """The histogram of a split, with the ratio of its largest to its smallest class in each part."""
    ratios = [f"{part} {ratio(imbalance(counts))}" for part, counts in zip(data.parts, data.counts.T, strict=True)]
    missing = absent(data)
    says = [f"Number of {data.unit}; largest class to smallest that has any: {', '.join(ratios)}."]
    if (data.counts == 0).any():
        says.append("Cross: none.")
    if missing:
        says.append(f"In no part: {some(missing, SHOWN_CLASSES)}.")
    title = split_title(data)
    return embed(figures.draw_classes(data), f"{data.unit.capitalize()} of each class, {title}.", " ".join(says), title)


def ratio(value: float | None) -> str:
    """A ratio with two decimals."""
    return number(value, 2)


def split_map(data: SplitMap, embed: Embed) -> Embedded:
    """The map of a split."""
    title = split_title(data)
    label = f"Groups of {title} in each part: {data.leaking} of {data.groups} lie on both sides."
    return embed(figures.draw_split_map(data), label, words(data), title)


def leaks(data: SplitMap) -> Leaks:
    """The leak counter of a split."""
    return Leaks(split_title(data), data.leaking, data.groups, data.known, data.unit)


def one_input(found: Mapping[str, Any], tuned: Mapping[str, str], embed: Embed) -> Input:
    """A kind of input, with the clip that goes through it."""
    pipeline, cut = figures.pipeline_data(found, tuned), figures.cut_data(found)
    features = figures.features_data(found["features"])
    return Input(pipeline, some(pipeline.arms), clip(cut, embed), features_of(features, cut, embed))


def clip(data: Cut, embed: Embed) -> Embedded:
    """The waveform of a clip with its segments."""
    sound = data.sound
    several = f"{data.segments:,} segments of {data.seconds:g} s; shaded: number {data.shown + 1}, the loudest"
    whole = f"Shaded: its segment, {data.seconds:g} s"
    padded = ", zeros after its end" if data.start + data.seconds > sound.seconds + 0.01 else ""
    says = f"{sound.clip}, {sound.seconds:.2f} s. {several if data.segments > 1 else whole}{padded}."
    return embed(figures.draw_cut(data), f"Waveform of a clip of {sound.label}.", says, f"One clip: {sound.label}")


def features_of(data: Features, cut: Cut, embed: Embed) -> Embedded:
    """The features of the shaded segment."""
    what = f"Features of the shaded segment ({cut.sound.label}), n = 1, before they are normalised"
    if len(data.images) > 1:
        says = f"{what}: {len(data.images)} spectrograms, each in {data.unit}. Across: windows in samples."
        return embed(
            figures.draw_features(data), f"All spectrograms of a segment of {cut.sound.label}.", says, "Its features"
        )
    shown = f"Values: {data.unit}" + (f"; rows: {rows(data.images[0])}" if data.images else "")
    return embed(
        figures.draw_features(data), f"Features of a segment of {cut.sound.label}.", f"{what}. {shown}.", "Its features"
    )


def rows(image: Image) -> str:
    """What the rows of an image are, in words."""
    coefficients = "cepstral coefficients, of which the colours span those from 1 on"
    return coefficients if image.coefficients else "bands, at the frequencies of their centres"


def augmented(data: Augmented, embed: Embed) -> Embedded:
    """A training segment before and after an augmentation."""
    names = listed(data.names)
    settings = "; ".join(worded(name, value) for name, value in data.parameters.items())
    says = f"{data.clip}, a training segment, before and after {names} ({settings}); one draw, n = 1."
    return embed(
        figures.draw_augmented(data), f"A segment before and after {names}.", says, f"{names.capitalize()} ({data.arm})"
    )


def waveforms(data: Examples, where: str, embed: Embed) -> Embedded:
    """A waveform of each class."""
    shown = "" if len(data.sounds) == data.classes else f" of the first {len(data.sounds)} of {data.classes} classes"
    says = (
        f"One clip of each class{shown}: that of middle length in the {where}. Amplitudes are shares of the clip's "
        "peak, which is given in dB relative to full scale."
    )
    return embed(figures.draw_examples(data), "A waveform of each class.", says)
