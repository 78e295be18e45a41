"""The raw waveform."""

from torch import Tensor, nn

from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import RESAMPLING, Axes, Step
from trainables.frontends.resampling import at_rate, resampled
from trainables.frontends.scaling import full_precision


class Waveform(nn.Module):
    """Waveforms (batch, samples) to features (batch, 1, 1, kept samples)."""

    def __init__(self, rate: int, samples: int, kept: int):
        super().__init__()
        self.shape = (1, 1, kept)
        self.axes = Axes(1 / rate, "amplitude")
        self.samples = samples

    def forward(self, waveforms: Tensor) -> Tensor:
        """The first samples of the resampled waveforms, in float32."""
        with full_precision(waveforms.device):
            return resampled(waveforms.float(), self.samples)[:, None, None, : self.shape[2]]


@FRONT_ENDS("S2-S1", "S2-S2", "S3-S2", steps=(RESAMPLING, Step("First samples", ("crop",))))
def waveform(rate: int, samples: int, *, target_rate: int = 0, crop: int = 0) -> Waveform:
    """The waveform itself, in [-1, 1]; shape (1, 1, samples).

    The whole segment is resampled to `target_rate` Hz as by `scipy.signal.resample` (0: not at all), then its first
    `crop` samples are kept (0: all). SampleCNN (S2-A8) takes crop 59049 of 3 s at 22,050 Hz. Of document S3's readings
    of "8 kHz", on 4 s at 16 kHz, target_rate 2000 is the code's 8,000 samples, target_rate 8000 with crop 8000 the
    first second, and target_rate 8000 the full 32,000 samples.
    Valid: any rate that leaves a sample; a `crop` of at most the resampled segment. Else raises InvalidSetting.
    """
    rate, left = at_rate(rate, samples, target_rate)
    if not 0 <= crop <= left:
        raise InvalidSetting(
            f"crop is {crop}: the segments have {left} samples; set from 1 to {left}, 0 for all, or longer segments."
        )
    return Waveform(rate, left, crop or left)
