"""Slaney's mel filter bank, as librosa makes it (`htk=False`, `norm="slaney"`), of which no band may be empty.

Not torchaudio's `melscale_fbanks`: it computes in single precision and rounds half the rate down for its last bin, by
which all bins are moved where the rate or the frame is odd.
"""

import librosa
import numpy as np

from trainables.errors import InvalidSetting


def band_edges(bands: int, low: float, high: float) -> np.ndarray:
    """The `bands` + 2 frequencies, in Hz, at which the triangles start, peak and end; equally spaced in mels."""
    return np.asarray(librosa.mel_frequencies(bands + 2, fmin=low, fmax=high))


def bin_frequencies(rate: int, frame: int) -> np.ndarray:
    """The frequencies, in Hz, of the frame // 2 + 1 bins of a real transform."""
    return np.fft.rfftfreq(frame, 1.0 / rate)


def has_empty_band(rate: int, frame: int, bands: int, low: float, high: float) -> bool:
    """Whether some triangle lies between two neighbouring bins and so would always be zero."""
    edges, bins = band_edges(bands, low, high), bin_frequencies(rate, frame)
    first = np.searchsorted(bins, edges[:-2], side="right")
    last = np.searchsorted(bins, edges[2:], side="left")
    return bool((last <= first).any())


def most_bands(rate: int, frame: int, limit: int, low: float, high: float) -> int:
    """The largest number of bands up to `limit` of which none is empty; 0 if there is none."""
    most = min(limit, frame + 2)  # a bin lies in two bands at most
    return next((n for n in range(most, 0, -1) if not has_empty_band(rate, frame, n, low, high)), 0)


def mel_filterbank(rate: int, frame: int, bands: int, low: float, high: float) -> np.ndarray:
    """Triangles of equal area, (bands, frame // 2 + 1), float64.

    Raises InvalidSetting, naming the largest number that works, if a band would be empty.
    """
    if has_empty_band(rate, frame, bands, low, high):
        most = most_bands(rate, frame, bands, low, high)
        mend = f"set bands to {most} or fewer" if most else "set a longer frame"
        raise InvalidSetting(
            f"bands is {bands}: with frames of {frame} samples at {rate} Hz some mel bands would be empty; {mend}."
        )
    filters = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=bands, fmin=low, fmax=high, dtype=np.float64)
    return np.asarray(filters)
