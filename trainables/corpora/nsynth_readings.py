"""What S3 may have meant by notes of 4 s "downsampled to 8 kHz" in 8,000 samples (X17)."""

import numpy as np
from scipy.signal import resample

from trainables.errors import unknown

READINGS = ("resampled", "first_second", "whole")
"""As coded: the whole note in 8,000 samples, an effective 2 kHz; 8 kHz, the first second; 8 kHz, the whole note."""

SAMPLES_READ = 8_000
SAMPLES_AT_8_KHZ = 32_000


def read(samples: np.ndarray, reading: str = "resampled") -> np.ndarray:
    """Notes of 4 s at 16 kHz, shape (..., 64000), as one of READINGS has them: (..., 8000), or (..., 32000) whole."""
    if reading not in READINGS:
        raise unknown("reading", reading, READINGS)
    if reading == "resampled":
        return resample(samples, SAMPLES_READ, axis=-1)
    whole = resample(samples, SAMPLES_AT_8_KHZ, axis=-1)
    return whole if reading == "whole" else whole[..., :SAMPLES_READ]
