"""The continuous wavelet transform with Morlet's wavelet, fixed or learnable."""

import math

import numpy as np
import scipy
import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, check_bounds
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import BELOW_PEAK, NORMALISATION, RESAMPLING, Axes, Step
from trainables.frontends.resampling import at_rate
from trainables.frontends.scaling import ScaledPower

OMEGA = 6.0
"""Oscillations of the wavelet, as w0 in psi(t) = pi^-1/4 exp(i w0 t) exp(-t^2 / 2)."""

LEARNABLE_OMEGAS = (3.0, 12.0)
REACH = 6.0
"""Standard deviations after which a wavelet, in time or in frequency, counts as zero (1e-8 of its peak)."""


class MorletPower(nn.Module):
    """Waveforms (batch, samples) to the squared magnitude of a Morlet transform, (batch, bands, frames).

    Band k is the convolution with psi(t / s), s = w0 / (2 pi f_k), at every `hop`-th sample from the first, with
    silence around the segment; each wavelet is scaled so that a sinusoid at its centre keeps its amplitude. Centres
    f_k are spaced by equal ratios from `lowest` Hz to half the rate. With `learnable` centres and w0 of each band are
    parameters (as logarithms), kept between `lowest` and half the rate and within LEARNABLE_OMEGAS.
    """

    log_centres: Tensor
    log_omegas: Tensor
    hertz: Tensor

    def __init__(self, rate: int, samples: int, bands: int, lowest: float, hop: int, *, learnable: bool = False):
        super().__init__()
        check_scales(rate, samples, bands, lowest, hop)
        self.hop, self.frames, self.learnable = hop, -(-samples // hop), learnable
        self.step = hop / rate
        self.limits = (math.log(lowest), math.log(rate / 2))
        self.length = transform_length(rate, samples, lowest, hop, LEARNABLE_OMEGAS[1] if learnable else OMEGA)
        # In NumPy, so that the module can be built on a device without numbers, too.
        log_centres = np.linspace(*self.limits, bands)
        self.centres = np.exp(log_centres)
        self._keep("log_centres", torch.tensor(log_centres, dtype=torch.float32))
        self._keep("log_omegas", torch.full((bands,), math.log(OMEGA)))
        step = self.length // hop
        folds = self.length // 2 // step + 1
        hertz = (np.arange(folds * step) * rate / self.length).astype(np.float32).reshape(folds, step)
        self.register_buffer("hertz", torch.tensor(hertz), persistent=False)
        self.used = [folds if learnable else used_folds(hertz, centre) for centre in self.centres]

    def _keep(self, name: str, values: Tensor) -> None:
        if self.learnable:
            self.register_parameter(name, nn.Parameter(values))
        else:
            self.register_buffer(name, values, persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """The power of each band at each frame.

        The product of the spectra is folded before the inverse transform: that gives the `hop`-th samples of the
        convolution exactly, at a `hop`-th of the cost.
        """
        if not len(waveforms):  # which MKL's transform refuses
            return waveforms.new_zeros(0, len(self.used), self.frames)
        spectrum = torch.fft.rfft(waveforms, self.length)
        missing = self.hertz.numel() - spectrum.shape[-1]
        folded = nn.functional.pad(spectrum, (0, missing)).unflatten(-1, self.hertz.shape)
        return torch.stack([self._band(folded[:, :used], band) for band, used in enumerate(self.used)], 1)

    def _band(self, spectrum: Tensor, band: int) -> Tensor:
        values = torch.fft.ifft((spectrum * self._response(band)).sum(1))[:, : self.frames] / self.hop
        return values.real.square() + values.imag.square()

    def _response(self, band: int) -> Tensor:
        """The transform of a band's wavelet at the bins it uses; 2 at its centre, for a sinusoid's two halves."""
        centre = self.log_centres[band].clamp(*self.limits).exp()
        omega = self.log_omegas[band].exp().clamp(*LEARNABLE_OMEGAS)
        hertz = self.hertz[: self.used[band]]
        return 2 * torch.exp(-0.5 * (omega * (hertz / centre - 1)).square())


def scalogram(power: MorletPower, samples: int, top_db: float, normalise: str) -> ScaledPower:
    """Waveforms (batch, given samples) to log magnitudes (batch, 1, bands, frames) of a Morlet transform."""
    axes = Axes(power.step, "dB relative to the peak", power.centres[None])
    return ScaledPower(power, samples, power.frames, axes, top_db, normalise)


def check_scales(rate: int, samples: int, bands: int, lowest: float, hop: int) -> None:
    check_bounds("bands", bands, at_least=1)
    if not 1 <= hop <= samples:
        raise InvalidSetting(f"hop is {hop}: it must lie between 1 and the {samples} samples of a segment.")
    if not 0 < lowest < rate / 2:
        raise InvalidSetting(f"lowest is {lowest} Hz: it must be above 0 and below half the rate, {rate / 2} Hz.")


def transform_length(rate: int, samples: int, lowest: float, hop: int, omega: float) -> int:
    """A multiple of `hop` so long that the longest wavelet does not reach from one end of the segment to the other."""
    # Named in full: SciPy then imports its transforms when they are first asked for, not in every worker.
    reach = REACH * omega / (2 * math.pi * lowest) * rate
    return hop * int(scipy.fft.next_fast_len(math.ceil((samples + reach) / hop)))


def used_folds(hertz: np.ndarray, centre: float) -> int:
    """How many rows of `hertz` a wavelet with OMEGA reaches into."""
    return int((hertz[:, 0] <= centre * (1 + REACH / OMEGA)).sum())


TRANSFORM = Step("Morlet wavelet transform", ("bands", "lowest", "hop"))


@FRONT_ENDS("S1-A5", steps=(RESAMPLING, TRANSFORM, BELOW_PEAK, NORMALISATION))
def morlet(
    rate: int,
    samples: int,
    *,
    target_rate: int = 0,
    bands: int = 64,
    lowest: float = 50.0,
    hop: int = 512,
    top_db: float = 80.0,
    normalise: str = "clip",
) -> ScaledPower:
    """Morlet scalogram in dB relative to the peak of the clip; shape (1, bands, frames).

    The magnitude of the convolution with psi(t) = pi^-1/4 exp(i 6 t) exp(-t^2 / 2) at `bands` scales whose centres
    are spaced by equal ratios from `lowest` Hz to half the rate, at every `hop`-th sample. The other parameters are
    those of `mel_spectrogram` and `log_mel`. A network that shall learn centres and bandwidths takes the front end
    `waveform` and holds a `scalogram` of a `learnable` MorletPower.
    Valid: any bands; 0 < lowest < half the rate; 1 <= hop <= samples. Else raises InvalidSetting.
    """
    rate, samples = at_rate(rate, samples, target_rate)
    return scalogram(MorletPower(rate, samples, bands, lowest, hop), samples, top_db, normalise)
