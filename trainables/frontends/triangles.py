"""Triangular weights that average finely spaced values and interpolate coarsely spaced ones."""

import numpy as np

from trainables.frontends.filterbank import band_edges


def triangles(edges: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Weights (targets, points) of the mean of the values at `points` around each target; each row sums to 1.

    `edges` (targets + 2) are increasing: target k lies at edges[k + 1], its triangle reaches from edges[k] to
    edges[k + 2], but at least to the spacing of the equally spaced `points` on either side. So no row is empty, and
    where targets are closer than points, values are interpolated linearly.
    """
    peaks = edges[1:-1]
    if len(points) == 1:
        return np.ones((len(peaks), 1))
    spacing = points[1] - points[0]
    below = np.maximum(peaks - edges[:-2], spacing)
    above = np.maximum(edges[2:] - peaks, spacing)
    distances = points - peaks[:, None]
    weights = np.maximum(0.0, 1 - np.where(distances < 0, -distances / below[:, None], distances / above[:, None]))
    return weights / weights.sum(axis=1, keepdims=True)


def frequency_edges(scale: str, rate: int, bands: int, lowest: float) -> np.ndarray:
    """The `bands` + 2 edges, in Hz, of a "linear" or "mel" scale from 0, or a "log" one from `lowest`, to rate / 2."""
    if scale == "mel":
        return band_edges(bands, 0.0, rate / 2)
    return np.geomspace(lowest, rate / 2, bands + 2) if scale == "log" else np.linspace(0.0, rate / 2, bands + 2)


def time_edges(samples: int, frames: int) -> np.ndarray:
    """The `frames` + 2 edges, in samples, of triangles centred on equal parts of a segment."""
    return (np.arange(-1, frames + 1) + 0.5) * samples / frames
