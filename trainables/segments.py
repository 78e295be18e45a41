"""Segments: which samples of each clip a trial hears, as indices only."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trainables.errors import InvalidSetting
from trainables.registry import Registry

SEGMENTATIONS = Registry("segmentation")


@dataclass(frozen=True)
class Segments:
    """Where each segment starts in the packed audio, how many of its samples exist, and how long it shall be.

    `clip` indexes the table of clips, `start` and `available` count samples, `samples` is the common length: what is
    not available is padded with zeros at the end.
    """

    clip: np.ndarray
    start: np.ndarray
    available: np.ndarray
    samples: int


@SEGMENTATIONS("S4-S2")
def onset(clips: pd.DataFrame, rate: int, *, seconds: float = 1.0) -> Segments:
    """One segment a clip, from the steepest rise of its power (the corpus measures `onset`, in samples).

    A clip with less than `seconds` left after its onset has its window pulled back to end with the clip; one that is
    shorter than `seconds` altogether is heard whole and padded.
    """
    samples = round(seconds * rate)
    if samples < 1:
        raise InvalidSetting(f"seconds is {seconds}: a segment needs at least one sample.")
    length = clips["length"].to_numpy(np.int64)
    start = np.minimum(clips["onset"].to_numpy(np.int64), np.maximum(length - samples, 0))
    available = np.minimum(length - start, samples)
    return Segments(np.arange(len(clips)), clips["start"].to_numpy(np.int64) + start, available, samples)
