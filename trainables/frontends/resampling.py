"""Fourier resampling of whole segments, equal to `scipy.signal.resample`, which document S3 uses.

Not torchaudio's `resample`: by its defaults a tone at 0.9 of half the new rate loses 2.4 dB, and one at 1.1 of it comes
back at -14 dB; here the one loses nothing and the other is below -80 dB, for a third (44.1 to 22.05 kHz) to twice
(to 16 kHz) the time.
"""

import torch
from torch import Tensor

from trainables.errors import InvalidSetting


def resampled(waveforms: Tensor, samples: int) -> Tensor:
    """Waveforms (batch, given samples) at another rate, (batch, samples), by cutting or extending their spectrum.

    The segment counts as one period of a periodic signal, so its ends run into each other. The bin at half the lower
    rate stands for two, one of either sign: it is doubled where it is cut in two and halved where it is divided.
    """
    given = waveforms.shape[-1]
    if samples == given:
        return waveforms
    fewer = min(samples, given)
    spectrum = torch.fft.rfft(waveforms)[..., : fewer // 2 + 1].clone()
    if fewer % 2 == 0:
        spectrum[..., -1] *= 2.0 if samples < given else 0.5
    return torch.fft.irfft(spectrum, samples) * (samples / given)


def at_rate(rate: int, samples: int, target_rate: int) -> tuple[int, int]:
    """The rate, in Hz, and the number of samples of a segment after resampling (`target_rate` 0: as it is).

    Raises InvalidSetting for a negative rate or one at which no sample is left.
    """
    if target_rate < 0:
        raise InvalidSetting(f"target_rate is {target_rate}: it must be above 0 Hz, or 0 to leave the rate as it is.")
    if target_rate == 0:
        return rate, samples
    left = round(samples * target_rate / rate)
    if left < 1:
        raise InvalidSetting(
            f"target_rate is {target_rate}: segments of {samples} samples at {rate} Hz would have none left; "
            "set a higher rate or longer segments."
        )
    return target_rate, left
