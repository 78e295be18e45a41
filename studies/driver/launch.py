"""Launch a study: explore, choose, confirm, gather, report. Launching it again resumes it where it stopped."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studies.checks.validity import Buildable, refuse_unbuildable
from studies.console import Step, print_line, silent
from studies.driver.choosing import Choose, choices, choose_plan
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.phases import Phases
from studies.driver.run import ownership, run_directory, write_description, write_progress
from studies.pictures.pictures import write_pictures
from studies.remote.mirror import kept
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study
from studies.tasks import LOCAL, Confirm, Keeper, Plan, Queue, confirm_plan
from trainables.corpora.store import Store

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


def launch(request: Launch, resources: Resources, advance: Advance, step: Step = silent) -> Path:
    """Run a study to its end and write its report; gives the report's path.

    Raises UserError with one sentence when it has to stop. Finished epochs are kept, and the same call resumes the run.
    """
    directory = request.directory
    with ownership(directory) as token, kept(directory, request.url, token) as keeper:
        refuse_unbuildable(request.study, request.buildable)
        write_description(directory, request.name, request.study, request.scale, request.store, step)
        write_pictures(directory, request.study, request.scale, request.store)
        explore = Explore(directory, request.study, request.scale, request.store.digest, request.buildable, keeper)
        phases = None
        try:
            phases = phases_of(request, explore, keeper)
            train_all(request, phases, token, resources, advance)
        finally:
            for name in sorted(phases.running if phases else ()):
                keeper.collect(directory / "trials" / name)
            gather(directory, explore)
            if phases:
                write_progress(directory, *phases.queues)
        # Plotting takes seconds to import: a run that stops before its end does without.
        from studies.driver.page import write_report  # noqa: PLC0415

        return write_report(directory)


def phases_of(request: Launch, explore: Explore, keeper: Keeper = LOCAL) -> Phases:
    """The trials of a run: of explore, choose and confirm, the latter two as far as they are known by now.

    Raises UserError if choose has ended and an arm has nothing to choose from.
    """
    study, scale, directory, digest = request.study, request.scale, request.directory, request.store.digest

    def finals() -> Plan:
        return choose_plan(study, scale, explore, digest)

    def plan() -> Plan:
        return confirm_plan(study, scale, choices(study, scale, explore, directory, digest), digest)

    choose = Choose(directory, finals() if is_done(explore) else [], keeper)
    known = plan() if is_done(explore) and is_done(choose) else confirm_plan(study, scale, None, digest)
    return Phases(explore, choose, Confirm(directory, known, keeper), finals, plan)


def train_all(request: Launch, phases: Phases, token: str, resources: Resources, advance: Advance) -> None:
    """Explore and confirm; Ray is started only if something is left to train."""
    if is_done(phases):
        return
    # Ray takes seconds to import: a run that has nothing to train does without.
    from studies.driver import search  # noqa: PLC0415

    assign = search.assigning(request.store.path, request.directory, request.url, token, resources)
    with search.cluster(resources) as capacity:
        print_line(search.ray_in_words(resources))
        search.train(phases, reporting(request.directory, phases, advance), capacity, assign, resources)


def reporting(directory: Path, phases: Phases, advance: Advance) -> Callable[[], None]:
    """A function that calls `advance` with the phase of the last record, and writes the progress for `etude status`.

    It writes once a second at most, because study.json is large and short trials end more often than that.
    """
    written, written_at = phases.done, 0.0

    def report() -> None:
        nonlocal written, written_at
        advance(phases.current)
        if phases.done != written and time.monotonic() - written_at > WRITE_SECONDS:
            write_progress(directory, *phases.queues)
            written, written_at = phases.done, time.monotonic()

    return report


def is_done(queue: Queue) -> bool:
    return queue.done == queue.planned
