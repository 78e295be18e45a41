"""Explore, choose and confirm as one queue, so that no worker waits, or has to start anew, between them."""

from collections.abc import Callable

from studies.tasks import Confirm, Plan, Queue, Task
from trainables.fit import Record


class Phases:
    """The queue of a whole run.

    Once explore has ended, `finals` gives the trials of choose; once those have ended, `plan` gives all confirm trials.
    While the last trials before that are running, the confirm trials of the printed configurations are handed out,
    which do not depend on any choice. `current` is the phase of the last record.
    """

    phase = "run"

    def __init__(
        self,
        explore: Queue,
        choose: Confirm,
        confirm: Confirm,
        finals: Callable[[], Plan],
        plan: Callable[[], Plan],
    ):
        self.explore, self.choose, self.confirm = explore, choose, confirm
        self.queues: tuple[Queue, ...] = (explore, choose, confirm)
        # What is still to be planned, with the queue whose end it waits for.
        self.waiting = [(explore, choose, finals), (choose, confirm, plan)]
        self.current: Queue = explore
        self.owners: dict[str, Queue] = {}

    @property
    def planned(self) -> int:
        """Trials planned so far in all phases."""
        return sum(queue.planned for queue in self.queues)

    @property
    def done(self) -> int:
        return sum(queue.done for queue in self.queues)

    @property
    def exhausted(self) -> bool:
        return not self.waiting and self.confirm.exhausted

    @property
    def running(self) -> set[str]:
        return set().union(*(queue.running for queue in self.queues))

    def next(self) -> Task | None:
        """The next trial to train; None at the end, and while a phase has to wait for the one before."""
        while self.waiting and self.waiting[0][0].done == self.waiting[0][0].planned:
            _, following, plan = self.waiting.pop(0)
            following.follow(plan())
        for queue in self.queues:
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
