"""What the mel front ends share: checked settings, the mel power spectrogram, decibels and normalisation."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, unknown
from trainables.frontends.filterbank import band_edges, mel_filterbank

LEAST_POWER = 1e-10
LEAST_DEVIATION = 1e-5


@dataclass(frozen=True)
class Framing:
    """How a waveform of `samples` at `rate` becomes frames, and mel bands from `low` to `high` Hz (0: half the rate).

    `frame` and `hop` count samples; `frames` is how many frames are kept from the start (0: all).
    Raises InvalidSetting for values that no spectrogram can have.
    """

    rate: int
    samples: int
    frame: int
    hop: int
    bands: int
    frames: int
    low: float
    high: float

    def __post_init__(self) -> None:
        self._check_counts()
        if not 0 <= self.low < self.top <= self.rate / 2:
            raise InvalidSetting(
                f"low is {self.low} Hz and high is {self.top} Hz: they must rise and lie between 0 and half the rate, "
                f"{self.rate / 2} Hz."
            )

    def _check_counts(self) -> None:
        for name, least in (("rate", 1), ("samples", 1), ("frame", 2), ("hop", 1), ("bands", 1), ("frames", 0)):
            value = getattr(self, name)
            if value < least:
                raise InvalidSetting(f"{name} is {value}: it must be at least {least}.")
        if self.hop > self.frame:
            raise InvalidSetting(
                f"hop is {self.hop}: it must not exceed the frame of {self.frame}, or samples are lost."
            )
        if self.frames > self.available:
            raise InvalidSetting(
                f"frames is {self.frames}: {self.samples} samples at a hop of {self.hop} give {self.available}; "
                "set fewer frames, a shorter hop or longer segments."
            )

    @property
    def top(self) -> float:
        """The upper end of the highest band, in Hz."""
        return self.high or self.rate / 2

    @property
    def available(self) -> int:
        """How many centred frames the waveform has."""
        return 1 + (self.samples + 2 * (self.frame // 2) - self.frame) // self.hop

    @property
    def kept(self) -> int:
        """How many frames the features have."""
        return self.frames or self.available

    @property
    def step(self) -> float:
        """The time from one frame to the next, in seconds."""
        return self.hop / self.rate

    @property
    def centres(self) -> np.ndarray:
        """The centre frequencies of the mel bands, in Hz, as one channel: (1, bands)."""
        return band_edges(self.bands, self.low, self.top)[None, 1:-1]


class MelPower(nn.Module):
    """Waveforms (batch, samples) to mel power (batch, bands, all frames), float32.

    Periodic Hann window, frames centred and padded with zeros, slaney scale and norm: the values of
    `librosa.feature.melspectrogram` with `pad_mode="constant"`.
    """

    window: Tensor
    filters: Tensor

    def __init__(self, framing: Framing):
        super().__init__()
        filters = mel_filterbank(framing.rate, framing.frame, framing.bands, framing.low, framing.top)
        self.hop = framing.hop
        self.register_buffer("window", torch.hann_window(framing.frame, periodic=True), persistent=False)
        self.register_buffer("filters", torch.from_numpy(filters).float(), persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Mel power of each frame."""
        spectrum = torch.stft(
            waveforms,
            len(self.window),
            self.hop,
            window=self.window,
            center=True,
            pad_mode="constant",
            return_complex=True,
        )
        squares = torch.view_as_real(spectrum).square_()
        # One product per clip, not one over all rows: a clip's values then do not depend on its place in the batch.
        filters = self.filters.expand(len(waveforms), -1, -1)
        return torch.bmm(filters, squares[..., 0] + squares[..., 1])


def full_precision(device: torch.device) -> AbstractContextManager[None]:
    """A context in which mixed precision is off; a device without numbers has none."""
    return nullcontext() if device.type == "meta" else torch.autocast(device.type, enabled=False)


def decibels(power: Tensor, top_db: float, relative: bool) -> Tensor:
    """Power (batch, bands, frames) in dB, clip by clip at least `top_db` below the clip's peak (0: no such floor).

    The reference is the clip's peak if `relative`, else 1.
    """
    values = 10.0 * torch.log10(power.clamp_min(LEAST_POWER))
    peak = values.amax(dim=(1, 2), keepdim=True)
    if top_db > 0:
        values = torch.maximum(values, peak - top_db)
    return values - peak if relative else values


def checked_top_db(top_db: float) -> float:
    """`top_db` unless it is negative."""
    if top_db < 0:
        raise InvalidSetting(f"top_db is {top_db}: it must be above 0 dB, or 0 for no floor.")
    return top_db


def standardised(features: Tensor, dims: tuple[int, ...]) -> Tensor:
    """Features less their mean, over their standard deviation along `dims`; constant ones become zeros."""
    centred = features - features.mean(dims, keepdim=True)
    deviation = centred.square().mean(dims, keepdim=True).sqrt()
    return centred / deviation.clamp_min(LEAST_DEVIATION)


NORMALISATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "clip": lambda features: standardised(features, (1, 2)),
    "frame": lambda features: standardised(features, (1,)),
    "none": lambda features: features,
}


def normalisation(name: str) -> Callable[[Tensor], Tensor]:
    """The function that normalises features (batch, height, frames) per clip, per frame or not at all."""
    if name not in NORMALISATIONS:
        raise unknown("normalise", name, NORMALISATIONS)
    return NORMALISATIONS[name]
