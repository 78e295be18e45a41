"""Spectrograms with linear or mel frequencies and linear or logarithmic amplitudes."""

from collections.abc import Callable

import numpy as np
from torch import Tensor, nn

from trainables.errors import checked
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import (
    AMPLITUDE,
    FIRST_FRAMES,
    MEL,
    NORMALISATION,
    PADDED_FOURIER,
    RESAMPLING,
    Axes,
)
from trainables.frontends.filterbank import bin_frequencies
from trainables.frontends.framing import Framing
from trainables.frontends.resampling import at_rate
from trainables.frontends.scaling import ScaledPower, decibels
from trainables.frontends.spectrum import MelPower, PowerSpectrum, checked_padding

AMPLITUDES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "decibels": lambda power, top_db: decibels(power, top_db, relative=False),
    "magnitude": lambda power, top_db: power.sqrt(),
    "power": lambda power, top_db: power,
}


def scaled(
    framing: Framing, power: nn.Module, hertz: np.ndarray, amplitude: str, top_db: float, normalise: str
) -> ScaledPower:
    """Amplitudes of that name of a power whose rows have the centres `hertz` (rows,)."""
    amplitudes = AMPLITUDES[checked("amplitude", amplitude, AMPLITUDES)]
    axes = Axes(framing.step, "dB" if amplitude == "decibels" else amplitude, hertz[None])
    return ScaledPower(power, framing.samples, framing.kept, axes, top_db, normalise, amplitudes)


@FRONT_ENDS("S1-A1", "S0-G11", steps=(RESAMPLING, PADDED_FOURIER, AMPLITUDE, FIRST_FRAMES, NORMALISATION))
def spectrogram(
    rate: int,
    samples: int,
    *,
    target_rate: int = 0,
    frame: int = 1024,
    hop: int = 512,
    frames: int = 0,
    amplitude: str = "decibels",
    padding: str = "zeros",
    top_db: float = 80.0,
    normalise: str = "clip",
) -> ScaledPower:
    """Short-time Fourier spectrogram with linear frequencies; shape (1, frame // 2 + 1, frames).

    `amplitude` is "decibels" (relative to 1, at most `top_db` below the peak of the segment, 0: no floor),
    "magnitude" or "power"; the other parameters are those of `mel_spectrogram`.
    Valid: frame >= 2, 1 <= hop <= frame, at most 1 + samples // hop frames, any rate. Else raises InvalidSetting.
    """
    framing = Framing(*at_rate(rate, samples, target_rate), frame, hop, 1, frames, 0.0, 0.0)
    power = PowerSpectrum(frame, hop, checked_padding(padding, framing))
    return scaled(framing, power, bin_frequencies(framing.rate, frame), amplitude, top_db, normalise)


@FRONT_ENDS("S2-S3", "S1-A3", steps=(RESAMPLING, PADDED_FOURIER, MEL, AMPLITUDE, FIRST_FRAMES, NORMALISATION))
def mel_spectrogram(
    rate: int,
    samples: int,
    *,
    target_rate: int = 0,
    frame: int = 1024,
    hop: int = 512,
    bands: int = 128,
    frames: int = 0,
    low: float = 0.0,
    high: float = 0.0,
    amplitude: str = "decibels",
    padding: str = "zeros",
    top_db: float = 80.0,
    normalise: str = "clip",
) -> ScaledPower:
    """Mel spectrogram, linear or in dB relative to 1; shape (1, bands, frames).

    The segment is resampled to `target_rate` Hz (0: not at all). `amplitude` is "decibels" (at most `top_db` below the
    peak of the segment, 0: no floor), "magnitude" or "power"; `padding` is "zeros" or "reflect"; the other parameters
    are those of `log_mel`. Cnn14 (S1-A3) was trained on target_rate 32000, hop 320, bands 64, low 50, high 14000,
    padding "reflect", top_db 0 and normalise "none".
    Valid: as many bands as have a bin each (76, 153, 256 at frames of 256, 512, 1024 and 22,050 Hz); frames as in
    `spectrogram`; 0 <= low < high <= half the rate. Else raises InvalidSetting, naming what would work.
    """
    framing = Framing(*at_rate(rate, samples, target_rate), frame, hop, bands, frames, low, high)
    power = MelPower(framing, checked_padding(padding, framing))
    return scaled(framing, power, framing.centres, amplitude, top_db, normalise)
