"""Pictures of a study's data, thinned to what a screen shows: a report draws them without the recordings or torch."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from analysis.runs import PICTURES
from studies.pictures.inputs import augmented, built, inputs, sound
from studies.pictures.split_pictures import CLIPS, class_counts, splits
from studies.scale import Scale
from studies.study import Study
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.splitting import Divisions
from trainables.frontends.describing import Axes
from trainables.storage import files

SMALL, MOST_WAVEFORMS = 120, 24
"""Columns of the waveforms of single classes, and how many classes have one."""
KERNEL_FRAMES = 200


def write_pictures(directory: Path, study: Study, scale: Scale, store: Store) -> None:
    """Write pictures.json, unless it is there."""
    path = directory / PICTURES
    if not path.exists():
        # On one line: indented, every number would have a line of its own.
        files.replace(path, json.dumps(pictures(study, scale, store), separators=(",", ":")).encode())


def pictures(study: Study, scale: Scale, store: Store) -> dict[str, Any]:
    """Classes and groups of each split, inputs, augmentations, and a waveform of each class.

    Clips are taken from the split of the first arm as printed; a study without arms has its whole corpus counted.
    """
    labels = all_labels(store, study.corpus)
    if not study.arms:
        everything = np.arange(len(store.clips))
        counts = {"unit": CLIPS, "classes": {"corpus": class_counts(store.clips, labels, everything)}}
        return {"labels": labels, "splits": [counts], "waveforms": waveforms(store, labels, everything)}
    divisions, first = Divisions(store), study.printed(study.arms[0])
    tested = divisions.of(first).clips_of("test")
    return {
        "labels": labels,
        "splits": splits(study, scale, divisions, labels),
        "inputs": inputs(study, store, int(tested[0])),
        "augmented": augmented(study, store, divisions.of(first).clips_of("train")),
        "waveforms": waveforms(store, labels, tested),
    }


def all_labels(store: Store, corpus: str) -> list[str]:
    """All classes of a corpus, also those that this copy lacks."""
    known = CORPORA[corpus].classes
    return [*known, *(label for label in store.labels if label not in known)]


def waveforms(store: Store, labels: list[str], rows: np.ndarray) -> dict[str, Any]:
    """For each of the first classes the clip of middle length among the rows, as a waveform scaled to its peak."""
    clips = store.clips[["label", "length"]].iloc[rows].assign(row=rows).sort_values("length", kind="stable")
    of_class = {label: clips["row"].to_numpy()[clips["label"] == label] for label in labels}
    chosen = [int(each[len(each) // 2]) for each in of_class.values() if len(each)]
    return {"classes": len(chosen), "clips": [at_peak(sound(store, row, SMALL)) for row in chosen[:MOST_WAVEFORMS]]}


def at_peak(clip: dict[str, Any]) -> dict[str, Any]:
    """A waveform as shares of its peak, with that peak."""
    peak = max([abs(value) for value in clip["low"] + clip["high"]], default=0.0)
    ends = {name: [round(value / peak, 2) if peak else 0.0 for value in clip[name]] for name in ("low", "high")}
    return {**clip, "peak": peak, **ends}


def example(store: Store, configuration: Configuration) -> dict[str, Any]:
    """The features of the first test clip, to draw kernels over; {} for a front end whose rows are not frequencies."""
    features = built(store, configuration)
    axes: Axes = features.front_end.axes  # type: ignore[assignment]
    if axes.hertz is None or features.shape[1] == 1:
        return {}
    clip = int(Divisions(store).of(configuration).clips_of("test")[0])
    rows, _ = features.segments.of(np.array([clip]))
    values = features.rows(rows[:1])[0, 0, :, :KERNEL_FRAMES].double().numpy().round(2)
    return {
        "clip": store.clips["clip"].iloc[clip],
        "label": store.clips["label"].iloc[clip],
        "step": axes.step,
        "hertz": axes.hertz[0].round(1).tolist(),
        "values": values.tolist(),
    }
