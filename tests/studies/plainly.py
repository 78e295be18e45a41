"""Training without Ray, in this process, one trial after the other."""

import math
from typing import Any

from studies.tasks import Queue
from trainables.corpora.store import Store
from trainables.data.features import FeatureCache
from trainables.errors import UserError
from trainables.storage.run_storage import Storage, storage
from trainables.trial import Trial


class Plainly:
    """In place of `studies.driver.launch.train_all`: trains what is left of runs, and stops after so many trials."""

    def __init__(self, trials: float = math.inf):
        self.left, self.cache = trials, FeatureCache()

    def __call__(self, runs: Any, *_: Any) -> None:
        for run in runs:
            self.train(run.phases, run.request.store, storage(run.request.url, run.request.directory))

    def train(self, queue: Queue, store: Store, kept: Storage | None = None) -> None:
        """Train what a queue hands out."""
        while task := queue.next():
            if not self.left:
                raise UserError("Stopped.")
            self.left -= 1
            trial = Trial(task.directory, store.path, self.cache, reported=task.reported, storage=kept)
            ends = False
            while not ends:
                record = trial.step()
                if task.evaluate and trial.finished:
                    trial.evaluate()
                ends = queue.tell(task.name, record)
            queue.close(task.name)
