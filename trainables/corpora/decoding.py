"""Audio files to mono int16 samples, several at a time."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
import soxr

from trainables.errors import UserError

FULL_SCALE = 32768
BATCH = 64

Item = TypeVar("Item")
Result = TypeVar("Result")


class Undecodable(UserError):
    """A file that holds no audio that can be used."""


def decode(path: Path, rate: int) -> np.ndarray:
    """The samples of an audio file at `rate` Hz: channels averaged, resampled by soxr (HQ), int16, shape (N,).

    The length is that of the decoded samples: the header of an MP3 file may promise more. Raises Undecodable.
    """
    return as_packed(*read(path), rate)


def read(path: Path) -> tuple[np.ndarray, int]:
    """The mean of the channels, float32 of -1..1, shape (N,), and the rate in Hz; raises Undecodable."""
    try:
        return _read(path)
    except (soundfile.LibsndfileError, ValueError) as error:
        raise Undecodable(f"is not audio that can be decoded{reason(error)}") from error


def as_packed(mono: np.ndarray, own_rate: int, rate: int) -> np.ndarray:
    """The samples of a recording (N,) of -1..1 as they are packed: at `rate` Hz by soxr, int16.

    The recording is used up. Raises Undecodable.
    """
    if own_rate != rate:
        mono = soxr.resample(mono, own_rate, rate, quality="HQ")
    # Files of floating-point numbers can hold them; one would make all features of its clip, and a network, NaN.
    if not np.isfinite([mono.min(initial=0), mono.max(initial=0)]).all():
        raise Undecodable("holds samples that are no numbers")
    mono *= FULL_SCALE
    samples = _rounded(mono)
    if not np.count_nonzero(samples):
        raise Undecodable("holds no sound" if len(samples) else "holds no samples")
    return samples


def reason(error: Exception) -> str:
    """What libsndfile says of a file, in brackets; of bytes that are nothing it knows it says that there is no file."""
    words = str(getattr(error, "error_string", error)).rstrip(".")
    return "" if words.startswith("File does not exist") else f" ({words})"


def _read(path: Path) -> tuple[np.ndarray, int]:
    """The mean of the channels, float32 of -1..1, shape (N,), and the rate in Hz.

    Integers are asked for only where the file holds them: libsndfile lets an MP3 that exceeds full scale wrap around.
    """
    with soundfile.SoundFile(path) as file:
        whole = file.subtype == "PCM_16"
        channels = file.read(dtype="int16" if whole else "float32", always_2d=True).T
        rate = file.samplerate
    # Channel by channel: a mean over the short axis of an array takes longer than the decoding.
    mono = sum(channels[1:], channels[0].astype(np.float32, copy=False))
    if whole or len(channels) > 1:
        mono /= np.float32(len(channels) * (FULL_SCALE if whole else 1))
    return mono, rate


def to_int16(samples: np.ndarray) -> np.ndarray:
    """Samples of -1..1 as int16, those beyond clipped."""
    return _rounded(samples * FULL_SCALE)


def _rounded(scaled: np.ndarray) -> np.ndarray:
    """Samples of -32768..32767 as int16, those beyond clipped; what they are given in is used up."""
    np.rint(scaled, out=scaled)
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1, out=scaled).astype(np.int16)


def in_parallel(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """`function` of each item, in order, by one thread a core; at most BATCH results are held in memory.

    Threads serve: libsndfile, LAME and soxr work with Python's lock released.
    """
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as threads:
        for first in range(0, len(items), BATCH):
            yield from threads.map(function, items[first : first + BATCH])
