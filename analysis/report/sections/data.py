"""The section of a run's report that shows its data: classes, splits, and what networks are given of a clip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.figures.classes import classes_data, histogram
from analysis.figures.features import (
    augmented,
    augmented_data,
    features_data,
    features_of,
)
from analysis.figures.pipeline import Pipeline, pipeline_data
from analysis.figures.sound import cut, cut_data, examples_data, waveforms
from analysis.figures.splitmap import SplitMap, some, split_map, split_maps_data
from analysis.report.embed import Embed, Embedded
from analysis.report.sections.section import Section
from analysis.results import Results


@dataclass(frozen=True)
class Input:
    """One kind of input: its diagram, a clip with its segments, and the features of one of them."""

    pipeline: Pipeline
    title: str
    clip: Embedded
    features: Embedded


@dataclass(frozen=True)
class DataSection(Section):
    """The pictures that the launch stored; what a study does not have is empty.

    The `first` splits, one for each protocol, are those of the first arm.
    """

    id: ClassVar[str] = "data"
    title: ClassVar[str] = "The data"

    data: Mapping[str, Any]
    first: int
    classes: tuple[Embedded, ...]
    maps: tuple[Embedded, ...]
    splits: Sequence[SplitMap]
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
            tuple(embed(histogram(data)) for data in classes_data(pictures)),
            tuple(embed(split_map(data)) for data in maps),
            maps,
            tuple(one_input(found, tuned, embed) for found in pictures.get("inputs", ())),
            tuple(embed(augmented(data)) for data in augmented_data(pictures)),
            embed(waveforms(examples, "test part" if maps else "corpus")) if examples.sounds else None,
        )


def one_input(found: Mapping[str, Any], tuned: Mapping[str, str], embed: Embed) -> Input:
    """A kind of input, with the clip that goes through it."""
    pipeline, shown = pipeline_data(found, tuned), cut_data(found)
    features = features_data(found["features"])
    return Input(pipeline, some(pipeline.arms), embed(cut(shown)), embed(features_of(features, shown)))
