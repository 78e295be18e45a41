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
    try:
        # As float: libsndfile lets an MP3 that exceeds full scale wrap around when asked for integers.
        samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, ValueError) as error:
        reason = getattr(error, "error_string", str(error)).rstrip(".")
        raise Undecodable(f"cannot be decoded ({reason})") from error
    mono = samples.mean(axis=1)
    if own_rate != rate:
        mono = soxr.resample(mono, own_rate, rate, quality="HQ")
    if not np.any(mono):
        raise Undecodable("holds no sound" if len(mono) else "holds no samples")
    return to_int16(mono)


def to_int16(samples: np.ndarray) -> np.ndarray:
    """Samples of -1..1 as int16, those beyond clipped."""
    return np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def in_parallel(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """`function` of each item, in order, by one thread a core; at most BATCH results are held in memory.

    Threads serve: libsndfile, LAME and soxr work with Python's lock released.
    """
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as threads:
        for first in range(0, len(items), BATCH):
            yield from threads.map(function, items[first : first + BATCH])
