"""The section of a run's report that shows its data: classes, splits, and what networks are given of a clip."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.figures.classes import Classes, absent, classes_data, draw_classes, imbalance
from analysis.figures.features import (
    Augmented,
    Features,
    Image,
    augmented_data,
    draw_augmented,
    draw_features,
    features_data,
)
from analysis.figures.figure import Figure
from analysis.figures.pipeline import Pipeline, listed, pipeline_data, worded
from analysis.figures.sound import Cut, Examples, cut_data, draw_cut, draw_examples, examples_data
from analysis.figures.splitmap import SplitMap, draw_split_map, split_maps_data, words
from analysis.protocols import protocol_name
from analysis.report.embed import Embed, Embedded
from analysis.report.sections.section import Section
from analysis.results import Results
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
class Data(Section):
    """The pictures that the launch stored; what a study does not have is empty.

    The `first` splits, one for each protocol, are those of the first arm.
    """

    id: ClassVar[str] = "data"
    title: ClassVar[str] = "The data"

    data: Mapping[str, Any]
    first: int
    classes: tuple[Embedded, ...]
    maps: tuple[Embedded, ...]
    leaks: tuple[Leaks, ...]
    inputs: tuple[Input, ...]
    augmented: tuple[Embedded, ...]
    examples: Embedded | None

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a run directory without pictures."""
        run, pictures = results.run, results.run.pictures
        if not pictures:
            return None
        maps, examples = split_maps_data(pictures), examples_data(pictures)
        tuned = run.study["study"].get("tuned", {})
        return cls(
            *cls.drawn(results, embed),
            run.study["data"],
            len({data.protocol for data in maps}) or 1,
            tuple(embed(classes(data)) for data in classes_data(pictures)),
            tuple(embed(split_map(data)) for data in maps),
            tuple(leaks(data) for data in maps),
            tuple(one_input(found, tuned, embed) for found in pictures.get("inputs", ())),
            tuple(embed(augmented(data)) for data in augmented_data(pictures)),
            embed(waveforms(examples, "test part" if maps else "corpus")) if examples.sounds else None,
        )


def split_title(data: Classes | SplitMap) -> str:
    """The name of a split; of one that not all arms share, with its arms."""
    name = protocol_name(data.protocol).capitalize() if data.protocol else "The whole corpus"
    return name if data.shared else f"{name}: {some(data.arms)}"


def some(names: tuple[str, ...], most: int = SHOWN_ARMS) -> str:
    """The first names and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def classes(data: Classes) -> Figure:
    """The histogram of a split, with the ratio of its largest to its smallest class in each part."""
    ratios = [f"{part} {ratio(imbalance(counts))}" for part, counts in zip(data.parts, data.counts.T, strict=True)]
    missing = absent(data)
    says = [f"Number of {data.unit}; largest class to smallest that has any: {', '.join(ratios)}."]
    if (data.counts == 0).any():
        says.append("Cross: none.")
    if missing:
        says.append(f"In no part: {some(missing, SHOWN_CLASSES)}.")
    title = split_title(data)
    return Figure(draw_classes(data), f"{data.unit.capitalize()} of each class, {title}.", " ".join(says), title)


def ratio(value: float | None) -> str:
    """A ratio with two decimals."""
    return number(value, 2)


def split_map(data: SplitMap) -> Figure:
    """The map of a split."""
    title = split_title(data)
    label = f"Groups of {title} in each part: {data.leaking} of {data.groups} lie on both sides."
    return Figure(draw_split_map(data), label, words(data), title)


def leaks(data: SplitMap) -> Leaks:
    """The leak counter of a split."""
    return Leaks(split_title(data), data.leaking, data.groups, data.known, data.unit)


def one_input(found: Mapping[str, Any], tuned: Mapping[str, str], embed: Embed) -> Input:
    """A kind of input, with the clip that goes through it."""
    pipeline, cut = pipeline_data(found, tuned), cut_data(found)
    features = features_data(found["features"])
    return Input(pipeline, some(pipeline.arms), embed(clip(cut)), embed(features_of(features, cut)))


def clip(data: Cut) -> Figure:
    """The waveform of a clip with its segments."""
    sound = data.sound
    several = f"{data.segments:,} segments of {data.seconds:g} s; shaded: number {data.shown + 1}, the loudest"
    whole = f"Shaded: its segment, {data.seconds:g} s"
    padded = ", zeros after its end" if data.start + data.seconds > sound.seconds + 0.01 else ""
    says = f"{sound.clip}, {sound.seconds:.2f} s. {several if data.segments > 1 else whole}{padded}."
    return Figure(draw_cut(data), f"Waveform of a clip of {sound.label}.", says, f"One clip: {sound.label}")


def features_of(data: Features, cut: Cut) -> Figure:
    """The features of the shaded segment."""
    what = f"Features of the shaded segment ({cut.sound.label}), n = 1, before they are normalised"
    if len(data.images) > 1:
        says = f"{what}: {len(data.images)} spectrograms, each in {data.unit}. Across: windows in samples."
        return Figure(draw_features(data), f"All spectrograms of a segment of {cut.sound.label}.", says, "Its features")
    shown = f"Values: {data.unit}" + (f"; rows: {rows(data.images[0])}" if data.images else "")
    return Figure(
        draw_features(data), f"Features of a segment of {cut.sound.label}.", f"{what}. {shown}.", "Its features"
    )


def rows(image: Image) -> str:
    """What the rows of an image are, in words."""
    coefficients = "cepstral coefficients, of which the colours span those from 1 on"
    return coefficients if image.coefficients else "bands, at the frequencies of their centres"


def augmented(data: Augmented) -> Figure:
    """A training segment before and after an augmentation."""
    names = listed(data.names)
    settings = "; ".join(worded(name, value) for name, value in data.parameters.items())
    says = f"{data.clip}, a training segment, before and after {names} ({settings}); one draw, n = 1."
    return Figure(
        draw_augmented(data), f"A segment before and after {names}.", says, f"{names.capitalize()} ({data.arm})"
    )


def waveforms(data: Examples, where: str) -> Figure:
    """A waveform of each class."""
    shown = "" if len(data.sounds) == data.classes else f" of the first {len(data.sounds)} of {data.classes} classes"
    says = (
        f"One clip of each class{shown}: that of middle length in the {where}. Amplitudes are shares of the clip's "
        "peak, which is given in dB relative to full scale."
    )
    return Figure(draw_examples(data), "A waveform of each class.", says)
