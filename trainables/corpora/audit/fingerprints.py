"""Fingerprints: how the timbre of a clip moves, to find the same recording in other files (B2, B6)."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.fft import dct, rfft

from trainables.frontends.filterbank import mel_filterbank

FRAME_SECONDS = 0.046
HEARD_SECONDS = 30.0
BANDS, COEFFICIENTS = 40, 20
FLOOR = 1e-4
"""Of the power of the loudest band: what lies 40 dB below it is where copies differ (noise, lossy coding)."""
WAVEFORM_RATE = 11_025


@dataclass
class Fingerprints:
    """MFCC trajectories of the clips of a table in packed audio at `rate` Hz, each computed when first asked for.

    Frames of about 46 ms, one after another, of the first 30 s; Hann window, Slaney's mel bands, no zeroth coefficient,
    so that a copy at another level has the same trajectory.
    """

    audio: np.ndarray
    rate: int
    clips: pd.DataFrame
    known: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)

    def over(self, clips: pd.DataFrame) -> "Fingerprints":
        """The same for another table of the same audio; what one has computed both know."""
        return replace(self, clips=clips)

    @cached_property
    def frame(self) -> int:
        return int(2 ** round(np.log2(self.rate * FRAME_SECONDS)))

    @cached_property
    def _bands(self) -> np.ndarray:
        return mel_filterbank(self.rate, self.frame, BANDS, 0.0, self.rate / 2).astype(np.float32).T

    @cached_property
    def _spans(self) -> np.ndarray:
        return self.clips[["start", "length"]].to_numpy(np.int64)

    def samples(self, row: int) -> np.ndarray:
        """The samples of a clip, float32, as far as they are heard."""
        start, length = self._spans[row]
        return np.asarray(self.audio[start : start + min(length, int(HEARD_SECONDS * self.rate))], np.float32)

    def trajectory(self, row: int) -> np.ndarray:
        """MFCCs 1 to 20 of a clip, shape (20, frames)."""
        start, length = map(int, self._spans[row])
        if (start, length) not in self.known:
            self.known[start, length] = self._computed(self.samples(row))
        return self.known[start, length]

    def _computed(self, samples: np.ndarray) -> np.ndarray:
        count = max(len(samples) // self.frame, 1)
        frames = np.resize(np.pad(samples, (0, self.frame)), (count, self.frame))
        power = np.square(np.abs(rfft(frames * np.hanning(self.frame).astype(np.float32), axis=1))) @ self._bands
        level = np.log(np.maximum(power, max(FLOOR * power.max(), 1e-6)))
        return np.asarray(dct(level, norm="ortho", axis=1)[:, 1 : COEFFICIENTS + 1].T, np.float32)

    def waveform(self, row: int) -> np.ndarray:
        """The samples of a clip at about 11 kHz, shape (1, time): what is left of the highest tones does not count."""
        step = max(self.rate // WAVEFORM_RATE, 1)
        samples = self.samples(row)
        # A product with a vector, because means of a few samples each are slow.
        return (samples[: len(samples) // step * step].reshape(-1, step) @ np.full(step, 1 / step, np.float32))[None]


def summary(trajectory: np.ndarray) -> np.ndarray:
    """Mean and standard deviation over time of a trajectory (coefficients, frames), shape (2 * coefficients,)."""
    return np.concatenate([trajectory.mean(axis=1), trajectory.std(axis=1)])
