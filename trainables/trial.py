"""One trial in its directory: goes on from what is there, commits each epoch, knows nothing of Ray.

config.json          the configuration: all that can change the result
about.json           parameters of the network, device
epochs.jsonl         one line per finished epoch
checkpoint           everything the next epoch depends on
predictions.parquet  one row per test item, written once, after the last epoch
"""

import io
import json
import os
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from trainables import files
from trainables.configuration import Configuration, entries, resolve
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.errors import UserError
from trainables.features import FeatureCache
from trainables.fit import Fit, Part, Record, predict, start

CONFIG, ABOUT, EPOCHS, CHECKPOINT, PREDICTIONS = (
    "config.json",
    "about.json",
    "epochs.jsonl",
    "checkpoint",
    "predictions.parquet",
)
CHECKSUM_BYTES = 4


class Fenced(UserError):
    """The run has another owner now: this process must not write to it any more."""


def nobody_else() -> None:
    """The fence of a trial that no other process can own."""


class Trial:
    """A trial whose truth is its directory.

    `heard` is the number of epochs that the driver knows of: those it has not heard, and the last one it has, are said
    again before new ones are trained, so that no decision is lost with a process that died. `fence` raises Fenced when
    the run has been taken over.
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
    ):
        self.directory, self.fence = directory, fence
        self.configuration = resolve(json.loads((directory / CONFIG).read_text()))
        features = cache.get(store, self.configuration, torch.device(device))
        self.store = features.store
        self.split = split_of(self.store, self.configuration)
        self.classes = np.unique(self.store.clips["label"].to_numpy(str)[self.split.train])
        self.features = features
        self.fit = self._begin()
        self._load()
        self.next = max(heard, 1)

    def _begin(self) -> Fit:
        architecture = entries(self.configuration.settings)["architecture"]
        settings = self.configuration.part("architecture")
        build = partial(architecture.build, self.features.shape, len(self.classes), **settings)
        parts = (self._part(self.split.train), self._part(self.split.validation))
        return start(build, self.configuration.recipe, int(self.configuration.settings["seed"] or 0), *parts)

    def _part(self, rows: np.ndarray) -> Part:
        labels = np.searchsorted(self.classes, self.store.clips["label"].to_numpy(str)[rows])
        return Part(self.features.rows(rows), torch.as_tensor(labels, device=self.features.device))

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
        if len(self.fit.history) == 1:
            files.replace_json(self.directory / ABOUT, self.about())
        # The lines first: a crash between the two files then costs a repeated epoch, never a lost line.
        lines = "".join(json.dumps(record) + "\n" for record in self.fit.history)
        files.replace(self.directory / EPOCHS, lines.encode())
        files.replace(self.directory / CHECKPOINT, sealed(self.fit.state()))

    def about(self) -> dict[str, Any]:
        """What is worth knowing of the trial beside its configuration."""
        parameters = sum(p.numel() for p in self.fit.network.parameters())
        return {"parameters": parameters, "device": self.fit.device.type, "threads": torch.get_num_threads()}

    def evaluate(self) -> None:
        """Predict the test part and write one row per item, unless that has been done."""
        path = self.directory / PREDICTIONS
        if path.exists():
            return
        self.fence()
        logits = predict(self.fit.network, self._part(self.split.test)).float().cpu()
        files.replace(path, parquet(self._predictions(logits)))

    def _predictions(self, logits: torch.Tensor) -> dict[str, Any]:
        clips = self.store.clips.iloc[self.split.test]
        confidence, best = logits.softmax(1).max(1)
        return {
            "item": clips["clip"].to_list(),
            "group": clips["group"].to_list(),
            "label": clips["label"].to_list(),
            "prediction": self.classes[best.numpy()].tolist(),
            "confidence": confidence.tolist(),
            "logits": logits.tolist(),
        }


def split_of(store: Store, configuration: Configuration) -> Split:
    """The split that a configuration trains, validates and tests on."""
    settings = configuration.settings
    protocol = entries(settings)["protocol"]
    place = (int(settings[name] or 0) for name in ("split_seed", "fold", "folds"))
    split: Split = protocol.build(store.clips, *place, **configuration.part("protocol"))
    return split


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
    """Columns as the bytes of a parquet file."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def owner_fence(owner: Path, token: str) -> Callable[[], None]:
    """A fence that stands while the file `owner` holds `token`."""

    def check() -> None:
        if owner.read_text() != token:
            raise Fenced(f"{owner.parent} has been taken over by another run of the same command; this one stops.")

    return check


def limit_threads(threads: int) -> None:
    """Keep the numeric libraries of this process to `threads` threads; call it before the first tensor is made."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    torch.set_num_threads(threads)
