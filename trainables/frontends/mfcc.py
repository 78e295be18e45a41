"""Mel-frequency cepstral coefficients."""

import torch
from torch import Tensor, nn
from torchaudio.functional import create_dct, preemphasis

from trainables.errors import InvalidSetting, check_bounds
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import (
    COSINE,
    DECIBELS,
    FIRST_FRAMES,
    FOURIER,
    MEL,
    NORMALISATION,
    PRE_EMPHASIS,
    Axes,
)
from trainables.frontends.framing import Framing
from trainables.frontends.scaling import checked_top_db, decibels, full_precision, normalisation
from trainables.frontends.spectrum import MelPower


class Mfcc(nn.Module):
    """Waveforms (batch, samples) to MFCCs (batch, 1, coefficients, frames)."""

    transform: Tensor

    def __init__(self, framing: Framing, coefficients: int, pre_emphasis: float, top_db: float, normalise: str):
        super().__init__()
        self.shape = (1, coefficients, framing.kept)
        self.axes = Axes(framing.step, "dB")
        self.power = MelPower(framing)
        self.pre_emphasis = pre_emphasis
        self.top_db = checked_top_db(top_db)
        self.normalised = normalisation(normalise)
        self.register_buffer("transform", create_dct(coefficients, framing.bands, "ortho").T, persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Features in float32, also where mixed precision is on: its products are too coarse for dB."""
        with full_precision(waveforms.device):
            power = self.power(preemphasis(waveforms.float(), self.pre_emphasis))
            values = decibels(power, self.top_db, relative=False)
            transform = self.transform.expand(len(waveforms), -1, -1)
            cepstra = torch.bmm(transform, values[..., : self.shape[2]])
            return self.normalised(cepstra).unsqueeze(1)


@FRONT_ENDS("S0-S3", steps=(PRE_EMPHASIS, FOURIER, MEL, DECIBELS, FIRST_FRAMES, COSINE, NORMALISATION))
def mfcc(
    rate: int,
    samples: int,
    *,
    coefficients: int = 30,
    frame: int = 2048,
    hop: int = 512,
    bands: int = 128,
    frames: int = 0,
    low: float = 0.0,
    high: float = 0.0,
    top_db: float = 80.0,
    pre_emphasis: float = 0.0,
    normalise: str = "clip",
) -> Mfcc:
    """MFCCs of dB relative to 1, as in librosa; shape (1, coefficients, frames).

    `pre_emphasis` a filters the waveform by y[n] = x[n] - a x[n - 1], with silence before the segment (0: none). The
    DCT-II is orthonormal and without lifter. The other parameters are those of `log_mel`.
    Raises InvalidSetting where bands would be empty, frames too few, or coefficients more than bands.
    """
    if not 1 <= coefficients <= bands:
        raise InvalidSetting(f"coefficients is {coefficients}: it must lie between 1 and the number of bands, {bands}.")
    check_bounds("pre_emphasis", pre_emphasis, at_least=0, below=1)
    framing = Framing(rate, samples, frame, hop, bands, frames, low, high)
    return Mfcc(framing, coefficients, pre_emphasis, top_db, normalise)
