"""A phase vocoder and a band-limited reader, both with a speed of its own for each clip of a batch."""

import torch
from torch import Tensor
from torchaudio.functional import phase_vocoder

FRAME, HOP = 2048, 512
TAPS = 16
"""Samples on either side that a value between two samples is made of."""


def stretched(waveforms: Tensor, speeds: Tensor, samples: int) -> Tensor:
    """Waveforms (batch, given samples) played at `speeds` (batch,) at their pitch, (batch, samples).

    As `librosa.effects.time_stretch`; what lies beyond the end is silence.
    """
    window = torch.hann_window(FRAME, periodic=True, device=waveforms.device)
    # Up to the next full hop, or the last samples would lie under fewer frames than the others.
    padded = torch.nn.functional.pad(waveforms, (0, -waveforms.shape[1] % HOP))
    spectrum = torch.stft(padded, FRAME, HOP, window=window, center=True, pad_mode="constant", return_complex=True)
    played = paced(spectrum, speeds, 1 + -(-samples // HOP))
    return torch.istft(played, FRAME, HOP, window=window, center=True, length=samples)


def paced(spectrum: Tensor, speeds: Tensor, frames: int) -> Tensor:
    """The spectrum (batch, bins, given frames) at `speeds` (batch,), (batch, bins, frames); silent beyond its end.

    Clip by clip, as `phase_vocoder` takes one speed.
    """
    # Analysis and synthesis share the hop, so the phase to be expected of a bin cancels. Left out, it does not grow
    # beyond what single precision holds.
    advance = torch.zeros(spectrum.shape[1], 1, device=spectrum.device)
    played = [phase_vocoder(clip, speed, advance) for clip, speed in zip(spectrum, speeds.tolist(), strict=True)]
    return torch.stack([torch.nn.functional.pad(clip, (0, frames - clip.shape[1])) for clip in played])


def read_at(waveforms: Tensor, steps: Tensor, samples: int) -> Tensor:
    """The waveforms (batch, given samples) at every `steps`-th (batch,) sample from the first, (batch, samples).

    Interpolated by a sinc under a Hann window of 2 x TAPS samples, which cuts what is above half the lower of the two
    rates. Beyond the ends is silence.
    """
    places = torch.arange(samples, device=waveforms.device) * steps[:, None].double()
    before = places.long()
    after = (places - before).to(waveforms)
    cut = (1 / steps).clamp_max(1.0)[:, None]
    padded = torch.nn.functional.pad(waveforms, (TAPS, TAPS))
    values = torch.zeros_like(after)
    for tap in range(1 - TAPS, TAPS + 1):
        distance = after - tap
        weight = cut * torch.sinc(cut * distance) * torch.cos(torch.pi / 2 * distance / TAPS).square()
        values += weight * padded.gather(1, (before + tap + TAPS).clamp(0, padded.shape[1] - 1))
    return values
