"""The Ray Trainable of a classifier: a thin shell around a trial in its directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ray import tune

from trainables.data.features import FeatureCache
from trainables.errors import InvalidSetting, UserError
from trainables.storage.run_storage import Storage, storage
from trainables.trial import OWNER, Trial, limit_threads, owner_fence
from trainables.watchdog import limited


class Classifier(tune.Trainable):
    """Takes {directory, store, run, remote, token, heard, evaluate, device, threads, limit}; reports records.

    An actor is used again for the next trial, and keeps the features it has computed.
    """

    def setup(self, config: dict[str, Any]) -> None:
        """Open the first trial of this actor."""
        limit_threads(config["threads"])
        self.cache = FeatureCache()
        self.storage: Storage | None = None
        self._open(config)

    def reset_config(self, new_config: dict[str, Any]) -> bool:
        """Open the next one."""
        self._open(new_config)
        return True

    def _open(self, config: dict[str, Any]) -> None:
        self.trouble: dict[str, Any] = {}
        self.evaluate, self.limit = config["evaluate"], config["limit"]
        with self._reporting():
            run = Path(config["run"])
            self.storage = self.storage or storage(config["remote"], run)
            self.trial = Trial(
                Path(config["directory"]),
                Path(config["store"]),
                self.cache,
                device=config["device"],
                heard=config["heard"],
                fence=owner_fence(run / OWNER, config["token"], self.storage),
                storage=self.storage,
            )

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Report what a user can mend (a full disk, an impossible setting) instead of crashing: Ray would try again."""
        try:
            yield
        except UserError as error:
            self.trouble = {"trouble": str(error), "fatal": isinstance(error, InvalidSetting)}

    def step(self) -> dict[str, Any]:
        """Say one epoch, and after the last one evaluate the test part where the driver asks for it."""
        record: dict[str, Any] = {}
        with self._reporting(), limited(self.limit):
            if not self.trouble:
                record = dict(self.trial.step())
                if self.evaluate and self.trial.finished:
                    self.trial.evaluate()
        return {"epoch": 0, **record, **self.trouble}

    def save_checkpoint(self, checkpoint_dir: str) -> None:
        """Nothing: the trial's own directory holds its state."""

    def load_checkpoint(self, checkpoint: Any) -> None:
        """Nothing: the trial's own directory holds its state."""
