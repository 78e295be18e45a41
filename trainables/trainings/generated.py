"""How generated MFCC images compare with recorded ones: statistics of log-mel spectrograms, flatness."""

import torch
from torch import Tensor
from torchaudio.functional import create_dct

from trainables.frontends.mfcc_image import ImageScale


def log_mel(images: Tensor, scale: ImageScale) -> Tensor:
    """Images (items, 1, side, side) as log-mel spectrograms (items, side bands, side frames), in dB relative to 1.

    Exact, because an image has as many coefficients as there are mel bands, and the DCT is orthonormal.
    """
    cepstra = scale.cepstra(images).squeeze(1)
    return create_dct(images.shape[2], images.shape[2], "ortho").to(cepstra) @ cepstra


def flatness(spectrograms: Tensor) -> Tensor:
    """Spectral flatness (items,) of dB (items, bands, frames): geometric over arithmetic mean, averaged over frames.

    1 for noise that is as strong in every band, near 0 for a tone; over mel bands of equal area, so white noise is 1.
    """
    # The peak of a frame cancels in the ratio and keeps its powers within range.
    relative = (spectrograms - spectrograms.amax(1, keepdim=True)) / 10
    return (10 ** relative.mean(1) / (10**relative).mean(1)).mean(1)


def statistics(spectrograms: Tensor) -> Tensor:
    """Mean and deviation over time of each band (items, 2 bands), in dB."""
    return torch.cat([spectrograms.mean(2), spectrograms.std(2, correction=0)], 1)


def distance(ones: Tensor, others: Tensor) -> float:
    """Distance, in dB, of two sets of log-mel spectrograms (items, bands, frames) by their statistics (B18).

    The square root of Fréchet's distance of two Gaussians with diagonal covariances, over the number of statistics:
    the root of the mean square by which means and deviations of `statistics` over the items differ.
    """
    one, other = statistics(ones), statistics(others)
    means, deviations = one.mean(0) - other.mean(0), one.std(0, correction=0) - other.std(0, correction=0)
    return float((means.square() + deviations.square()).mean().sqrt())
