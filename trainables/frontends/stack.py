"""Several spectrograms of one segment on a common grid."""

import re

import numpy as np
import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, check_bounds, checked
from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import BELOW_PEAK, NORMALISATION, RESAMPLING, Axes, Step
from trainables.frontends.filterbank import bin_frequencies
from trainables.frontends.resampling import at_rate, resampled
from trainables.frontends.scaling import checked_top_db, decibels, full_precision, normalisation
from trainables.frontends.spectrum import PowerSpectrum
from trainables.frontends.triangles import frequency_edges, time_edges, triangles

SCALES = ("linear", "mel", "log")
HOPS_PER_WINDOW = 4
LIST = re.compile(r"[1-9]\d*(-[1-9]\d*)*")


class GridPower(nn.Module):
    """Waveforms (batch, samples) to the power of one window on some scales, (batch, scales, bands, frames)."""

    frequencies: Tensor
    times: Tensor

    def __init__(self, rate: int, samples: int, window: int, edges: dict[str, np.ndarray], frames: int):
        super().__init__()
        hop = max(1, window // HOPS_PER_WINDOW)
        self.names = [f"{scale}-{window}" for scale in edges]
        self.hertz = [each[1:-1] for each in edges.values()]
        self.step = samples / frames / rate
        self.power = PowerSpectrum(window, hop)
        frequencies = np.concatenate([triangles(each, bin_frequencies(rate, window)) for each in edges.values()])
        native = 1 + (samples - window % 2) // hop
        times = triangles(time_edges(samples, frames), np.arange(native) * float(hop)).T
        self.size = (len(frequencies) // len(edges), frames)
        self.register_buffer("frequencies", torch.from_numpy(frequencies).float(), persistent=False)
        self.register_buffer("times", torch.from_numpy(times).float(), persistent=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Mean power in each cell of the grid."""
        clips = len(waveforms)
        # Products per clip: a clip's values then do not depend on its place in the batch.
        bands = torch.bmm(self.frequencies.expand(clips, -1, -1), self.power(waveforms))
        cells = torch.bmm(bands, self.times.expand(clips, -1, -1))
        return cells.unflatten(1, (len(self.names), -1))


class SpectrogramStack(nn.Module):
    """Waveforms (batch, given samples) to spectrograms (batch, spectrograms, bands, frames).

    `names` says what each channel is, as in "mel-512".
    """

    def __init__(self, samples: int, grids: list[GridPower], names: list[str], top_db: float, normalise: str):
        super().__init__()
        everything = [name for grid in grids for name in grid.names]
        self.names = [name for name in everything if name in names]
        self.kept = [everything.index(name) for name in self.names]
        self.shape = (len(self.names), *grids[0].size)
        hertz = np.stack([each for grid in grids for each in grid.hertz])[self.kept]
        self.axes = Axes(grids[0].step, "dB relative to the peak", hertz, tuple(self.names))
        self.samples = samples
        self.grids = nn.ModuleList(grids)
        self.top_db = checked_top_db(top_db)
        self.normalised = normalisation(normalise)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Features in float32, also where mixed precision is on; each spectrogram in dB relative to its own peak."""
        with full_precision(waveforms.device):
            segments = resampled(waveforms.float(), self.samples)
            power = torch.cat([grid(segments) for grid in self.grids], 1)[:, self.kept]
            values = decibels(power.flatten(0, 1), self.top_db, relative=True)
            return self.normalised(values).unflatten(0, power.shape[:2])


def window_lengths(text: str) -> list[int]:
    """The windows listed in `text`, as in "512-2048-8192", in samples."""
    if not LIST.fullmatch(text) or "1" in text.split("-"):
        raise InvalidSetting(f"windows is '{text}': list window lengths of at least 2 samples, as in '512-2048-8192'.")
    return [int(window) for window in unique("windows", text)]


def scale_names(text: str) -> list[str]:
    """The frequency scales listed in `text`, as in "linear-mel-log"."""
    for name in text.split("-"):
        checked("frequency scale", name, SCALES)
    return unique("scales", text)


def unique(setting: str, text: str) -> list[str]:
    """The parts of `text`, which hyphens join; raises InvalidSetting if one comes twice."""
    parts = text.split("-")
    if len(set(parts)) < len(parts):
        raise InvalidSetting(f"{setting} is '{text}': name each of them once.")
    return parts


def kept_names(names: list[str], without: str) -> list[str]:
    """`names` less those that `without` lists, as in "mel-512+log-2048"."""
    dropped = without.split("+") if without else []
    for name in dropped:
        checked("spectrogram in without", name, names)
    kept = [name for name in names if name not in dropped]
    if not kept:
        raise InvalidSetting(f"without is '{without}': leave at least one of the spectrograms {', '.join(names)}.")
    return kept


def check_grid(rate: int, bands: int, frames: int, lowest: float) -> None:
    for name, value in (("bands", bands), ("frames", frames)):
        check_bounds(name, value, at_least=1)
    if not 0 < lowest < rate / 2:
        raise InvalidSetting(
            f"lowest is {lowest} Hz: a logarithmic scale must start above 0 and below half the rate, {rate / 2} Hz."
        )


STEPS = (
    RESAMPLING,
    Step("A short-time Fourier transform for each window, hops of a quarter", ("windows",)),
    Step("Frequency scales, each on one grid", ("scales", "bands", "lowest", "frames", "without")),
    BELOW_PEAK,
    NORMALISATION,
)


@FRONT_ENDS("S1-A1", "S1-A2", steps=STEPS)
def spectrogram_stack(
    rate: int,
    samples: int,
    *,
    target_rate: int = 0,
    windows: str = "512-2048-8192",
    scales: str = "linear-mel-log",
    without: str = "",
    bands: int = 128,
    frames: int = 128,
    lowest: float = 50.0,
    top_db: float = 80.0,
    normalise: str = "clip",
) -> SpectrogramStack:
    """Spectrograms of several windows and frequency scales on one grid; shape (spectrograms, bands, frames).

    One channel for each window (in samples; hop a quarter of it) and within it each scale: the nine of S1-A1 by
    default, the three of S1-A2 with scales "mel"; `without` leaves some out, as in "mel-512+log-2048". Channels are
    branches of a network that takes them one by one, and channels of one that takes them together.
    The grid: `bands` from 0 Hz ("linear", "mel") or from `lowest` Hz ("log") to half the rate, and `frames` equal parts
    of the segment. A cell is the mean power around it, weighted by triangles that reach to the neighbouring cells or to
    the next bin and frame, whichever is further: values are averaged where the window resolves more than the grid and
    interpolated where it resolves less. Each spectrogram is then in dB, at most `top_db` below its own peak, and
    normalised by itself as in `log_mel`.
    Valid: any windows of 2 samples or more, also longer than the segment (which zeros surround); any bands and frames.
    """
    rate, samples = at_rate(rate, samples, target_rate)
    check_grid(rate, bands, frames, lowest)
    lengths, names = window_lengths(windows), scale_names(scales)
    edges = {name: frequency_edges(name, rate, bands, lowest) for name in names}
    grids = [GridPower(rate, samples, window, edges, frames) for window in lengths]
    kept = kept_names([name for grid in grids for name in grid.names], without)
    return SpectrogramStack(samples, grids, kept, top_db, normalise)
