"""Where a note begins."""

import numpy as np

HOP = 512
SMOOTHED_FRAMES = 3


def onset(samples: np.ndarray) -> int:
    """The sample at which the power of a clip rises most steeply (S4-S2); `samples` has shape (N,), any scale.

    Power is the mean square of frames of 1,024 samples, one every 512, with silence taken before the clip so that its
    first sample can be an onset; it is smoothed by a moving average over three frames. Of the two neighbouring frames
    with the largest difference the onset is the point midway between their centres, at most 256 samples off for a
    sudden beginning. It lies within the clip.
    """
    before = np.zeros(2 * HOP)
    after = np.zeros(HOP + -len(samples) % HOP)
    blocks = np.concatenate([before, samples, after]).reshape(-1, HOP)
    energy = np.square(blocks).sum(axis=1)
    power = np.convolve(energy[:-1] + energy[1:], np.ones(SMOOTHED_FRAMES), "same")
    steepest = int(np.argmax(np.diff(power)))
    middle = steepest * HOP + HOP + HOP // 2 - len(before)
    return int(np.clip(middle, 0, len(samples) - 1))


def measure(samples: np.ndarray, rate: int) -> dict[str, int]:
    """What a corpus measures of a clip: its onset in samples."""
    return {"onset": onset(samples)}
