"""Power to features: to decibels, and to mean 0 and deviation 1; both clip by clip."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, checked
from trainables.frontends.describing import Axes
from trainables.frontends.resampling import resampled

LEAST_POWER = 1e-10
LEAST_DEVIATION = 1e-5


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
    return NORMALISATIONS[checked("normalise", name, NORMALISATIONS)]


def below_peak(power: Tensor, top_db: float) -> Tensor:
    return decibels(power, top_db, relative=True)


class ScaledPower(nn.Module):
    """Waveforms (batch, given samples) to the scaled power (batch, 1, rows, frames) of their first frames.

    `power` maps waveforms resampled to `samples` to (batch, rows, all frames), `scaled` that and a floor in dB to
    values; `axes` are those of the features.
    """

    def __init__(
        self,
        power: nn.Module,
        samples: int,
        frames: int,
        axes: Axes,
        top_db: float,
        normalise: str,
        scaled: Callable[[Tensor, float], Tensor] = below_peak,
    ):
        super().__init__()
        assert axes.hertz is not None
        self.shape = (1, axes.hertz.shape[1], frames)
        self.axes = axes
        self.samples = samples
        self.power = power
        self.scaled = scaled
        self.top_db = checked_top_db(top_db)
        self.normalised = normalisation(normalise)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Features in float32, also where mixed precision is on: its products are too coarse for dB."""
        with full_precision(waveforms.device):
            power = self.power(resampled(waveforms.float(), self.samples))
            return self.normalised(self.scaled(power, self.top_db)[..., : self.shape[2]]).unsqueeze(1)
