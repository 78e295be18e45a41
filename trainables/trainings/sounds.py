"""Sounds that a trial writes: WAV files, and the spectrograms of the first of each kind, thinned to a screen."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import soundfile
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from trainables.frontends.filterbank import band_edges, mel_filterbank
from trainables.frontends.scaling import decibels
from trainables.frontends.spectrum import PowerSpectrum
from trainables.trainings.generated import flatness

SOUNDS = "sounds.json"
FRAME, ROWS, COLUMNS = 2048, 64, 96
DEPTH = 80.0
"""How far below the peak of a sound its spectrograms reach, in dB."""

Kinds = Mapping[str, Sequence[np.ndarray]]
"""Waveforms (samples,) by what they are, such as "recorded"."""


def sound_files(kinds: Kinds, rate: int) -> dict[str, bytes]:
    """The files of some sounds by name: "KIND-0.wav" and so on, and `SOUNDS`, which describes the first of each kind.

    WAVs have 16 bits and are scaled to half of full scale, as the level of what is made is arbitrary.
    """
    files = {
        f"{kind}-{place}.wav": wave(waveform, rate)
        for kind, waveforms in kinds.items()
        for place, waveform in enumerate(waveforms)
    }
    described = [description(kind, waveforms[0], rate) for kind, waveforms in kinds.items() if len(waveforms)]
    return {**files, SOUNDS: json.dumps(described, separators=(",", ":")).encode()} if described else {}


def wave(waveform: np.ndarray, rate: int) -> bytes:
    content = io.BytesIO()
    peak = max(float(np.abs(waveform).max()), 1e-9)
    soundfile.write(content, waveform / peak / 2, rate, format="WAV", subtype="PCM_16")
    return content.getvalue()


def description(kind: str, waveform: np.ndarray, rate: int) -> dict[str, Any]:
    """A sound's kind, file, length in seconds, spectral flatness (0 to 1), and spectrograms in dB below its peak.

    "mel" has a row for each mel band, "linear" rows of equal width in Hz; both say the centres of their rows in Hz.
    """
    power = power_of(torch.as_tensor(waveform, dtype=torch.float32))
    filters = torch.from_numpy(mel_filterbank(rate, FRAME, ROWS, 0.0, rate / 2)).float()
    widths = np.arange(ROWS) + 0.5
    return {
        "kind": kind,
        "file": f"{kind}-0.wav",
        "seconds": len(waveform) / rate,
        "flatness": round(float(flatness(decibels(power[None], DEPTH, relative=True))), 4),
        "mel": drawn(filters @ power, band_edges(ROWS, 0.0, rate / 2)[1:-1]),
        "linear": drawn(power, widths * rate / 2 / ROWS),
    }


def power_of(waveform: Tensor) -> Tensor:
    """The power spectrogram (FRAME // 2 + 1, frames) of a waveform, with about as many frames as are drawn."""
    found: Tensor = PowerSpectrum(FRAME, max(1, len(waveform) // COLUMNS))(waveform[None])[0]
    return found


def drawn(power: Tensor, centres: np.ndarray) -> dict[str, Any]:
    """A matrix (ROWS, COLUMNS) of whole dB, and the centres of its rows in Hz."""
    pooled = adaptive_avg_pool2d(power[None], (ROWS, COLUMNS))
    values = decibels(pooled, DEPTH, relative=True)[0].round().int().tolist()
    return {"hertz": centres.round().astype(int).tolist(), "values": values}
