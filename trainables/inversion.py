"""What is lost on the way from a waveform to its MFCCs and back (S0-F29)."""

from dataclasses import dataclass

import librosa
import numpy as np
import torch

from trainables.frontends.mfcc import mfcc
from trainables.frontends.mfcc_image import to_sound

FRAME, HOP, BANDS = 2048, 512, 128
RANGE = 80.0
"""Decibels below a waveform's peak under which nothing of its spectrum counts."""


@dataclass(frozen=True)
class Inversion:
    """A waveform beside the one that its MFCCs give.

    `signal_to_noise` is in dB, with their difference as noise: phases are not in MFCCs, so that it says how little of
    the waveform itself comes back. `spectral_distance` is the log-spectral distance in dB, root mean square over
    frequencies, mean over frames, and `flatness` the mean spectral flatness, 0 to 1, of what came back over that of
    what was there, both blind to phases.
    """

    signal_to_noise: float
    spectral_distance: float
    flatness: float


def inversion(waveform: np.ndarray, rate: int, coefficients: int) -> Inversion:
    """How a waveform (samples,) differs from what comes back of that many MFCCs (S0-S3: frames of 2,048, 128 bands).

    Raises InvalidSetting for more coefficients than bands.
    """
    front_end = mfcc(
        rate, len(waveform), coefficients=coefficients, frame=FRAME, hop=HOP, bands=BANDS, normalise="none"
    )
    cepstra = front_end(torch.from_numpy(waveform.astype(np.float32))[None])[0, 0].numpy()
    back = to_sound(cepstra, rate, len(waveform), frame=FRAME, hop=HOP, bands=BANDS)
    spectra = [levels(each) for each in (waveform, back)]
    flat = [librosa.feature.spectral_flatness(y=each, n_fft=FRAME, hop_length=HOP).mean() for each in (waveform, back)]
    return Inversion(
        float(10 * np.log10(np.square(waveform).sum() / np.square(waveform - back).sum())),
        float(np.sqrt(np.square(spectra[0] - spectra[1]).mean(0)).mean()),
        float(flat[1] / flat[0]),
    )


def levels(waveform: np.ndarray) -> np.ndarray:
    """The spectrum (bins, frames) of a waveform in dB, none of it further than RANGE below its own peak."""
    magnitude = np.abs(librosa.stft(waveform, n_fft=FRAME, hop_length=HOP, pad_mode="constant"))
    decibels: np.ndarray = librosa.amplitude_to_db(magnitude, ref=1.0, top_db=RANGE)
    return decibels
