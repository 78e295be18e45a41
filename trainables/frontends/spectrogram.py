"""Spectrograms with linear or mel frequencies and linear or logarithmic amplitudes."""

from collections.abc import Callable

import numpy as np
from torch import Tensor, nn

from trainables.errors import unknown
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
from trainables.frontends.resampling import at_rate, resampled
from trainables.frontends.scaling import checked_top_db, decibels, full_precision, normalisation
from trainables.frontends.spectrum import MelPower, PowerSpectrum, checked_padding

AMPLITUDES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "decibels": lambda power, top_db: decibels(power, top_db, relative=False),
    "magnitude": lambda power, top_db: power.sqrt(),
    "power": lambda power, top_db: power,
}


class Spectrogram(nn.Module):
    """Waveforms (batch, given samples) to amplitudes (batch, 1, bins or bands, frames).

    `power` maps resampled waveforms to (batch, height, all frames); `hertz` (height,) are the centres of its rows.
    """

    def __init__(
        self,
        framing: Framing,
        power: PowerSpectrum | MelPower,
        hertz: np.ndarray,
        amplitude: str,
        top_db: float,
        normalise: str,
    ):
        super().__init__()
        self.shape = (1, len(hertz), framing.kept)
        self.axes = Axes(framing.step, "dB" if amplitude == "decibels" else amplitude, hertz[None])
        self.samples = framing.samples
        self.power = power
        self.scaled = amplitudes(amplitude)
        self.top_db = checked_top_db(top_db)
        self.normalised = normalisation(normalise)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Features in float32, also where mixed precision is on."""
        with full_precision(waveforms.device):
            power = self.power(resampled(waveforms.float(), self.samples))
            values = self.scaled(power, self.top_db)[..., : self.shape[2]]
            return self.normalised(values).unsqueeze(1)


def amplitudes(name: str) -> Callable[[Tensor, float], Tensor]:
    """The function from power (batch, height, frames) and a floor in dB to "decibels", "magnitude" or "power"."""
    if name not in AMPLITUDES:
        raise unknown("amplitude", name, AMPLITUDES)
    return AMPLITUDES[name]


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
) -> Spectrogram:
    """Short-time Fourier spectrogram with linear frequencies; shape (1, frame // 2 + 1, frames).

    `amplitude` is "decibels" (relative to 1, at most `top_db` below the peak of the segment, 0: no floor),
    "magnitude" or "power"; the other parameters are those of `mel_spectrogram`.
    Valid: frame >= 2, 1 <= hop <= frame, at most 1 + samples // hop frames, any rate. Else raises InvalidSetting.
    """
    framing = Framing(*at_rate(rate, samples, target_rate), frame, hop, 1, frames, 0.0, 0.0)
    power = PowerSpectrum(frame, hop, checked_padding(padding, framing))
    return Spectrogram(framing, power, bin_frequencies(framing.rate, frame), amplitude, top_db, normalise)


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
) -> Spectrogram:
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
    return Spectrogram(framing, power, framing.centres, amplitude, top_db, normalise)
