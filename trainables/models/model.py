"""A model from its file: recordings of any rate to probabilities of its classes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.corpora.decoding import Undecodable, as_packed, read
from trainables.data.aggregation import log_probabilities, together
from trainables.errors import UserError
from trainables.extensions import load_packages
from trainables.frontends import FRONT_ENDS
from trainables.models.header import Header, Part, header_of
from trainables.models.prediction import Prediction
from trainables.models.windows import waveforms, windows_of
from trainables.registry import Registry

BATCH = 64
LEAST_RATE = 0.9
"""Of the rate that a front end needs: what a recording at 44.1 kHz lacks of one at 48 kHz is next to nothing."""
MOST_CHANNELS = 64


class RateTooLow(UserError):
    """A recording without the high frequencies that a model was trained on."""


@contextmanager
def naming(what: object) -> Iterator[None]:
    """Say of what it is that nothing can be used."""
    try:
        yield
    except Undecodable as error:
        raise UserError(f"{what} {error}.") from error


@dataclass(frozen=True)
class Model:
    """A trained network with its front end; make one with `load_model`."""

    header: Header
    front_end: nn.Module
    network: nn.Module

    @property
    def labels(self) -> tuple[str, ...]:
        return self.header.labels

    @property
    def rate(self) -> int:
        """The rate in Hz of the recordings that it was trained on."""
        return self.header.rate

    def predict(self, samples: np.ndarray, rate: int, *, hop: float | None = None, batch: int = BATCH) -> Prediction:
        """What the model says of a recording (samples,) or (samples, channels), in [-1, 1] or int16, at `rate` Hz.

        Channels are averaged. At another rate than the model's the recording is resampled by soxr, and the result says
        so. `hop` are the seconds from one window to the next (see `windows_of`), `batch` how many of them are computed
        at once. Raises RateTooLow where the rate is below what the front end needs, and UserError for a recording
        without samples, with samples that are no numbers, or of another shape.
        """
        with naming("The recording"):
            return self.predict_mono(mono_of(samples), rate, hop=hop, batch=batch)

    def predict_file(self, path: Path | str, *, hop: float | None = None, batch: int = BATCH) -> Prediction:
        """The same of an audio file that libsndfile reads; raises UserError for any other, too."""
        with naming(path):
            return self.predict_mono(*read(Path(path)), hop=hop, batch=batch)

    def predict_mono(self, mono: np.ndarray, rate: int, *, hop: float | None, batch: int) -> Prediction:
        """The same of the mean of all channels (samples,), float32 in [-1, 1], which is used up.

        Raises Undecodable where it holds nothing that can be used.
        """
        self.refuse_rate(rate)
        given = len(mono) / rate
        samples = as_packed(mono, rate, self.rate)
        windows = windows_of(samples, self.header, hop)
        rows = range(len(windows.start))
        blocks = [rows[first : first + batch] for first in range(0, len(rows), batch)]
        logits = torch.cat([self.logits(torch.from_numpy(waveforms(samples, windows, block))) for block in blocks])
        several = self.header.several_labels
        whole = together(
            logits.double(), torch.zeros(len(rows), dtype=torch.long), self.header.aggregation, columns=several
        )
        return Prediction(
            labels=self.labels,
            probabilities=whole[0].exp().numpy(),
            windows=log_probabilities(logits.double(), several).exp().numpy(),
            starts=windows.start / self.rate,
            ends=(windows.start + windows.available) / self.rate,
            seconds=given,
            rate=rate,
            resampled_to=None if rate == self.rate else self.rate,
        )

    @torch.inference_mode()
    def logits(self, waveforms: Tensor) -> Tensor:
        """Logits (windows, classes) of windows (windows, samples) in [-1, 1) at the model's rate."""
        found: Tensor = self.network(self.front_end(waveforms))
        return found.float()

    def refuse_rate(self, rate: int) -> None:
        """Raise RateTooLow for recordings of a rate that lacks what the front end looks at."""
        if rate < LEAST_RATE * self.header.needed_rate:
            raise RateTooLow(
                f"The rate is {rate} Hz, and this model needs at least {self.header.needed_rate} Hz: give it a "
                "recording of a higher rate, or train a model on recordings of this one."
            )


def load_model(path: Path | str) -> Model:
    """The model in a file that `etude export` has written.

    No code of the file is run. Raises UserError for a file that is missing, damaged, of another version, or whose
    network or front end is not registered here.
    """
    try:
        with safe_open(path, "pt") as file:
            names: list[str] = file.keys()
            header, weights = header_of(file.metadata(), path), {name: file.get_tensor(name) for name in names}
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}: `etude export RUN` writes a model.") from error
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path} cannot be read as a model ({error}): export it again.") from error
    load_packages()
    front_end = built(FRONT_ENDS, header.front_end, header.rate, header.samples, where=path)
    network = built(ARCHITECTURES, header.architecture, header.shape, len(header.labels), where=path)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise unfit(path, str(error).splitlines()[0]) from error
    return Model(header, front_end.eval(), network.eval())


def built(registry: Registry, part: Part, *arguments: object, where: object) -> nn.Module:
    """What a registered function makes of these arguments; raises UserError where it has other parameters now."""
    entry = registry[part.name]
    if strange := sorted(part.settings.keys() - entry.parameters.keys()):
        raise unfit(where, f"the {registry.kind} {part.name} has no parameter {strange[0]}")
    made: nn.Module = entry.build(*arguments, **part.settings)
    return made


def unfit(where: object, reason: str) -> UserError:
    return UserError(f"{where} does not fit this version of étude ({reason}): export the model again.")


def mono_of(samples: np.ndarray) -> np.ndarray:
    """The mean of the channels (samples,), float32 in [-1, 1]; raises UserError for no such recording."""
    whole = np.asarray(samples)
    if whole.ndim not in (1, 2) or (whole.ndim == 2 and not 1 <= whole.shape[1] <= MOST_CHANNELS):
        raise UserError(f"Samples have the shape {whole.shape}: give (samples,) or (samples, channels).")
    if whole.dtype != np.int16 and whole.dtype.kind != "f":
        raise UserError(f"Samples are of type {whole.dtype}: give numbers in [-1, 1] as floats, or int16.")
    scaled = whole.astype(np.float32) / np.float32(32768 if whole.dtype == np.int16 else 1)
    return scaled if scaled.ndim == 1 else scaled.mean(1)
