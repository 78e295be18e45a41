"""One trial in its directory: goes on from what is there, commits each epoch, knows nothing of Ray.

config.json          the configuration: all that can change the result
about.json           parameters of the network, device
epochs.jsonl         one line per finished epoch
checkpoint           everything the next epoch depends on
predictions.parquet  one row per test item, written once, after the last epoch

What an epoch is, is the training's, which may write further files.
"""

import io
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq
import torch

from trainables.data.features import FeatureCache
from trainables.data.trial_data import TrialData
from trainables.errors import UserError
from trainables.fit import Record
from trainables.memory import building_errors
from trainables.resolving import resolve
from trainables.storage.run_storage import Folder, Storage
from trainables.trainings import TRAININGS, Training

CONFIG, ABOUT, EPOCHS, CHECKPOINT, PREDICTIONS = (
    "config.json",
    "about.json",
    "epochs.jsonl",
    "checkpoint",
    "predictions.parquet",
)
# Who drives the run: a file beside the trials.
OWNER = "owner"
CHECKSUM_BYTES = 4
TEXTS = ("item", "group", "label", "prediction")
TIMES = {"seconds", "cpu_seconds"}


class Fenced(UserError):
    """The run has another owner now: this process must not write to it any more."""


def nobody_else() -> None:
    """The fence of a trial that no other process can own."""


class Trial:
    """A trial whose truth is its directory.

    `heard` is the number of epochs that the driver knows of: those it has not heard, and the last one it has, are said
    again before new ones are trained, so that no decision is lost with a process that died. `fence` raises Fenced when
    the run has been taken over. `storage` keeps the files; without one, the directory is where they are kept.
    """

    def __init__(
        self,
        directory: Path,
        store: Path,
        cache: FeatureCache,
        *,
        device: str = "cpu",
        heard: int = 0,
        fence: Callable[[], None] = nobody_else,
        storage: Storage | None = None,
    ):
        self.directory, self.fence, self.storage = directory, fence, storage or Folder()
        self.storage.fetch(directory)
        self.configuration = resolve(json.loads((directory / CONFIG).read_text()))
        with building_errors():
            self.features = cache.get(store, self.configuration, torch.device(device))
            self.store = self.features.store
            self.data = TrialData(self.configuration, self.features)
            self.items, self.classes = self.data.items, self.data.classes
            self.fit = self._begin()
            self._load()
        self.next = max(heard, 1)

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
            # Damaged, or of another network: keep it to be looked at, and train again from the start.
            checkpoint.replace(self.directory / f"{CHECKPOINT}.unreadable")
            self.fit = self._begin()
        if self.fit.history and not intact(self.directory, len(self.fit.history)):
            self.fence()
            self._describe()

    @property
    def finished(self) -> bool:
        """Whether the last epoch is done and has been said."""
        return self.fit.finished and self.next > len(self.fit.history)

    def step(self) -> Record:
        """The next epoch that the driver has not heard of: from the history, or trained and committed now."""
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
        # The lines first: a crash between the two files then costs a repeated epoch, never a lost line.
        self._describe()
        self.storage.keep(self.directory / CHECKPOINT, sealed(self.fit.state()), beside=True)

    def _describe(self) -> None:
        """Write what can be read of the trial without its checkpoint."""
        if len(self.fit.history) == 1 or not description(self.directory):
            self._keep(ABOUT, json.dumps(self.about(), indent=1).encode())
        self._keep(EPOCHS, "".join(json.dumps(record) + "\n" for record in self.fit.history).encode())

    def _keep(self, name: str, content: bytes) -> None:
        self.storage.keep(self.directory / name, content)

    def about(self) -> dict[str, Any]:
        """What is worth knowing of the trial beside its configuration."""
        device = self.features.device.type
        return {"parameters": self.fit.parameters, "device": device, "threads": torch.get_num_threads()}

    def evaluate(self) -> None:
        """Predict the test part and write one row per item, unless that has been done."""
        if has_predictions(self.directory):
            return
        self.fence()
        # Before the predictions, which tell everybody that the trial is whole.
        self.storage.flush()
        with building_errors():
            predictions = parquet(self.fit.predictions())
        self._keep(PREDICTIONS, predictions)


def intact(directory: Path, epochs: int) -> bool:
    """Whether a trial's directory says what was trained, how, and the course of at least so many epochs."""
    described = bool(configured(directory) and (description(directory) or not epochs))
    return described and len(records(directory)) >= epochs


def configured(directory: Path) -> dict[str, Any]:
    """The settings in a trial's directory; {} where they cannot be read."""
    settings = read(directory / CONFIG)
    return settings if isinstance(settings, dict) else {}


def description(directory: Path) -> dict[str, Any]:
    """What about.json says; {} where it cannot be read, or lacks something."""
    about = read(directory / ABOUT)
    whole = isinstance(about, dict) and type(about.get("parameters")) is int and isinstance(about.get("device"), str)
    return about if whole else {}


def read(path: Path) -> Any:
    """The content of a JSON file; None where there is none that can be read."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError, RecursionError):
        return None


def records(directory: Path) -> list[Record]:
    """The finished epochs that a trial's directory tells of, up to the first line that is damaged."""
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
    """Whether a trial has been tested, and its predictions are there whole."""
    try:
        kinds = {field.name: field.type for field in pq.read_schema(directory / PREDICTIONS)}
    except (OSError, ValueError):
        return False
    texts = all(name in kinds and kinds[name] in (pa.string(), pa.large_string()) for name in TEXTS)
    logits, confidence = (kinds.get(name, pa.null()) for name in ("logits", "confidence"))
    return texts and pa.types.is_list(logits) and pa.types.is_floating(confidence)


def sealed(state: bytes) -> bytes:
    """A state followed by its checksum, which torch.load does not mind: it compares no checksums of its own.

    CRC-32: it is written after every epoch, and guards against damage, not against intent.
    """
    return state + crc32(state).to_bytes(CHECKSUM_BYTES, "big")


def unsealed(content: bytes) -> bytes:
    """The state that was sealed; raises ValueError if the checksum says that it has changed or is cut short."""
    state = content[:-CHECKSUM_BYTES]
    if sealed(state) != content:
        raise ValueError("the checksum differs")
    return state


def parquet(columns: dict[str, Any]) -> bytes:
    """Columns as the bytes of a parquet file, in which a changed bit is noticed."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, write_page_checksum=True)
    return buffer.getvalue()


def owner_fence(owner: Path, token: str, storage: Storage | None = None) -> Callable[[], None]:
    """A fence that stands while the file `owner` holds `token`."""
    place = storage or Folder()

    def check() -> None:
        if place.read(owner).decode() != token:
            raise Fenced(f"{owner.parent} has been taken over by another run of the same command; this one stops.")

    return check


def limit_threads(threads: int) -> None:
    """Keep the numeric libraries of this process to `threads` threads; call it before the first tensor is made."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    torch.set_num_threads(threads)
