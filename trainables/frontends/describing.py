"""What a front end says of itself to whoever draws it: its steps, and what the axes of its features mean."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Step:
    """One step of a front end and the names of the parameters that it takes.

    A front end is registered with its `steps`, in order; together they take every parameter once.
    """

    title: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Axes:
    """The axes of features (channels, height, width); the module of a front end has them as `axes`.

    `step` is the time in seconds from one column to the next, `unit` that of the values before they are normalised.
    `hertz` (channels, height) are the centre frequencies of the rows; None where rows are cepstral coefficients, or
    where there is a single one. `names` are those of the channels, where there are several.
    """

    step: float
    unit: str
    hertz: np.ndarray | None = None
    names: tuple[str, ...] = ()


RESAMPLING = Step("Resampling", ("target_rate",))
PRE_EMPHASIS = Step("Pre-emphasis", ("pre_emphasis",))
FOURIER = Step("Short-time Fourier transform", ("frame", "hop"))
PADDED_FOURIER = Step("Short-time Fourier transform", ("frame", "hop", "padding"))
MEL = Step("Mel filter bank", ("bands", "low", "high"))
BELOW_PEAK = Step("dB relative to the peak", ("top_db",))
DECIBELS = Step("dB relative to 1", ("top_db",))
AMPLITUDE = Step("Amplitude", ("amplitude", "top_db"))
FIRST_FRAMES = Step("First frames", ("frames",))
COSINE = Step("DCT-II", ("coefficients",))
NORMALISATION = Step("Normalisation", ("normalise",))
