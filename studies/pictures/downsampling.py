"""Curves and matrices with no more values than a screen shows, rounded, as plain lists."""

import numpy as np

SIGNIFICANT = 3


def borders(length: int, most: int) -> np.ndarray:
    """The borders of at most `most` blocks of about equal size, (blocks + 1,), that divide `length` values."""
    return np.linspace(0, length, min(length, most) + 1).round().astype(np.int64)


def envelope(samples: np.ndarray, columns: int) -> dict[str, list[float]]:
    """The lowest and the highest of the samples (length,) in each of at most `columns` equal parts of the time."""
    starts = borders(len(samples), columns)[:-1]
    ends = {"low": np.minimum.reduceat(samples, starts), "high": np.maximum.reduceat(samples, starts)}
    digits = decimals(samples)
    return {name: values.round(digits).tolist() for name, values in ends.items()}


def means(values: np.ndarray, most: int, axis: int) -> np.ndarray:
    """Values with at most `most` along an axis: means of neighbours."""
    ends = borders(values.shape[axis], most)
    sums = np.add.reduceat(values.astype(np.float64), ends[:-1], axis)
    return np.moveaxis(np.moveaxis(sums, axis, -1) / np.diff(ends), -1, axis)


def matrix(values: np.ndarray, rows: int, columns: int) -> list[list[float]]:
    """Values (height, width) with at most `rows` x `columns` of them, rounded."""
    thinned: list[list[float]] = means(means(values, rows, 0), columns, 1).round(decimals(values)).tolist()
    return thinned


def decimals(values: np.ndarray) -> int:
    """How many decimals keep three figures of the largest value."""
    largest = float(np.abs(values).max(initial=0.0))
    return max(0, SIGNIFICANT - 1 - int(np.floor(np.log10(largest)))) if largest > 0 else 0
