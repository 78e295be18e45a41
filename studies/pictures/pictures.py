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
LENGTHS = 40
"""Ranges of lengths, all equally wide."""


def write_pictures(directory: Path, study: Study, scale: Scale, store: Store) -> None:
    """Write pictures.json, unless it is there."""
    path = directory / PICTURES
    if not path.exists():
        # On one line: indented, every number would have a line of its own.
        files.replace(path, json.dumps(pictures(study, scale, store), separators=(",", ":")).encode())


def pictures(study: Study, scale: Scale, store: Store) -> dict[str, Any]:
    """Classes of the official parts, lengths, classes and groups of each split, inputs, augmentations, and waveforms.

    Clips are taken from the split of the first arm as printed; a study without arms has its whole corpus counted.
    """
    labels = all_labels(store, study.corpus)
    of_corpus = {"labels": labels, "official": official(store, labels), "lengths": lengths(store)}
    if not study.arms:
        everything = np.arange(len(store.clips))
        counts = {"unit": CLIPS, "classes": {"corpus": class_counts(store.clips, labels, everything)}}
        return {**of_corpus, "splits": [counts], "waveforms": waveforms(store, labels, everything)}
    divisions, first = Divisions(store), study.printed(study.arms[0])
    tested = divisions.of(first).clips_of("test")
    return {
        **of_corpus,
        "splits": splits(study, scale, divisions, labels),
        "inputs": inputs(study, store, int(tested[0])),
        "augmented": augmented(study, store, divisions.of(first).clips_of("train")),
        "waveforms": waveforms(store, labels, tested),
    }


def all_labels(store: Store, corpus: str) -> list[str]:
    """All classes of a corpus, also those that this copy lacks."""
    known = CORPORA[corpus].classes
    return [*known, *(label for label in store.labels if label not in known)]


def official(store: Store, labels: list[str]) -> dict[str, list[int]]:
    """The clips of each class in each part that the corpus was published in; {} for one without parts."""
    if "part" not in store.clips:
        return {}
    parts = store.clips["part"].to_numpy(str)
    return {
        part: class_counts(store.clips, labels, np.flatnonzero(parts == part)) for part in np.unique(parts).tolist()
    }


def lengths(store: Store) -> dict[str, Any]:
    """The lengths of all clips in s: the extremes, and the `counts` between the `edges` of ranges."""
    seconds = store.clips["length"].to_numpy() / store.rate
    counts, edges = np.histogram(seconds, LENGTHS)
    extremes = {"shortest": round(float(seconds.min()), 4), "longest": round(float(seconds.max()), 4)}
    return {**extremes, "edges": edges.round(4).tolist(), "counts": counts.tolist()}


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
