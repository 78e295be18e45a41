"""Spectrograms with linear or mel frequencies and linear or logarithmic amplitudes."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, unknown
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
from trainables.frontends.filterbank import bin_frequencies, mel_filterbank
from trainables.frontends.resampling import at_rate, resampled
from trainables.frontends.spectrum import Framing, checked_top_db, decibels, normalisation

PADDINGS = {"zeros": "constant", "reflect": "reflect"}

AMPLITUDES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "decibels": lambda power, top_db: decibels(power, top_db, relative=False),
    "magnitude": lambda power, top_db: power.sqrt(),
    "power": lambda power, top_db: power,
}


class PowerSpectrum(nn.Module):
    """Waveforms (batch, samples) to power (batch, frame // 2 + 1, 1 + samples // hop for an even frame), float32.

    Periodic Hann window; frames are centred on every `hop`-th sample, and the waveform is padded with "zeros" or by
    "reflect"-ing it: the squares of `librosa.stft`.
    """

    window: Tensor

    def __init__(self, frame: int, hop: int, padding: str = "zeros"):
        super().__init__()
        self.hop = hop
        self.padding = PADDINGS[padding]
        self.register_buffer("window", torch.hann_window(frame, periodic=True), persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Power of each bin and frame."""
        spectrum = torch.stft(
            waveforms,
            len(self.window),
            self.hop,
            window=self.window,
            center=True,
            pad_mode=self.padding,
            return_complex=True,
        )
        squares = torch.view_as_real(spectrum).square_()
        return squares[..., 0] + squares[..., 1]


class Spectrogram(nn.Module):
    """Waveforms (batch, samples) to amplitudes (batch, 1, bins or bands, frames)."""

    filters: Tensor | None

    def __init__(
        self, framing: Framing, padding: str, filters: Tensor | None, amplitude: str, top_db: float, normalise: str
    ):
        super().__init__()
        height = framing.frame // 2 + 1 if filters is None else len(filters)
        self.shape = (1, height, framing.kept)
        hertz = bin_frequencies(framing.rate, framing.frame)[None] if filters is None else framing.centres
        self.axes = Axes(framing.step, "dB" if amplitude == "decibels" else amplitude, hertz)
        self.samples = framing.samples
        self.power = PowerSpectrum(framing.frame, framing.hop, checked_padding(padding, framing))
        self.scaled = amplitudes(amplitude)
        self.top_db = checked_top_db(top_db)
        self.normalised = normalisation(normalise)
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Features in float32, also where mixed precision is on."""
        with torch.autocast(waveforms.device.type, enabled=False):
            power = self.power(resampled(waveforms.float(), self.samples))
            if self.filters is not None:
                # One product per clip: a clip's values then do not depend on its place in the batch.
                power = torch.bmm(self.filters.expand(len(power), -1, -1), power)
            values = self.scaled(power, self.top_db)[..., : self.shape[2]]
            return self.normalised(values).unsqueeze(1)


def amplitudes(name: str) -> Callable[[Tensor, float], Tensor]:
    """The function from power (batch, height, frames) and a floor in dB to "decibels", "magnitude" or "power"."""
    if name not in AMPLITUDES:
        raise unknown("amplitude", name, AMPLITUDES)
    return AMPLITUDES[name]


def checked_padding(name: str, framing: Framing) -> str:
    """`name` unless it is unknown or the segment is too short to be reflected."""
    if name not in PADDINGS:
        raise unknown("padding", name, PADDINGS)
    if name == "reflect" and framing.samples <= framing.frame // 2:
        raise InvalidSetting(
            f"padding is 'reflect' and frame {framing.frame}: segments of {framing.samples} samples are too short for "
            "it; set padding to 'zeros', a shorter frame or longer segments."
        )
    return name


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
    return Spectrogram(framing, padding, None, amplitude, top_db, normalise)


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
    filters = mel_filterbank(framing.rate, frame, bands, low, framing.top)
    return Spectrogram(framing, padding, torch.from_numpy(filters).float(), amplitude, top_db, normalise)
