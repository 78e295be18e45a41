"""How alike two signals are, whatever their shift and level (B2, B6, B7)."""

from collections.abc import Sequence

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

LEAST_OVERLAP, LEAST_HEARD = 0.5, 0.01
"""Shares: of the steps of the shorter of two signals, and of the energy of each."""


def largest_correlations(first: np.ndarray, others: Sequence[np.ndarray]) -> np.ndarray:
    """The largest normalised cross-correlation of one signal (rows, time) with each of some others, shape (others,).

    Each row counts with its mean taken off. Over all shifts at which two overlap by at least half of the shorter one;
    0..1, 0 where either does not move.
    """
    a, b = centred([first]), centred(others)
    length, lengths = a.shape[2], np.array([[other.shape[1]] for other in others])
    needed = np.ceil(LEAST_OVERLAP * np.minimum(length, lengths)).astype(int)
    shifts = np.arange((needed - lengths).min(), (length - needed).max() + 1)[None]
    begin, begin_other = np.maximum(shifts, 0), np.maximum(-shifts, 0)
    overlap = np.maximum(np.minimum(length, lengths + shifts) - begin, 0)
    power = energies(a, begin, overlap) * energies(b, begin_other, overlap)
    enough = (overlap >= needed) & (power > 0)
    found = products(a, b)[:, shifts[0]] / np.sqrt(np.where(enough, power, 1.0))
    return np.where(enough, found, 0.0).max(axis=1, initial=0.0)


def centred(signals: Sequence[np.ndarray]) -> np.ndarray:
    """Signals (rows, time), each row with its mean taken off, and zeros up to the longest: (signals, rows, time)."""
    whole = np.zeros((len(signals), len(signals[0]), max(signal.shape[1] for signal in signals)), signals[0].dtype)
    for place, signal in zip(whole, signals, strict=True):
        place[:, : signal.shape[1]] = signal - signal.mean(axis=1, keepdims=True)
    return whole


def energies(signals: np.ndarray, begin: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The sum of squares of `length` steps of each signal from `begin` on, shape (signals, shifts).

    0 where it is at most a hundredth of the whole: what is left of a sound there says nothing.
    """
    sums = np.pad(np.square(signals).sum(axis=1).cumsum(axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    rows = np.arange(len(signals))[:, None]
    found = sums[rows, begin + length] - sums[rows, begin]
    return np.where(found > LEAST_HEARD * sums[:, -1:], found, 0.0)


def products(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cross-correlation of one signal with each of others, by shift; negative shifts are counted from the end."""
    size = next_fast_len(a.shape[2] + b.shape[2], real=True)
    return np.asarray(irfft((rfft(a, size) * rfft(b, size).conj()).sum(axis=1), size))
