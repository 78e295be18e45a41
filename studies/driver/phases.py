"""All phases of a run as one queue, so that no worker waits, or has to start anew, between them."""

from collections.abc import Iterator

from analysis.errors import RunError
from studies.tasks import Confirm, Queue, Task
from trainables.errors import UserError
from trainables.fit import Record


class Phases:
    """The queue of a whole run.

    `course` plans one phase after the other and yields each queue whose end the next plan waits for (see `course`).
    While the last trials of one phase are running, what is planned of a later one is handed out. `current` is the phase
    of the last record. Where a next plan cannot be made, `trouble` says why: what is running ends, and nothing follows.
    """

    phase = title = "run"

    def __init__(self, explore: Queue, choose: Confirm, confirm: Confirm, course: Iterator[Queue]):
        self.explore, self.choose, self.confirm = explore, choose, confirm
        self.queues: tuple[Queue, ...] = (explore, choose, confirm)
        self.course, self.trouble = course, ""
        # The queue whose end the next plan waits for; None when all is planned.
        self.awaited = next(course, None)
        self.current: Queue = explore
        self.owners: dict[str, Queue] = {}
        self._plan()

    @property
    def planned(self) -> int:
        """Trials planned so far in all phases, as far as they are still to be trained."""
        return self.done + len(self.running) if self.trouble else sum(queue.planned for queue in self.queues)

    @property
    def done(self) -> int:
        return sum(queue.done for queue in self.queues)

    @property
    def exhausted(self) -> bool:
        return bool(self.trouble) or (self.awaited is None and self.confirm.exhausted)

    @property
    def ended(self) -> bool:
        return self.exhausted and self.done == self.planned

    @property
    def running(self) -> set[str]:
        return set().union(*(queue.running for queue in self.queues))

    def next(self) -> Task | None:
        """The next trial to train; None at the end, and while a phase has to wait for the one before."""
        while True:
            self._plan()
            if self.trouble:
                return None
            for queue in self.queues:
                if not queue.exhausted and (task := queue.next()):
                    self.owners[task.name] = queue
                    return task
            if not self._may_plan:
                return None

    @property
    def _may_plan(self) -> bool:
        return not self.trouble and self.awaited is not None and self.awaited.done == self.awaited.planned

    def _plan(self) -> None:
        """Plan what can be planned by now."""
        while self._may_plan:
            try:
                self.awaited = next(self.course, None)
            except (UserError, RunError) as error:
                self.trouble = str(error)

    def tell(self, name: str, record: Record) -> bool:
        return self._owner(name).tell(name, record)

    def close(self, name: str, failed: str | None = None) -> None:
        self._owner(name).close(name, failed)

    def _owner(self, name: str) -> Queue:
        self.current = self.owners[name]
        return self.current
