"""How the clips of a study are divided: classes, segments and groups in each part of each split."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from studies.scale import Scale
from studies.study import Study
from studies.tasks import protocols_of
from trainables.configuration import Configuration
from trainables.data.items import PARTS
from trainables.data.splitting import Divisions, divided_by, segmentation

CLIPS, SEGMENTS = "clips", "segments"

Parts = Mapping[str, np.ndarray]


def splits(study: Study, scale: Scale, divisions: Divisions, labels: list[str]) -> list[dict[str, Any]]:
    """Every split that confirm uses (of the first fold, where there are several), with the arms that share it.

    Those of the first arm come first, in the order of the protocols.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    for protocol in protocols_of(study):
        folds = scale.folds_of(protocol)
        alike: dict[str, dict[str, Configuration]] = {}
        for arm in study.arms:
            configuration = study.configured(arm, {"protocol": protocol, "folds": folds})
            alike.setdefault(divided_by(configuration), {})[arm.name] = configuration
        cards = ({"protocol": protocol, **counted(divisions, labels, arms)} for arms in alike.values())
        found += enumerate(cards)
    return [card for _, card in sorted(found, key=lambda numbered: numbered[0])]


def counted(divisions: Divisions, labels: list[str], arms: Mapping[str, Configuration]) -> dict[str, Any]:
    """What lies in each part of the split of some arms: clips (or segments) of each class, segments, and groups."""
    division = divisions.of(next(iter(arms.values())))
    table, parts = division.table, {part: getattr(division.split, part) for part in PARTS}
    if division.by_segment:
        segments = {part: [len(rows)] for part, rows in parts.items()}
    else:
        segments = segment_counts(divisions, parts, arms.values())
    return {
        "arms": list(arms),
        "unit": SEGMENTS if division.by_segment else CLIPS,
        "classes": {part: class_counts(table, labels, rows) for part, rows in parts.items()},
        "segments": segments,
        "sets": group_sets(table, parts),
    }


def class_counts(table: pd.DataFrame, labels: list[str], rows: np.ndarray) -> list[int]:
    counts = table["label"].iloc[rows].value_counts()
    return [int(counts.get(label, 0)) for label in labels]


def segment_counts(divisions: Divisions, parts: Parts, configurations: Iterable[Configuration]) -> dict[str, list[int]]:
    """For each part the different numbers of segments that configurations cut its clips into, ascending."""
    different = {segmentation(configuration): configuration for configuration in configurations}
    clips = len(divisions.store.clips)
    each = [np.bincount(divisions.segments(c).clip, minlength=clips) for c in different.values()]
    return {part: sorted({int(counts[rows].sum()) for counts in each}) for part, rows in parts.items()}


def group_sets(table: pd.DataFrame, parts: Parts) -> list[dict[str, Any]]:
    """For each set of parts that some groups lie in: these parts, the groups, and their rows in each part."""
    codes, names = pd.factorize(table["group"])
    counts = np.stack([np.bincount(codes[rows], minlength=len(names)) for rows in parts.values()])
    used = counts[:, counts.any(axis=0)]
    patterns, place = np.unique(used > 0, axis=1, return_inverse=True)
    found = []
    for number, pattern in enumerate(patterns.T):
        alike = used[:, place.ravel() == number]
        sizes = dict(zip(parts, alike.sum(axis=1).tolist(), strict=True))
        lie_in = [part for part, there in zip(parts, pattern, strict=True) if there]
        found.append({"parts": lie_in, "groups": alike.shape[1], "items": sizes})
    return found
