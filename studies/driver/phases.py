"""Explore, then confirm, as one queue, so that no worker waits, or has to start anew, between them."""

from collections.abc import Callable

from studies.tasks import Confirm, Plan, Queue, Task
from trainables.fit import Record


class Phases:
    """The queue of a whole run.

    While the last explore trials are still being trained, confirm trials of what was printed are handed out, which no
    choice can change; once explore has ended, `plan` is asked for all of them. `current` is the phase last heard of.
    """

    phase = "run"

    def __init__(self, explore: Queue, confirm: Confirm, plan: Callable[[], Plan]):
        self.explore, self.confirm, self.plan = explore, confirm, plan
        self.current: Queue = explore
        self.owners: dict[str, Queue] = {}
        self.planned_whole = False

    @property
    def planned(self) -> int:
        """Trials planned so far in both phases."""
        return self.explore.planned + self.confirm.planned

    @property
    def done(self) -> int:
        """Number of trials that have ended."""
        return self.explore.done + self.confirm.done

    @property
    def exhausted(self) -> bool:
        """Whether all trials have been given out."""
        return self.planned_whole and self.confirm.exhausted

    def next(self) -> Task | None:
        """The next trial to train; None while there is nothing to do but to wait for explore, or at the end."""
        if not self.planned_whole and self.explore.done == self.explore.planned:
            self.confirm.follow(self.plan())
            self.planned_whole = True
        for queue in (self.explore, self.confirm):
            if not queue.exhausted and (task := queue.next()):
                self.owners[task.name] = queue
                return task
        return None

    def decide(self, name: str, record: Record) -> bool:
        """Whether the trial ends with this record."""
        return self._owner(name).decide(name, record)

    def hear(self, name: str, record: Record) -> None:
        """Take note of a record."""
        self._owner(name).hear(name, record)

    def close(self, name: str, failed: str | None = None) -> None:
        """The trial has ended, or was ended; `failed` says why it can never be finished."""
        self._owner(name).close(name, failed)

    def _owner(self, name: str) -> Queue:
        self.current = self.owners[name]
        return self.current
