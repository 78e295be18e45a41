"""Square images of MFCCs for a generative network, and their way back to sound."""

from dataclasses import dataclass

import librosa
import numpy as np
import torch
from torch import Tensor

from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import DECIBELS, Step
from trainables.frontends.mfcc import Mfcc, mfcc

LEAST_RANGE = 1e-5
LOUDEST = 2.0**14
"""About the largest power in a mel band, at frames of 2,048, of a waveform between -1 and 1."""


@dataclass(frozen=True)
class ImageScale:
    """A linear map of MFCCs to [-1, 1], the range of a network that ends in tanh; one per coefficient.

    `centre` and `radius` have shape (1, coefficients, 1).
    """

    centre: Tensor
    radius: Tensor

    @classmethod
    def fit(cls, cepstra: Tensor) -> "ImageScale":
        """The map that takes the smallest and largest value of each coefficient to -1 and 1.

        `cepstra` (items, 1, coefficients, frames) must be of the training part only (B16). Values of other items may
        lie outside.
        """
        low, high = cepstra.amin((0, 3)), cepstra.amax((0, 3))
        return cls(((low + high) / 2)[..., None], ((high - low) / 2).clamp_min(LEAST_RANGE)[..., None])

    def images(self, cepstra: Tensor) -> Tensor:
        """MFCCs (items, 1, coefficients, frames) as images."""
        return (cepstra - self.centre) / self.radius

    def cepstra(self, images: Tensor) -> Tensor:
        """Images (items, 1, coefficients, frames) as MFCCs."""
        return images * self.radius + self.centre


STEPS = (
    Step("Short-time Fourier transform with the hop that gives a square", ("frame",)),
    Step("Mel filter bank", ("side",)),
    DECIBELS,
    Step("DCT-II, as many coefficients as bands"),
)


@FRONT_ENDS("S0-S11", steps=STEPS)
def mfcc_image(rate: int, samples: int, *, side: int = 128, frame: int = 2048, top_db: float = 80.0) -> Mfcc:
    """MFCCs as a square image of `side` coefficients by `side` frames, as in librosa; shape (1, side, side).

    Coefficients are of as many mel bands, in dB relative to 1 and not normalised, so that `to_sound` can go back. The
    hop is the longest that gives `side` frames: 1,041 samples for 3 s at 44.1 kHz.
    Valid: `side` of at most the bands of which none is empty (256 at frames of 2,048 at any usual rate), segments of
    `side` samples to `side` frames. Else raises InvalidSetting.
    """
    hop = image_hop(samples, side, frame)
    sizes = {"coefficients": side, "bands": side, "frames": side, "frame": frame, "hop": hop}
    return mfcc(rate, samples, **sizes, top_db=top_db, normalise="none")


def image_hop(samples: int, side: int, frame: int) -> int:
    """The longest hop, in samples, at which a segment has `side` centred frames."""
    return max(1, (samples - frame % 2) // max(1, side - 1))


def to_sound(
    cepstra: np.ndarray,
    rate: int,
    samples: int,
    *,
    frame: int,
    hop: int,
    bands: int,
    iterations: int = 32,
    random: int | np.random.Generator = 0,
) -> np.ndarray:
    """A waveform (samples,), float32, whose MFCCs are about `cepstra` (coefficients, frames) (S0-S12).

    The steps of `librosa.feature.inverse.mfcc_to_audio`, on the processor: missing coefficients count as 0, mel bands
    are divided among bins by non-negative least squares, and phases found by `iterations` of Griffin and Lim's method
    from a start by `random`, which is fixed by default: the same MFCCs then always sound the same. `cepstra` are
    orthonormal, without lifter, of dB relative to 1; `frame`, `hop` and `bands` are those they were made with.
    """
    mel = librosa.feature.inverse.mfcc_to_mel(np.asarray(cepstra, np.float32), n_mels=bands)
    louder = louder_than_recordings(float(mel.max()))
    magnitude = librosa.feature.inverse.mel_to_stft(mel / louder, sr=rate, n_fft=frame) * np.sqrt(louder)
    return librosa.griffinlim(
        magnitude,
        n_iter=iterations,
        hop_length=hop,
        n_fft=frame,
        length=samples,
        pad_mode="constant",
        random_state=random,
    )


def louder_than_recordings(power: float) -> np.float32:
    """By how much a power exceeds `LOUDEST`, rounded up to a power of four, whose root is exact; 1 if it does not.

    What a network generates may be 100 dB above any recording. The solver of the least squares stops at an absolute
    error, and was busy with such images for a quarter of an hour and more.
    """
    return np.float32(4.0 ** np.ceil(np.log2(max(power / LOUDEST, 1.0)) / 2))


def sounds_of(images: Tensor, scale: ImageScale, rate: int, samples: int, *, frame: int = 2048) -> list[np.ndarray]:
    """Waveforms of images (items, 1, side, side) that `mfcc_image` and `scale` made of segments of `samples`."""
    side = images.shape[2]
    hop = image_hop(samples, side, frame)
    with torch.no_grad():
        cepstra = scale.cepstra(images).squeeze(1).float().cpu().numpy()
    return [to_sound(each, rate, samples, frame=frame, hop=hop, bands=side) for each in cepstra]
