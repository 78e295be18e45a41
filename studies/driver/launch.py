"""Launch studies: explore, choose, confirm, gather, report. Launching it again resumes it where it stopped."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.errors import RunError
from studies.catalogue import extension
from studies.checks.validity import Buildable, refuse_unbuildable
from studies.console import Step, remark, silent
from studies.driver.batch import Batch
from studies.driver.choosing import Choose
from studies.driver.course import Course
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.phases import Phases
from studies.driver.run import ownership, progress_of, run_directory, write_description, write_progress
from studies.driver.steps import explored_at
from studies.pictures.pictures import write_pictures
from studies.remote.mirror import kept
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study
from studies.tasks import LOCAL, Confirm, Keeper, Queue
from trainables.corpora.store import Store
from trainables.errors import UserError

WRITE_SECONDS = 1.0
Advance = Callable[[Queue], None]


@dataclass(frozen=True)
class Launch:
    """A study, its name, a scale, the packed data and the folder for runs.

    Where runs are kept in a bucket, `remote` is its URL and the folder is this machine's copy.
    """

    name: str
    study: Study
    scale: Scale
    store: Store
    storage: Path
    remote: str = ""

    @property
    def directory(self) -> Path:
        return run_directory(self.storage, self.name, self.study, self.scale, self.store)

    @property
    def url(self) -> str:
        """The run's URL, if it is kept in a bucket."""
        return f"{self.remote}/{self.directory.name}" if self.remote else ""

    @cached_property
    def buildable(self) -> Buildable:
        return Buildable(self.store)


@dataclass
class Held:
    """A run whose only driver this process is.

    `phases` is None until its trials are planned, `written` until its progress has been written. `trouble` is why a run
    that has ended has no page.
    """

    request: Launch
    token: str
    keeper: Keeper
    explore: Explore
    phases: Phases | None = None
    page: Path | None = None
    trouble: str = ""
    written: Mapping[str, Any] | None = None

    def progress(self) -> None:
        """Write how far the run is, for `etude status`, if it has got further: study.json is large."""
        if self.phases and (reached := progress_of(self.phases)) != self.written:
            write_progress(self.request.directory, reached)
            self.written = reached

    def gather(self) -> None:
        """Write the tables of what has been trained."""
        for name in sorted(self.phases.running if self.phases else ()):
            self.keeper.collect(self.request.directory / "trials" / name)
        gather(self.request.directory, self.explore)
        self.progress()

    def finish(self) -> None:
        """Write tables and report of a run that has ended, once; its `page` is None where it has `trouble`."""
        # Plotting takes seconds to import: a run that stops before its end does without.
        from studies.driver.page import write_report  # noqa: PLC0415

        if self.page or self.trouble:
            return
        self.trouble = self.phases.trouble if self.phases else ""
        try:
            self.gather()
            self.page = None if self.trouble else write_report(self.request.directory)
        except (UserError, RunError) as error:
            self.trouble = self.trouble or str(error)


class Unfinished(UserError):
    """Why some runs of several have no page, a line each; `pages` are those of the others."""

    def __init__(self, runs: Sequence[Held]):
        super().__init__("\n".join(f"{run.request.name}: {run.trouble}" for run in runs if run.trouble))
        self.pages = [run.page for run in runs if run.page]


def launch(requests: Sequence[Launch], resources: Resources, advance: Advance, step: Step = silent) -> list[Path]:
    """Run studies to their ends, as one queue, and write their reports; gives the paths of these, in order.

    Raises UserError with one sentence when it has to stop. Finished epochs are kept, and the same call goes on. A run
    that cannot go on stops no other: Unfinished is raised when these have ended.
    """
    with ExitStack() as stack:
        runs = [begin(request, stack, step, resources.gpus) for request in requests]
        try:
            for run in runs:
                run.phases = phases_of(run.request, run.explore, run.keeper)
            train_all(runs, resources, advance)
        finally:
            for run in runs:
                if not run.page:
                    run.gather()
        for run in runs:
            run.finish()
        if any(run.trouble for run in runs):
            raise Unfinished(runs)
        return [run.page for run in runs if run.page]


def begin(request: Launch, stack: ExitStack, step: Step, gpus: float) -> Held:
    """Hold a run until `stack` ends, and write what describes it; each trial takes so many GPUs."""
    directory, study, scale, store = request.directory, request.study, request.scale, request.store
    token = stack.enter_context(ownership(directory))
    keeper = stack.enter_context(kept(directory, request.url, token))
    refuse_unbuildable(study, request.buildable)
    write_description(directory, request.name, study, scale, store, step, gpus)
    write_pictures(directory, study, scale, store)
    explore = Explore(directory, study, explored_at(study, scale), store.digest, request.buildable, keeper)
    return Held(request, token, keeper, explore)


def phases_of(request: Launch, explore: Explore, keeper: Keeper = LOCAL) -> Phases:
    """The trials of a run as far as they are known by now."""
    directory, digest = request.directory, request.store.digest
    choose, confirm = Choose(directory, [], digest, keeper), Confirm(directory, [], digest, keeper)
    course = Course(directory, request.study, request.scale, digest, explore, choose, confirm)
    return Phases(explore, choose, confirm, course.planned())


def train_all(runs: Sequence[Held], resources: Resources, advance: Advance) -> None:
    """Train what is left of the runs; Ray is started only if something is."""
    batch = Batch([run.phases for run in runs if run.phases])
    if is_done(batch):
        return
    # Ray takes seconds to import: a run that has nothing to train does without.
    from studies.driver import search  # noqa: PLC0415

    assigns = {
        run.request.directory: search.assigning(
            run.request.store.path,
            run.request.directory,
            run.request.url,
            run.token,
            resources,
            extension(run.request.name),
        )
        for run in runs
    }
    with search.cluster(resources) as capacity:
        remark(search.ray_in_words(resources))
        report = reporting(runs, batch, advance)
        search.train(batch, report, capacity, lambda task: assigns[task.directory.parents[1]](task), resources)


def reporting(runs: Sequence[Held], batch: Batch, advance: Advance) -> Callable[[], None]:
    """A function that calls `advance` with the queue of the last record, and writes the progress for `etude status`.

    It writes once a second at most, because short trials end more often than that. Of several
    runs, the report of one that has ended is written at once.
    """
    written, written_at = batch.done, 0.0

    def report() -> None:
        nonlocal written, written_at
        advance(batch.current if len(runs) == 1 else batch)
        if batch.done != written and time.monotonic() - written_at > WRITE_SECONDS:
            for run in runs:
                if not run.page:
                    run.progress()
            written, written_at = batch.done, time.monotonic()
        for run in runs if len(runs) > 1 else ():
            if run.phases and run.phases.ended:
                run.finish()

    return report


def is_done(queue: Queue) -> bool:
    return queue.done == queue.planned
