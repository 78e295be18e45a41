"""Nothing is trained: sounds are made of the MFCCs of recordings, and what is lost on the way is measured (S0-F29)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from torch import Tensor

from trainables.data.trial_data import TrialData
from trainables.errors import InvalidSetting, check_bounds
from trainables.fit import Record, as_bytes, from_bytes, stopwatch
from trainables.frontends.mfcc_image import to_sound
from trainables.frontends.scaling import LEAST_POWER
from trainables.frontends.spectrum import PowerSpectrum
from trainables.trainings import TRAININGS
from trainables.trainings.generated import flatness
from trainables.trainings.sounds import sound_files

NEEDED = {"front_end": "mfcc", "normalise": "none", "pre_emphasis": 0.0, "frames": 0, "augmentation": ""}
RECORDED, INVERTED = "recorded", "inverted"
DEPTH = 80.0
"""How far below the peak of a recording a spectrum is compared, in dB."""
MEASURES = (
    "signal_to_noise",
    "spectral_distance",
    "spectral_distance_of_another",
    "spectral_distance_of_noise",
    "flatness_recorded",
    "flatness_inverted",
)


@dataclass
class Inversion:
    """The recordings of an instrument in the test part; see `inversion`."""

    data: TrialData
    instrument: str
    sounds: int
    history: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        items = self.data.items["test"]
        chosen = (items.table["label"] == self.instrument).to_numpy()[items.item]
        self.rows, self.table = items.rows[chosen], numbered(items.table.iloc[items.item[chosen]])
        self.measured: list[list[float]] = []

    @property
    def finished(self) -> bool:
        return len(self.history) >= self.data.recipe.epochs

    @property
    def parameters(self) -> int:
        """0: there is no network."""
        return 0

    def epoch(self) -> Record:
        """Measure an equal part of the recordings, as many as there are epochs to share them."""
        taken, number = stopwatch(), len(self.history)
        places = np.array_split(np.arange(len(self.rows)), self.data.recipe.epochs)[number]
        self.measured += [list(self.measure(place).values()) for place in places]
        record = {"epoch": number + 1, "recordings": len(places), **taken()}
        self.history.append(record)
        return record

    def measure(self, place: int) -> dict[str, float]:
        """The `MEASURES` of the recording at a place."""
        recorded, inverted = self.pair(place)
        others = inverted, self.another(place, len(recorded)), self.noise_like(recorded, place)
        frame, hop = (int(self.data.configuration[name]) for name in ("frame", "hop"))
        spectra = spectra_of([recorded, *others], frame, hop)
        distances, flat = spectral_distances(spectra), flatness(spectra)
        values = signal_to_noise(recorded, inverted), *distances.tolist(), *flat[:2].tolist()
        return dict(zip(MEASURES, values, strict=True))

    def another(self, place: int, samples: int) -> np.ndarray:
        """The first samples of the recording that is furthest away in the list of the instrument's."""
        row = self.rows[[(place + len(self.rows) // 2) % len(self.rows)]]
        return self.data.features.waveforms(row)[0].cpu().numpy()[:samples]

    def noise_like(self, recorded: np.ndarray, place: int) -> np.ndarray:
        """White noise as strong as a recording (samples,), by the trial's seed."""
        noise = np.random.default_rng([self.data.seed, int(self.rows[place]), 1]).standard_normal(len(recorded))
        return (noise * np.sqrt(np.square(recorded).mean())).astype(np.float32)

    def pair(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """A recording, and what is made of its MFCCs (samples,); the phases begin at random, by the trial's seed."""
        features, settings = self.data.features, self.data.configuration
        row = self.rows[[place]]
        cepstra = features.rows(row)[0, 0].cpu().numpy()
        frame, hop, bands = (int(settings[name]) for name in ("frame", "hop", "bands"))
        random = np.random.default_rng([self.data.seed, int(row[0])])
        made_of = (features.store.rate, features.segments.samples)
        inverted = to_sound(cepstra, *made_of, frame=frame, hop=hop, bands=bands, random=random)
        # Zeros after the end of a recording are not part of it.
        last = int(features.segments.available[row[0]])
        return features.waveforms(row)[0].cpu().numpy()[:last], inverted[:last]

    def predictions(self) -> dict[str, Any]:
        """A row for each recording, with what was measured of it; no class is named."""
        table, size = self.table, len(self.table)
        return {
            "item": table["clip"].to_list(),
            "group": table["group"].to_list(),
            "label": table["label"].to_list(),
            "prediction": pa.nulls(size, pa.string()),
            "confidence": [float("nan")] * size,
            "logits": pa.array([[] for _ in range(size)], pa.list_(pa.float64())),
            **dict(zip(MEASURES, np.array(self.measured).T.tolist(), strict=True)),
        }

    def train_accuracy(self) -> float:
        """NaN: nothing is trained."""
        return float("nan")

    def excerpt_answers(self) -> None:
        """None: no classes are told apart."""

    def files(self) -> dict[str, bytes]:
        """After the last epoch the first recordings as they are and as they come back."""
        if not self.finished:
            return {}
        pairs = [self.pair(place) for place in range(min(self.sounds, len(self.rows)))]
        kinds = {kind: [pair[side] for pair in pairs] for side, kind in enumerate((RECORDED, INVERTED))}
        return sound_files(kinds, self.data.features.store.rate)

    def state(self) -> bytes:
        """What has been measured, and the history."""
        return as_bytes(measured=torch.tensor(self.measured, dtype=torch.float64), history=json.dumps(self.history))

    def load(self, state: bytes) -> None:
        saved = from_bytes(state)
        self.measured, self.history = saved["measured"].tolist(), json.loads(saved["history"])


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """A row for each segment, named after its clip, and its number there where a clip has several."""
    number = table.groupby("clip").cumcount().astype(str)
    several = table["clip"].duplicated(keep=False)
    return table.assign(clip=table["clip"].where(~several, table["clip"] + "#" + number))


def signal_to_noise(recorded: np.ndarray, inverted: np.ndarray) -> float:
    """The energy of a recording over that of what is wrong with another waveform (samples,), in dB."""
    signal, wrong = (float(np.square(each.astype(np.float64)).sum()) for each in (recorded, recorded - inverted))
    return float(10 * np.log10(max(signal, LEAST_POWER) / max(wrong, LEAST_POWER)))


def spectra_of(waveforms: Sequence[np.ndarray], frame: int, hop: int) -> Tensor:
    """Power spectra (waveforms, bins, frames) in dB, none below `DEPTH` under the peak of the first."""
    power = PowerSpectrum(frame, hop)(torch.from_numpy(np.stack(waveforms)))
    values = 10 * torch.log10(power.clamp_min(LEAST_POWER))
    return torch.maximum(values, values[0].max() - DEPTH)


def spectral_distances(spectra: Tensor) -> Tensor:
    """Log-spectral distance (others,) of the first of some spectra in dB to each other one, in dB.

    The root of the mean square over bins of the difference, averaged over frames: it takes no notice of phases.
    """
    return (spectra[1:] - spectra[0]).square().mean(1).sqrt().mean(1)


@TRAININGS("S0-F29", "S0-S12", depends_on_epochs=True, trains=False)
def inversion(data: TrialData, *, instrument: str = "violin", sounds: int = 1) -> Inversion:
    """Make sounds of the MFCCs of test recordings of an instrument, and measure what was lost (S0-F29, S0-S12).

    Of each recording: the signal-to-noise ratio in dB, which is about 0 where phases are lost, whatever else is kept;
    the log-spectral distance in dB of what comes back, of another recording of the instrument, and of white noise as
    strong; the spectral flatness, 0 to 1, of the recording and of what comes back. The epochs share the recordings. The
    first `sounds` of them are written as WAV files, as they are and as they come back.
    Raises InvalidSetting for MFCCs that are pre-emphasised, normalised or cut, or a test part without the instrument.
    """
    check_bounds("sounds", sounds, at_least=0)
    settings = data.configuration.settings
    for name, needed in NEEDED.items():
        if name in settings and settings[name] != needed:
            raise InvalidSetting(f"{name} is {settings[name]!r}: training 'inversion' needs {needed!r}.")
    made = Inversion(data, instrument, sounds)
    if not len(made.rows):
        known = ", ".join(sorted(set(data.items["test"].table["label"])))
        raise InvalidSetting(f"instrument is '{instrument}': the test part has no clip of it; it has {known}.")
    return made
