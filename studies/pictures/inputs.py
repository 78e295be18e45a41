"""What networks are given: the steps from a clip to its features, and one clip on its way through them."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studies.pictures.downsampling import envelope, matrix, means
from studies.study import Study
from trainables.augmentation.chain import chain
from trainables.augmentation.draws import stream
from trainables.configuration import Configuration
from trainables.corpora.store import Store
from trainables.data.features import Features, build, feature_settings
from trainables.data.segments import SEGMENTATIONS, Segments
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import Axes, Step
from trainables.resolving import resolve

COLUMNS, ROWS, FRAMES = 400, 128, 200
"""Most values of a waveform's envelope, and of a matrix of features."""
LEAST_ROWS, HALF = 48, ROWS // 2
MOST_BORDERS = 200
MIXED_CLASSES = 8

Kinds = dict[tuple[str, ...], dict[str, Configuration]]


def kinds(study: Study, *parts: str) -> Kinds:
    """The arms as printed, those with the same values of some settings together."""
    found: Kinds = {}
    for arm in study.arms:
        configuration = study.printed(arm)
        key = tuple(configuration[part] for part in parts)
        found.setdefault(key, {})[arm.name] = configuration
    return found


def inputs(study: Study, store: Store, clip: int) -> list[dict[str, Any]]:
    """Each kind of input that an arm as printed has: its steps, its shapes, and the clip in that row of the table."""
    groups = kinds(study, "segmentation", "front_end").values()
    return [
        {
            "arms": list(arms),
            "rate": store.rate,
            "steps": steps(list(arms.values())),
            "shapes": shapes(store, arms.values()),
            **clip_inputs(store, next(iter(arms.values())), clip),
        }
        for arms in groups
    ]


def steps(configurations: list[Configuration]) -> list[dict[str, Any]]:
    """The steps of configurations with the same parts: titles, and each parameter with the values that it takes."""
    first = configurations[0]
    segmentation, front_end = SEGMENTATIONS[first["segmentation"]], FRONT_ENDS[first["front_end"]]
    whole = (Step(front_end.name.replace("_", " "), tuple(front_end.parameters)),)
    found = [Step(f"Segments: {segmentation.name}", tuple(segmentation.parameters))]
    found += [Step("Augmentation, in training alone", ("augmentation",)), *front_end.about.get("steps", whole)]
    found += [Step("Added to the samples", ("side_features", "withheld"))]
    return [{"title": step.title, "parameters": values(configurations, step.parameters)} for step in found]


def values(configurations: Iterable[Configuration], names: Iterable[str]) -> dict[str, list[Any]]:
    """The different values of each setting, in the order of the configurations."""
    return {name: list(dict.fromkeys(each[name] for each in configurations)) for name in names}


def shapes(store: Store, configurations: Iterable[Configuration]) -> list[list[int]]:
    """The different shapes (channels, height, width) of the features of configurations."""
    different = {str(feature_settings(configuration)): configuration for configuration in configurations}
    found = (built(store, configuration).shape for configuration in different.values())
    return [list(shape) for shape in dict.fromkeys(found)]


def built(store: Store, configuration: Configuration) -> Features:
    """Segments and front end of a configuration, on the processor; nothing is computed yet."""
    return build(store, configuration, torch.device("cpu"))


def clip_inputs(store: Store, configuration: Configuration, clip: int) -> dict[str, Any]:
    """A clip with its segments, and the features of the loudest of them before they are normalised."""
    made = built(store, unnormalised(configuration))
    rows, _ = made.segments.of(np.array([clip]))
    loudest = loudest_of(store, made.segments, rows)
    starts = (made.segments.start[rows] - int(store.clips["start"].iloc[clip])) / store.rate
    waveforms = made.waveforms(rows[[loudest]])
    return {
        "clip": sound(store, clip),
        "segments": {
            "count": len(rows),
            "seconds": made.segments.samples / store.rate,
            "starts": starts[:MOST_BORDERS].round(4).tolist(),
            "shown": loudest,
            "start": round(float(starts[loudest]), 4),
        },
        "features": drawn(made.front_end, waveforms),
    }


def sound(store: Store, row: int, columns: int = COLUMNS) -> dict[str, Any]:
    """A clip's waveform, full scale 1, with its name and label."""
    samples = store.samples(row)
    named = {name: str(store.clips[name].iloc[row]) for name in ("clip", "label")}
    return {**named, "seconds": round(len(samples) / store.rate, 4), **envelope(samples / np.float32(32768), columns)}


def unnormalised(configuration: Configuration) -> Configuration:
    """The configuration with features in their own unit."""
    known = "normalise" in configuration.part("front_end")
    return resolve({**configuration.settings, "normalise": "none"}) if known else configuration


def loudest_of(store: Store, segments: Segments, rows: np.ndarray) -> int:
    """The place among the rows of the segment with the most energy."""
    spans = zip(segments.start[rows], segments.available[rows], strict=True)
    energies = [np.square(store.audio[start : start + length], dtype=np.float32).sum() for start, length in spans]
    return int(np.argmax(energies))


@torch.inference_mode()
def drawn(front_end: nn.Module, waveforms: Tensor, most: int = ROWS) -> dict[str, Any]:
    """The features of a waveform (1, samples): a matrix for each channel, or a curve where they have a single row.

    The matrix of a single channel has at most `most` rows; those of several share that between them.
    """
    features = front_end(waveforms)[0].double().numpy()
    axes: Axes = front_end.axes  # type: ignore[assignment]
    common = {"unit": axes.unit, "seconds": round(axes.step * features.shape[2], 4)}
    if features.shape[1] == 1:
        return {**common, **envelope(features[0, 0], COLUMNS)}
    rows = max(LEAST_ROWS, most // math.isqrt(len(features)))
    return {**common, "channels": [channel(axes, number, each, rows) for number, each in enumerate(features)]}


def channel(axes: Axes, number: int, values: np.ndarray, rows: int) -> dict[str, Any]:
    """One channel (height, width) with the centre of each row, in Hz or as the number of its coefficient."""
    centres = np.arange(len(values)) if axes.hertz is None else axes.hertz[number]
    return {
        "name": axes.names[number] if axes.names else "",
        "rows": "coefficient" if axes.hertz is None else "hertz",
        "centres": means(centres, rows, 0).round(1).tolist(),
        "values": matrix(values, rows, rows * FRAMES // ROWS),
    }


def augmented(study: Study, store: Store, train: np.ndarray) -> list[dict[str, Any]]:
    """For each augmentation of an arm as printed: a training segment before and after it; [] where none augments."""
    chains = {names: next(iter(arms.items())) for (names,), arms in kinds(study, "augmentation").items() if names}
    return [{"names": names, "arm": arm, **mixed(store, c, train)} for names, (arm, c) in chains.items()]


def mixed(store: Store, configuration: Configuration, train: np.ndarray) -> dict[str, Any]:
    """The first training clip before and after it was augmented in a batch of one clip each of several classes."""
    made = built(store, unnormalised(configuration))
    labels, first = np.unique(store.clips["label"].to_numpy(str)[train], return_index=True)
    order = np.argsort(first)[:MIXED_CLASSES]
    rows = np.array([loudest_row(store, made.segments, clip) for clip in train[first[order]]])
    before = made.waveforms(rows)
    augment = chain(configuration["augmentation"], store.rate, configuration.part("augmentation"))
    after, present = augment(before, torch.eye(len(rows)), stream(seed=0, epoch=0))
    heard_after = labels[order][present[0].numpy() > 0].tolist()
    return {
        "clip": str(store.clips["clip"].iloc[train[0]]),
        "parameters": configuration.part("augmentation"),
        "before": side(made, store.rate, before[:1], [str(labels[order][0])]),
        "after": side(made, store.rate, after[:1], heard_after),
    }


def loudest_row(store: Store, segments: Segments, clip: int) -> int:
    """The loudest segment of a clip, as a row of the segments."""
    rows, _ = segments.of(np.array([clip]))
    return int(rows[loudest_of(store, segments, rows)])


def side(made: Features, rate: int, waveform: Tensor, labels: list[str]) -> dict[str, Any]:
    samples = waveform[0].numpy()
    return {
        "labels": labels,
        "seconds": round(len(samples) / rate, 4),
        **envelope(samples, COLUMNS),
        "features": drawn(made.front_end, waveform, HALF),
    }
