"""A front end that is added."""

import torch
from torch import Tensor, nn

from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import Axes


class Bands(nn.Module):
    """Waveforms (batch, samples) to the logarithm of the power in bands of equal width: (batch, 1, bands, 1)."""

    def __init__(self, rate: int, samples: int, bands: int):
        super().__init__()
        self.shape = (1, bands, 1)
        self.axes = Axes(samples / rate, "log power")

    def forward(self, waveforms: Tensor) -> Tensor:
        """The bands of each waveform."""
        power = torch.fft.rfft(waveforms.float()).abs().square()
        bands = power.tensor_split(self.shape[1], dim=1)
        return torch.stack([band.mean(1) for band in bands], 1).clamp_min(1e-9).log()[:, None, :, None]


@FRONT_ENDS("He et al. 2016")
def own_bands(rate: int, samples: int, *, band_count: int = 8) -> Bands:
    """The power of a few bands."""
    return Bands(rate, samples, band_count)
