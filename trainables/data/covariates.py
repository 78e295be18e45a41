"""What is known of test items beside the answers to them, for claims on what a right answer depends on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainables.corpora.store import Store
from trainables.data.trial_data import TrialData

Floats = NDArray[np.float64]
FRAME_SECONDS = 0.02
"""Of the envelope: two periods of 100 Hz."""


def covariates(data: TrialData) -> dict[str, Any]:
    """Columns, in the order of the test items: properties of the audio of each one's clip, and how known its class is.

    Amplitudes are relative to full scale. `root_mean_square` and `mean_absolute` are those of the samples (S3-F16),
    `crest` is the peak over the first, 1 for silence, and `envelope_deviation` the standard deviation of the root mean
    squares of frames of 20 ms (S3-F15). `class_trained_on` is how many training items are of the class (S3-F20).
    """
    table, store = data.items["test"].table, data.features.store
    clips = table.drop_duplicates("start")[["start", "length"]].itertuples(index=False)
    measured = {start: properties(waveform(store, start, length), store.rate) for start, length in clips}
    counts = data.items["train"].table["label"].value_counts()
    columns = {name: [measured[start][name] for start in table["start"]] for name in PROPERTIES}
    return {**columns, "class_trained_on": counts.reindex(table["label"]).fillna(0).astype(int).to_list()}


PROPERTIES = ("root_mean_square", "mean_absolute", "crest", "envelope_deviation")


def waveform(store: Store, start: int, length: int) -> Floats:
    """All samples of a clip, in [-1, 1)."""
    return store.audio[start : start + length].astype(np.float64) / 32768


def properties(samples: Floats, rate: int) -> dict[str, float]:
    """`PROPERTIES` of the samples of a clip; a last frame that is not whole is left out of the envelope."""
    power, size = samples**2, max(1, min(round(FRAME_SECONDS * rate), len(samples)))
    frames = power[: len(power) // size * size].reshape(-1, size)
    level, peak = float(np.sqrt(power.mean())), float(np.abs(samples).max())
    values = level, float(np.abs(samples).mean()), peak / level if level else 1.0, float(np.sqrt(frames.mean(1)).std())
    return dict(zip(PROPERTIES, values, strict=True))
