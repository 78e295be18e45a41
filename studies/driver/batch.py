"""Several runs as one queue: a trial that they share is trained once, for the run that asks for it first."""

from collections.abc import Sequence

from studies.driver.phases import Phases
from studies.tasks import Queue, Task, taken_over
from trainables.fit import Record


class Batch:
    """The queue of several runs, of which the first is served first.

    Trials of equal id have equal results. One that another run is training waits until that has ended, and takes over
    what was trained. `current` is the phase of the last record.
    """

    phase = title = "batch"

    def __init__(self, runs: Sequence[Phases]):
        self.runs = runs
        self.current: Queue = runs[0].explore
        # The run of each trial that was handed out and has not ended.
        self.owners: dict[str, Phases] = {}
        # By trial, what waits for the end of that trial in another run.
        self.shared: dict[str, list[tuple[Phases, Task]]] = {}
        self.released: list[tuple[Phases, Task]] = []

    @property
    def planned(self) -> int:
        """Trials planned so far in all runs; one that several share counts in each."""
        return sum(run.planned for run in self.runs)

    @property
    def done(self) -> int:
        return sum(run.done for run in self.runs)

    @property
    def exhausted(self) -> bool:
        return not self.shared and not self.released and all(run.exhausted for run in self.runs)

    @property
    def running(self) -> set[str]:
        return set(self.owners)

    def next(self) -> Task | None:
        if self.released:
            run, task = self.released.pop(0)
            return self._handed_out(run, taken_over(task, run.confirm.digest, run.confirm.keeper))
        for run in self.runs:
            while found := run.next():
                if found.name not in self.owners:
                    return self._handed_out(run, found)
                self.shared.setdefault(found.name, []).append((run, found))
        return None

    def _handed_out(self, run: Phases, task: Task) -> Task:
        self.owners[task.name] = run
        return task

    def tell(self, name: str, record: Record) -> bool:
        ends = self.owners[name].tell(name, record)
        self.current = self.owners[name].current
        return ends

    def close(self, name: str, failed: str | None = None) -> None:
        self.owners.pop(name).close(name, failed)
        self.released += self.shared.pop(name, [])
