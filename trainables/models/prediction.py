"""What a model says of a recording."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What a model says of a recording, as a whole and window by window.

    `probabilities` (classes,) are of the whole, `windows` (windows, classes) of each window, which lies from `starts`
    to `ends` (windows,) in seconds. Probabilities of one recording add up to 1, unless each class has its own. The
    recording is `seconds` long and has a `rate` in Hz; `resampled_to` is the model's, None where they are the same.
    """

    labels: tuple[str, ...]
    probabilities: Floats
    windows: Floats
    starts: Floats
    ends: Floats
    seconds: float
    rate: int
    resampled_to: int | None

    @property
    def label(self) -> str:
        """The most probable class of the whole."""
        return self.labels[int(self.probabilities.argmax())]

    def top(self, count: int = 1, threshold: float = 0.0) -> list[tuple[str, float]]:
        """The most probable classes of the whole with their probabilities, none below a threshold."""
        return self.ranked(self.probabilities, count, threshold)

    def top_of_window(self, window: int, count: int = 1, threshold: float = 0.0) -> list[tuple[str, float]]:
        """The same of one window."""
        return self.ranked(self.windows[window], count, threshold)

    def ranked(self, probabilities: Floats, count: int, threshold: float) -> list[tuple[str, float]]:
        order = np.argsort(-probabilities, kind="stable")[:count]
        return [
            (self.labels[place], float(probabilities[place])) for place in order if probabilities[place] >= threshold
        ]

    @property
    def covered(self) -> float:
        """The share of the recording that lies in some window."""
        share, end = 0.0, 0.0
        for begin, stop in sorted(zip(self.starts.tolist(), self.ends.tolist(), strict=True)):
            share += max(0.0, stop - max(begin, end))
            end = max(end, stop)
        return share / self.seconds
