"""A phase vocoder and a band-limited reader with a speed of its own for each clip of a batch."""

import torch
from torch import Tensor

FRAME, HOP = 2048, 512
TAPS = 16
"""Samples on either side that a value between two samples is made of."""


def stretched(waveforms: Tensor, speeds: Tensor, samples: int) -> Tensor:
    """Waveforms (batch, given samples) played at `speeds` (batch,) at their pitch, (batch, samples).

    As `librosa.effects.time_stretch`: the magnitude of each new frame is interpolated between the two frames around its
    place, and its phase goes on by their difference. What lies beyond the end is silence.
    """
    window = torch.hann_window(FRAME, periodic=True, device=waveforms.device)
    # Up to the next full hop, or the last samples would lie under fewer frames than the others.
    padded = torch.nn.functional.pad(waveforms, (0, -waveforms.shape[1] % HOP))
    spectrum = torch.stft(
        padded, FRAME, HOP, window=window, center=True, pad_mode="constant", return_complex=True
    ).transpose(1, 2)
    frames = 1 + -(-samples // HOP)
    played = paced(spectrum, speeds, frames).transpose(1, 2)
    return torch.istft(played, FRAME, HOP, window=window, center=True, length=samples)


def paced(spectrum: Tensor, speeds: Tensor, frames: int) -> Tensor:
    """The spectrum (batch, given frames, bins) at `speeds` (batch,), (batch, frames, bins)."""
    given = spectrum.shape[1]
    places = torch.arange(frames, device=spectrum.device) * speeds[:, None].double()
    before = places.long().clamp_max(given)
    nearness = (places - before).float()[..., None]
    batch = torch.arange(len(spectrum), device=spectrum.device)[:, None]
    padded = torch.nn.functional.pad(spectrum, (0, 0, 0, 2))
    earlier, later = padded[batch, before], padded[batch, before + 1]
    # Analysis and synthesis share the hop, so the phase to be expected of a bin cancels; what is left is wrapped to
    # keep the sum small enough for single precision.
    steps = torch.remainder(later.angle() - earlier.angle(), 2 * torch.pi)
    starts = spectrum[:, :1].angle()
    phases = torch.cat([starts, starts + steps[:, :-1].cumsum(1)], 1)
    magnitudes = torch.lerp(earlier.abs(), later.abs(), nearness) * (places < given)[..., None]
    return torch.polar(magnitudes, phases)


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
