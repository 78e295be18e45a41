"""Segments: which samples of each clip a trial is given, as indices only."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from trainables.errors import InvalidSetting
from trainables.registry import Registry

SEGMENTATIONS = Registry("segmentation")


@dataclass(frozen=True)
class Segments:
    """Where each segment starts in the packed audio, how many of its samples exist, and how long it shall be.

    `clip` indexes the table of clips and ascends, `start` and `available` count samples, `samples` is the common
    length: what is not available is padded with zeros at the end. No segment reaches into another clip.
    """

    clip: np.ndarray
    start: np.ndarray
    available: np.ndarray
    samples: int

    def of(self, clips: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows of the segments of the given clips, and for each of them the place of its clip in `clips`.

        Clips in the order given, the segments of each in time.
        """
        first = np.searchsorted(self.clip, clips, side="left")
        counts = np.searchsorted(self.clip, clips, side="right") - first
        item = np.repeat(np.arange(len(clips)), counts)
        before = np.cumsum(counts) - counts
        return first[item] + np.arange(len(item)) - before[item], item

    def of_rows(self, rows: np.ndarray) -> "Segments":
        """The same segments where the clips are those `rows`, which ascend, of a larger table of clips."""
        return replace(self, clip=rows[self.clip])

    def waveforms(self, audio: Tensor, rows: np.ndarray) -> Tensor:
        """Waveforms (rows, samples), float32 in [-1, 1), of the given segments of `audio`, on the device of that.

        `audio` (all samples of the store, int16) is read at the segments' indices: no segment is ever stored apart.
        """
        start, available = (
            torch.as_tensor(values[rows], device=audio.device)[:, None] for values in (self.start, self.available)
        )
        offsets = torch.arange(self.samples, device=audio.device)
        samples = audio[(start + offsets).clamp_max(len(audio) - 1)]
        return torch.where(offsets < available, samples, 0).float() / 32768


def audio_on(audio: np.ndarray, device: torch.device | str) -> Tensor:
    """All samples of a store, int16, moved to `device` once; a processor gets the memory-mapped file itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(audio).to(device)


@SEGMENTATIONS("S4-S2")
def onset(clips: pd.DataFrame, rate: int, *, seconds: float = 1.0) -> Segments:
    """One segment a clip, from the steepest rise of its power (the corpus measures `onset`, in samples).

    A clip with less than `seconds` left after its onset has its window pulled back to end with the clip; one that is
    shorter than `seconds` altogether is used whole and padded.
    """
    samples = sample_count(seconds, rate)
    length = clips["length"].to_numpy(np.int64)
    start = np.minimum(clips["onset"].to_numpy(np.int64), np.maximum(length - samples, 0))
    available = np.minimum(length - start, samples)
    return Segments(np.arange(len(clips)), clips["start"].to_numpy(np.int64) + start, available, samples)


@SEGMENTATIONS("S0-S4", "S2-S1", "S3-S1")
def whole(clips: pd.DataFrame, rate: int) -> Segments:
    """One segment a clip: all of it, padded to the length of the longest clip."""
    start, length = starts_and_lengths(clips)
    return Segments(np.arange(len(clips)), start, length, int(length.max()))


@SEGMENTATIONS("S0-S4")
def windows(clips: pd.DataFrame, rate: int, *, seconds: float = 0.3, segment_hop: float = 0.0) -> Segments:
    """Windows of `seconds`, one every `segment_hop` seconds (0: one after another) from the start of each clip.

    Where the last window would reach beyond its clip, it is pulled back to end with it, so that (with a hop of at most
    a window) every sample of a clip is used. A clip shorter than a window is used whole and padded.
    """
    samples = sample_count(seconds, rate)
    if segment_hop < 0 or (segment_hop > 0 and round(segment_hop * rate) < 1):
        raise InvalidSetting(
            f"segment_hop is {segment_hop}: it must be at least one sample, or 0 for windows one after another."
        )
    hop = round(segment_hop * rate) or samples
    start, length = starts_and_lengths(clips)
    latest = np.maximum(length - samples, 0)
    clip, step = numbered(1 + -(-latest // hop))
    offset = np.minimum(step * hop, latest[clip])
    return Segments(clip, start[clip] + offset, np.minimum(length[clip] - offset, samples), samples)


@SEGMENTATIONS("S2-S1")
def parts(clips: pd.DataFrame, rate: int, *, count: int = 10) -> Segments:
    """Each clip cut into `count` equal parts, then all parts brought to one length.

    That is the length of a part of the median clip: longer parts lose their end, shorter ones are padded, so that one
    clip that is far too short or too long does not change the others.
    """
    start, length = starts_and_lengths(clips)
    if not 1 <= count <= length.min():
        raise InvalidSetting(
            f"count is {count}: clips can be cut into 1 to {length.min()} parts, the samples of the shortest clip."
        )
    clip, part = numbered(np.full(len(clips), count))
    first, end = part * length[clip] // count, (part + 1) * length[clip] // count
    samples = int(np.median(length)) // count
    return Segments(clip, start[clip] + first, np.minimum(end - first, samples), samples)


def sample_count(seconds: float, rate: int) -> int:
    """The samples of a segment of `seconds`; raises InvalidSetting if there is none."""
    samples = round(seconds * rate)
    if samples < 1:
        raise InvalidSetting(f"seconds is {seconds}: a segment needs at least one sample.")
    return samples


def starts_and_lengths(clips: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Where each clip starts in the packed audio and how long it is, in samples."""
    return clips["start"].to_numpy(np.int64), clips["length"].to_numpy(np.int64)


def numbered(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For `counts` segments of each clip: the clip of each segment, and its number within the clip from 0."""
    clip = np.repeat(np.arange(len(counts)), counts)
    return clip, np.arange(len(clip)) - (np.cumsum(counts) - counts)[clip]
