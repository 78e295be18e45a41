"""One trial in its directory: continues from the checkpoint there and commits each epoch. Knows nothing of Ray.

config.json          the configuration: all that can change the result
about.json           parameters of the network, device, bytes of a segment and of a step
epochs.jsonl         one line per finished epoch
checkpoint           everything the next epoch depends on
evaluated.json       accuracy on the training part, in evaluation mode, and milliseconds of the features of a segment,
                     written once, before the predictions
covariates.parquet   what is known of each test item beside the answer, likewise
excerpts.parquet     one row per published test excerpt of a corpus that has such, likewise
predictions.parquet  one row per test item, written once, after the last epoch

The training defines what an epoch is, and may write further files.
"""

import io
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import torch

from trainables.data.covariates import covariates
from trainables.data.features import FeatureCache, milliseconds_of
from trainables.data.items import EXCERPTS
from trainables.data.predictions import excerpt_table
from trainables.data.trial_data import TrialData
from trainables.errors import UserError
from trainables.fit import Record
from trainables.memory import PeakMemory, building_errors, bytes_of
from trainables.resolving import resolve
from trainables.storage.files import sealed, unsealed
from trainables.storage.run_storage import Folder, Storage
from trainables.trainings import TRAININGS, Training, held_in_a_step, judge_of
from trainables.trainings.classification import Classification

CONFIG, ABOUT, EPOCHS, CHECKPOINT, EVALUATED, COVARIATES, EXCERPT_ANSWERS, PREDICTIONS = (
    "config.json",
    "about.json",
    "epochs.jsonl",
    "checkpoint",
    "evaluated.json",
    "covariates.parquet",
    "excerpts.parquet",
    "predictions.parquet",
)
# A file of the run, which holds the token of its driver.
OWNER = "owner"
TEXTS = ("item", "group", "label", "prediction")
TIMES = {"seconds", "cpu_seconds"}


class Fenced(UserError):
    """Another driver has taken over the run: this process must not write to it any more."""


def nobody_else() -> None:
    """The fence of a trial that no other process can take over."""


class Trial:
    """A trial whose state is its directory.

    `reported` is the number of epochs that the driver has recorded. The trial reports the last of these and all later
    ones again before it trains on, so that a decision lost in a crash is taken again. `fence` raises Fenced when
    another driver has taken over the run. `storage` stores the files, by default in the directory itself.
    """

    def __init__(
        self,
        directory: Path,
        store: Path,
        cache: FeatureCache,
        *,
        device: str = "cpu",
        reported: int = 0,
        fence: Callable[[], None] = nobody_else,
        storage: Storage | None = None,
    ):
        self.directory, self.fence, self.storage = directory, fence, storage or Folder()
        self.storage.fetch(directory)
        self.configuration = resolve(json.loads((directory / CONFIG).read_text()))
        with building_errors():
            division = cache.divisions(store).of(self.configuration)
            self.features = cache.get(store, self.configuration, torch.device(device))
            self.store = self.features.store
            self.data = TrialData(self.configuration, division, self.features)
            self.items, self.classes = self.data.items, self.data.classes
            self.fit = self._begin()
            self.memory = PeakMemory(self.features.device)
            self._load()
        self.next = max(reported, 1)

    def _begin(self) -> Training:
        build = TRAININGS[self.configuration["training"]].build
        training: Training = build(self.data, **self.configuration.part("training"))
        return training

    def _load(self) -> None:
        for torn in self.directory.glob("*.tmp"):
            torn.unlink(missing_ok=True)  # what a killed process was writing
        checkpoint = self.directory / CHECKPOINT
        if not checkpoint.exists():
            return
        try:
            self.fit.load(unsealed(checkpoint.read_bytes()))
        except (RuntimeError, KeyError, ValueError, pickle.UnpicklingError):
            # Damaged, or of another network: set it aside for inspection and train from the start.
            checkpoint.replace(self.directory / f"{CHECKPOINT}.unreadable")
            self.fit = self._begin()
        if self.fit.history and not intact(self.directory, len(self.fit.history)):
            self.fence()
            self._describe()

    @property
    def finished(self) -> bool:
        return self.fit.finished and self.next > len(self.fit.history)

    @property
    def lasts_longer(self) -> bool:
        """Whether the next epoch may take longer than those before it, because what was made is judged in it."""
        return judge_of(self.configuration) is not None and self.next == self.configuration["epochs"]

    def step(self) -> Record:
        """The record of the next epoch to report: from the history, or trained and committed now."""
        if self.next <= len(self.fit.history):
            record = self.fit.history[self.next - 1]
        else:
            self.fence()
            record = self.fit.epoch()
            self._commit()
        self.next = int(record["epoch"]) + 1
        return dict(record)

    def _commit(self) -> None:
        self.fence()
        for name, content in self.fit.files().items():
            self._keep(name, content)
        # epochs.jsonl first: a crash between the two files then costs a repeated epoch, never a lost line.
        self._describe()
        self.storage.keep(self.directory / CHECKPOINT, sealed(self.fit.state()), background=True)

    def _describe(self) -> None:
        """Write about.json and epochs.jsonl, from which the trial can be read without its checkpoint."""
        if len(self.fit.history) == 1 or not description(self.directory):
            self._keep(ABOUT, json.dumps(self.about(), indent=1).encode())
        self._keep(EPOCHS, "".join(json.dumps(record) + "\n" for record in self.fit.history).encode())

    def _keep(self, name: str, content: bytes) -> None:
        self.storage.keep(self.directory / name, content)

    def about(self) -> dict[str, Any]:
        """The network's size, and what is measured here, on the device of this trial."""
        return {
            "parameters": self.fit.parameters,
            "device": self.features.device.type,
            "threads": torch.get_num_threads(),
            "peak_memory": self.memory.taken(),
            "input_bytes": bytes_of(self.features.shape),
            "step_bytes": self._step_bytes(),
        }

    def _step_bytes(self) -> int | None:
        if not isinstance(self.fit, Classification):
            return None
        return held_in_a_step(self.configuration, self.fit.network, self.features.shape)

    def evaluate(self) -> None:
        """Predict the test part, and published excerpts, and write predictions.parquet, unless it is there."""
        if has_predictions(self.directory):
            return
        self.fence()
        # Before the predictions, which mark the trial as complete.
        self.storage.flush()
        with building_errors():
            predictions = parquet(self.fit.predictions())
            evaluated = {
                "train_accuracy": self.fit.train_accuracy(),
                "front_end_milliseconds": milliseconds_of(self.features),
            }
            excerpts = self.fit.excerpt_answers() if EXCERPTS in self.items else None
        self._keep(EVALUATED, json.dumps(evaluated).encode())
        self._keep(COVARIATES, parquet(covariates(self.data)))
        if excerpts is not None:
            self._keep(EXCERPT_ANSWERS, parquet(excerpt_table(self.data, excerpts)))
        self._keep(PREDICTIONS, predictions)


def intact(directory: Path, epochs: int) -> bool:
    """Whether config.json, about.json and the records of at least so many epochs can be read."""
    described = bool(configured(directory) and (description(directory) or not epochs))
    return described and len(records(directory)) >= epochs


def configured(directory: Path) -> dict[str, Any]:
    """The content of config.json; {} if it cannot be read."""
    settings = read(directory / CONFIG)
    return settings if isinstance(settings, dict) else {}


def description(directory: Path) -> dict[str, Any]:
    """The content of about.json; {} if it cannot be read or is incomplete."""
    about = read(directory / ABOUT)
    whole = isinstance(about, dict) and type(about.get("parameters")) is int and isinstance(about.get("device"), str)
    return about if whole else {}


def evaluation(directory: Path) -> dict[str, Any]:
    """The content of evaluated.json; {} if it cannot be read, or an older version has trained the trial."""
    found = read(directory / EVALUATED)
    return found if isinstance(found, dict) else {}


def read(path: Path) -> Any:
    """The content of a JSON file; None if it cannot be read."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError, RecursionError):
        return None


def records(directory: Path) -> list[Record]:
    """The records in epochs.jsonl, up to the first damaged line."""
    try:
        lines = (directory / EPOCHS).read_text().splitlines()
    except (OSError, ValueError):
        return []
    found: list[Record] = []
    for line in lines:
        try:
            record = json.loads(line)
            numbers = all(isinstance(value, int | float) for value in record.values())
            if record["epoch"] != len(found) + 1 or not numbers or not record.keys() >= TIMES:
                return found
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return found
        found.append(record)
    return found


def has_predictions(directory: Path) -> bool:
    """Whether predictions.parquet is there, with all its columns."""
    try:
        return is_prediction_schema(pq.read_schema(directory / PREDICTIONS))
    except (OSError, ValueError):
        return False


def is_prediction_schema(schema: pa.Schema) -> bool:
    """Whether a table has the columns that all predictions have, each of its type."""
    kinds = {field.name: field.type for field in schema}
    texts = all(name in kinds and kinds[name] in (pa.string(), pa.large_string()) for name in TEXTS)
    logits, confidence = (kinds.get(name, pa.null()) for name in ("logits", "confidence"))
    return texts and pa.types.is_list(logits) and pa.types.is_floating(confidence)


def parquet(columns: dict[str, Any]) -> bytes:
    """Columns as the bytes of a parquet file with checksums."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, write_page_checksum=True)
    return buffer.getvalue()


def owner_fence(owner: Path, token: str, storage: Storage | None = None) -> Callable[[], None]:
    """A function that raises Fenced unless the file `owner` holds `token`."""
    place = storage or Folder()

    def check() -> None:
        if place.read(owner).decode() != token:
            raise Fenced(f"{owner.parent} has been taken over by another run of the same command; this one stops.")

    return check


def limit_threads(threads: int) -> None:
    """Limit the numeric libraries of this process to `threads` threads; call it before the first tensor is made."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    torch.set_num_threads(threads)
