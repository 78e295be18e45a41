"""Waveforms to power: of each bin of a short-time Fourier transform, or of each mel band."""

import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, checked
from trainables.frontends.filterbank import mel_filterbank
from trainables.frontends.framing import Framing

PADDINGS = {"zeros": "constant", "reflect": "reflect"}


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


class MelPower(nn.Module):
    """Waveforms (batch, samples) to mel power (batch, bands, frames), float32.

    Slaney's scale and norm: the values of `librosa.feature.melspectrogram` with `pad_mode="constant"`, for the padding
    "zeros".
    """

    filters: Tensor

    def __init__(self, framing: Framing, padding: str = "zeros"):
        super().__init__()
        self.spectrum = PowerSpectrum(framing.frame, framing.hop, padding)
        filters = mel_filterbank(framing.rate, framing.frame, framing.bands, framing.low, framing.top)
        self.register_buffer("filters", torch.from_numpy(filters).float(), persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        power = self.spectrum(waveforms)
        # One product per clip, not one over all rows: a clip's values then do not depend on its place in the batch.
        return torch.bmm(self.filters.expand(len(power), -1, -1), power)


def checked_padding(name: str, framing: Framing) -> str:
    """`name` unless it is unknown or the segment is too short to be reflected."""
    if checked("padding", name, PADDINGS) == "reflect" and framing.samples <= framing.frame // 2:
        raise InvalidSetting(
            f"padding is 'reflect' and frame {framing.frame}: segments of {framing.samples} samples are too short for "
            "it; set padding to 'zeros', a shorter frame or longer segments."
        )
    return name
