"""What a trial trains on, selects by and is tested on: segments, the items they are scored as, and their labels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.data.aggregation import EACH_SEGMENT
from trainables.data.segments import Segments
from trainables.data.splitting import Division
from trainables.errors import InvalidSetting, checked

PARTS = ("train", "validation", "test")
EXCERPTS = "excerpts"
"""The published test excerpts, which are no part of a split; see `Corpus.excerpts`."""
OF_PARTS, OF_CORPUS = "parts", "corpus"
OUTPUTS = (OF_PARTS, OF_CORPUS)
"""Whose classes a network has outputs for."""


@dataclass(frozen=True)
class Items:
    """One part of a split.

    `rows` are segments, `item` is for each of them the place of what it is scored as: its clip, or itself. `table`
    has one row an item, with what the table of clips says of its clip.
    """

    rows: np.ndarray
    item: np.ndarray
    table: pd.DataFrame


def items_of(division: Division, configuration: Configuration) -> dict[str, Items]:
    segments, parts = division.segments, {name: getattr(division.split, name) for name in PARTS}
    if division.by_segment:
        return {name: _each_alone(division, rows) for name, rows in parts.items()}
    if configuration["aggregation"] == EACH_SEGMENT:
        return {name: _each_alone(division, segments.of(clips)[0]) for name, clips in parts.items()}
    return {name: Items(*segments.of(clips), division.clips.iloc[clips]) for name, clips in parts.items()}


def excerpts_in(division: Division, segments: Segments) -> Items:
    """The published test excerpts as items, whatever the trial's own items are: labels are those of an excerpt."""
    clips = np.unique(segments.clip)
    return Items(*segments.of(clips), division.clips.iloc[clips])


def _each_alone(division: Division, rows: np.ndarray) -> Items:
    """Segments that are scored one by one, named after their clip and their number in it."""
    clips = division.segments.clip[rows]
    number = rows - np.searchsorted(division.segments.clip, clips)
    table = division.clips.iloc[clips]
    several = len(division.segments.clip) > len(division.clips)
    names = [f"{clip}#{place}" for clip, place in zip(table["clip"], number, strict=True)]
    return Items(rows, np.arange(len(rows)), table.assign(clip=names) if several else table)


def classes_of(division: Division, configuration: Configuration) -> np.ndarray:
    """The classes of all three parts, in alphabetical order: a trial's network has an output for each.

    A class that is tested and never trained on is a class all the same: the network has to be wrong about it. With
    `outputs` "corpus" all classes that the corpus is known to have are, as in S3, whose networks have eleven outputs
    where ten families are trained on (X14). Raises InvalidSetting where it has none but those of its files.
    """
    rows = np.concatenate([getattr(division.split, name) for name in PARTS])
    found = np.sort(division.table["label"].iloc[rows].unique().astype(str))
    return np.union1d(found, known_classes(configuration)) if configuration["outputs"] == OF_CORPUS else found


def known_classes(configuration: Configuration) -> list[str]:
    corpus = configuration["corpus"]
    if configuration["labelled_by"] or not CORPORA[corpus].classes:
        raise InvalidSetting(
            f"outputs is '{OF_CORPUS}', and only the files of {corpus} say its classes: set it to '{OF_PARTS}'."
        )
    return list(CORPORA[corpus].classes)


def check_outputs(name: str) -> None:
    checked("outputs", name, OUTPUTS)


def labels_in(table: pd.DataFrame) -> list[list[str]]:
    """The labels of each item: all that its clip is annotated with."""
    return [str(labels).split("|") for labels in table["labels" if "labels" in table else "label"]]


def targets(part: Items, classes: np.ndarray, *, columns: bool, device: torch.device) -> Tensor:
    """Labels of the segments of a part: class numbers (segments,), or 0 and 1 in a column per class."""
    if not columns:
        numbers = np.searchsorted(classes, part.table["label"].to_numpy(str))
        return torch.as_tensor(numbers[part.item], device=device)
    return torch.as_tensor(indicators(part.table, classes)[part.item], dtype=torch.float32, device=device)


def indicators(table: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
    """Whether each class is among the labels of each item (items, classes)."""
    return np.array([np.isin(classes, each) for each in labels_in(table)], dtype=bool).reshape(-1, len(classes))
