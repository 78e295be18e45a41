"""Slaney's mel filter bank, to the last bit as librosa makes it (`htk=False`, `norm="slaney"`), with no band empty.

librosa's own would have each worker import numba and scipy.signal, .9 s and 110 MB. Not torchaudio's `melscale_fbanks`:
it computes in single precision and rounds half the rate down for its last bin, by which all bins are moved where the
rate or the frame is odd.
"""

import numpy as np

from trainables.errors import InvalidSetting

# Slaney's scale: linear below the break, 27 mels to a factor of 6.4 above it.
BREAK_HERTZ, HERTZ_PER_MEL, LOG_STEP = 1000.0, 200.0 / 3, np.log(6.4) / 27
BREAK_MELS = BREAK_HERTZ / HERTZ_PER_MEL


def to_mels(hertz: np.ndarray) -> np.ndarray:
    above = BREAK_MELS + np.log(np.maximum(hertz, BREAK_HERTZ) / BREAK_HERTZ) / LOG_STEP
    return np.where(hertz < BREAK_HERTZ, hertz / HERTZ_PER_MEL, above)


def to_hertz(mels: np.ndarray) -> np.ndarray:
    above = BREAK_HERTZ * np.exp(LOG_STEP * np.maximum(mels - BREAK_MELS, 0.0))
    return np.where(mels < BREAK_MELS, mels * HERTZ_PER_MEL, above)


def band_edges(bands: int, low: float, high: float) -> np.ndarray:
    """The `bands` + 2 frequencies, in Hz, at which the triangles start, peak and end; equally spaced in mels."""
    first, last = to_mels(np.array([low, high]))
    return to_hertz(np.linspace(first, last, bands + 2))


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
    edges, bins = band_edges(bands, low, high), bin_frequencies(rate, frame)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    heights = 2.0 / (edges[2:] - edges[:-2])
    return np.maximum(0.0, np.minimum(rising, falling)) * heights[:, None]
