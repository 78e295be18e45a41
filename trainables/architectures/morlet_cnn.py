"""A convolutional network over a wavelet transform that is part of it."""

from collections import OrderedDict

from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.spectrogram_cnn import CLIP, Plan, matched
from trainables.errors import InvalidSetting, check_bounds
from trainables.frontends.morlet import MorletPower, scalogram

# In units of half the sampling rate, so that the network need not know the rate.
NYQUIST, RELATIVE_RATE = 1.0, 2
TOP_DB = 80.0


class Scalogram(nn.Module):
    """Features (batch, 1, 1, samples) to log magnitudes of a Morlet transform, (batch, 1, wavelets, frames)."""

    def __init__(self, power: MorletPower, samples: int):
        super().__init__()
        self.scalogram = scalogram(power, samples, TOP_DB, "clip")
        self.shape = self.scalogram.shape

    def forward(self, features: Tensor) -> Tensor:
        """The scalograms, in dB, normalised by themselves."""
        return self.scalogram(features.flatten(1))


@ARCHITECTURES("S1-A5", shape=(1, 1, 66_150), settings={**CLIP, "front_end": "waveform", "target_rate": 22_050})
def morlet_cnn(
    shape: tuple[int, int, int],
    classes: int,
    *,
    wavelets: int = 64,
    octaves: float = 7.7846,
    stride: int = 512,
    learnable: bool = False,
    depth: int = 6,
    width: float = 32.0,
    batch_norm: bool = False,
    parameters: int = 0,
) -> nn.Module:
    """Model 3 of S1: a Morlet transform inside the network, then one path of `spectrogram_cnn`; under 2 M parameters.

    Takes waveforms (1, 1, samples). The magnitudes of `wavelets` Morlet wavelets (w0 = 6), whose centres lie at equal
    ratios over the `octaves` up to half the sampling rate (from 50 Hz at 22,050 Hz), at every `stride`-th sample, in dB
    to 80 below the clip's peak, normalised per clip. With `learnable` each wavelet's centre and w0 are trained.
    The document prints no layers, only that there were at most two million parameters (S1-F15): depth and width are
    canonical choices; with `parameters` the width of the trunk follows, as in `spectrogram_cnn` (S1-F14).
    Raises InvalidSetting for other shapes and for transforms that the samples cannot have.
    """
    if shape[:2] != (1, 1):
        raise InvalidSetting(f"morlet_cnn takes waveforms, not inputs of {shape}: set front_end to 'waveform'.")
    check_wavelets(shape[2], wavelets, octaves, stride)
    lowest = NYQUIST / 2**octaves
    power = MorletPower(RELATIVE_RATE, shape[2], wavelets, lowest, stride, learnable=learnable)
    transform = Scalogram(power, shape[2])
    plan = Plan(transform.shape, classes, "early", depth, width, batch_norm=batch_norm)
    return nn.Sequential(OrderedDict(transform=transform, trunk=matched(plan, parameters).build()))


def check_wavelets(samples: int, wavelets: int, octaves: float, stride: int) -> None:
    check_bounds("wavelets", wavelets, at_least=1)
    check_bounds("octaves", octaves, above=0)
    if not 1 <= stride <= samples:
        raise InvalidSetting(f"stride is {stride}: it must lie between 1 and the {samples} samples of a segment.")
