"""Explore, then confirm, as one queue, so that no worker waits, or has to start anew, between them."""

from collections.abc import Callable

from studies.tasks import Confirm, Plan, Queue, Task
from trainables.fit import Record


class Phases:
    """The queue of a whole run.

    While the last explore trials are running, the confirm trials of the printed configurations are handed out, which
    do not depend on any choice. Once explore has ended, `plan` gives all confirm trials. `current` is the phase of the
    last record.
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
        return self.explore.done + self.confirm.done

    @property
    def exhausted(self) -> bool:
        return self.planned_whole and self.confirm.exhausted

    @property
    def running(self) -> set[str]:
        return self.explore.running | self.confirm.running

    def next(self) -> Task | None:
        """The next trial to train; None at the end, and while confirm has to wait for explore."""
        if not self.planned_whole and self.explore.done == self.explore.planned:
            self.confirm.follow(self.plan())
            self.planned_whole = True
        for queue in (self.explore, self.confirm):
            if not queue.exhausted and (task := queue.next()):
                self.owners[task.name] = queue
                return task
        return None

    def tell(self, name: str, record: Record) -> bool:
        return self._owner(name).tell(name, record)

    def close(self, name: str, failed: str | None = None) -> None:
        self._owner(name).close(name, failed)

    def _owner(self, name: str) -> Queue:
        self.current = self.owners[name]
        return self.current
