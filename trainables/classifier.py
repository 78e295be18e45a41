"""The Ray Trainable: trains the trial in a directory and reports its epochs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname
from typing import Any

from ray import tune

from trainables.data.features import FeatureCache
from trainables.errors import InvalidSetting, UserError
from trainables.extensions import Extension, executed, load_packages
from trainables.storage.run_storage import Storage, storage
from trainables.trial import OWNER, Trial, limit_threads, owner_fence
from trainables.watchdog import limited, patience


@dataclass(frozen=True)
class Assignment:
    """One trial for a worker: what the driver hands to Tune, as a dictionary, and Tune to the Trainable."""

    # The trial's id and its directory.
    name: str
    directory: Path
    # Epochs that the driver has recorded.
    reported: int
    # Whether to predict the test part after the last epoch.
    evaluate: bool
    # The packed corpus.
    store: Path
    # The run's directory, the URL where it is kept ('' for this directory), and its driver's token.
    run: Path
    remote: str
    token: str
    # The torch device and the CPU threads of the trial.
    device: str
    threads: int
    # Seconds after which an epoch is taken to hang, however long those before it were.
    limit: float
    # Path and text of the study's file if that registers parts of trials.
    extension: tuple[str, str] | None = None


class Classifier(tune.Trainable):
    """Trains the trial of an `Assignment` and reports a record per epoch.

    Tune reuses the actor for the next trial, which finds the features of the last one.
    """

    def setup(self, config: dict[str, Any]) -> None:
        limit_threads(config["threads"])
        self.cache = FeatureCache()
        self.storage: Storage | None = None
        self.extension: tuple[str, str] | None = None
        self._open(Assignment(**config))

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        self._open(Assignment(**new_config))
        return True

    def _open(self, assignment: Assignment) -> None:
        self.trouble: dict[str, Any] = {}
        self.assignment = assignment
        # Seconds of the epochs that this worker has trained of this trial, but for the first.
        self.finished: list[float] = []
        self.warm = False
        with self._reporting():
            self._extend(assignment)
            self.storage = self.storage or storage(assignment.remote, assignment.run)
            self.trial = Trial(
                assignment.directory,
                assignment.store,
                self.cache,
                device=assignment.device,
                reported=assignment.reported,
                fence=owner_fence(assignment.run / OWNER, assignment.token, self.storage),
                storage=self.storage,
            )

    def _extend(self, assignment: Assignment) -> None:
        """Register what packages and the study's file add, unless this worker has.

        Raises UserError where it cannot: that ends the run, because other trials would fail as well.
        """
        load_packages()
        if assignment.extension in (None, self.extension):
            return
        extension = Extension(*assignment.extension)
        try:
            executed(extension)
        except Exception as error:
            raise UserError(
                f"{extension.path} cannot be executed on {gethostname()} ({type(error).__name__}: {error}): what it "
                "imports must be installed on every machine."
            ) from error
        self.extension = assignment.extension

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Report an error that a user can mend (a full disk, an impossible setting); Ray would retry after a crash."""
        try:
            yield
        except UserError as error:
            self.trouble = {"trouble": str(error), "fatal": isinstance(error, InvalidSetting)}

    def step(self) -> dict[str, Any]:
        """The record of one epoch, or "trouble" and whether it is "fatal" for this trial alone."""
        record: dict[str, Any] = {}
        with self._reporting():
            if not self.trouble:
                record = self._epoch()
                if self.assignment.evaluate and self.trial.finished:
                    with limited(self.assignment.limit):
                        self.trial.evaluate()
        return {"epoch": 0, **record, **self.trouble}

    def _epoch(self) -> dict[str, Any]:
        """The record of the next epoch; the first one here may also have to compute the features, and is not timed."""
        trains, begun = self.trial.next > len(self.trial.fit.history), time.monotonic()
        alike = [] if self.trial.lasts_longer else self.finished
        with limited(patience(alike, self.assignment.limit)):
            record = dict(self.trial.step())
        if trains and self.warm:
            self.finished.append(time.monotonic() - begun)
        self.warm = self.warm or trains
        return record

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        """Nothing: the trial's own directory holds its state."""

    def load_checkpoint(self, checkpoint: Any) -> None:
        """Nothing: the trial's own directory holds its state."""
