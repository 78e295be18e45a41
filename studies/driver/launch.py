"""A study, launched: explore, confirm, gather, report. Launching it again goes on from where it stopped."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studies.checks.validity import Buildable, refuse_unbuildable
from studies.console import Step, silent
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.phases import Phases
from studies.driver.run import ownership, run_directory, write_description, write_progress
from studies.pictures.pictures import write_pictures
from studies.remote.mirror import Keeper, kept
from studies.resources import Resources
from studies.study import Scale, Study
from studies.tasks import Confirm, Plan, Queue, confirm_plan
from trainables.corpora.store import Store

NOTE_SECONDS = 1.0
Advance = Callable[[Queue], None]


@dataclass(frozen=True)
class Launch:
    """A study by its name, a scale and the packed data it shall run on, below a folder for runs.

    Where runs are kept in a bucket, `remote` is the URL that the folder is a copy of.
    """

    name: str
    study: Study
    scale: Scale
    store: Store
    storage: Path
    remote: str = ""

    @property
    def directory(self) -> Path:
        """Where the run is, or will be."""
        return run_directory(self.storage, self.name, self.study, self.scale, self.store)

    @property
    def url(self) -> str:
        """The run's URL, if it is kept in a bucket."""
        return f"{self.remote}/{self.directory.name}" if self.remote else ""

    @cached_property
    def buildable(self) -> Buildable:
        """What of the study can be built over its data."""
        return Buildable(self.store)


def launch(request: Launch, resources: Resources, advance: Advance, step: Step = silent) -> Path:
    """Run a study to its end and write its report; gives the report's path.

    Raises UserError with one sentence for whatever stops it; what is done is kept, and the same call goes on.
    """
    directory = request.directory
    with ownership(directory) as token, kept(directory, request.url, token) as keeper:
        refuse_unbuildable(request.study, request.buildable)
        write_description(directory, request.name, request.study, request.scale, request.store, step)
        write_pictures(directory, request.study, request.scale, request.store)
        explore = Explore(directory, request.study, request.scale, request.store.digest, request.buildable)
        phases = None
        try:
            phases = phases_of(request, explore)
            train_all(request, phases, keeper, token, resources, advance)
        finally:
            keeper.collect_all()
            gather(directory, explore)
            if phases:
                write_progress(directory, phases.explore, phases.confirm)
        # What draws the page takes seconds to import: a run that stops before its end does without.
        from studies.driver.page import write_report  # noqa: PLC0415

        return write_report(directory)


def phases_of(request: Launch, explore: Explore) -> Phases:
    """The trials of a run: those of explore, and the confirm trials that are known now and will be known then.

    Raises UserError if explore has ended and an arm has nothing to choose from.
    """

    def plan() -> Plan:
        choices = explore.choices() if is_done(explore) else None
        return confirm_plan(request.study, request.scale, choices, request.store.digest)

    return Phases(explore, Confirm(request.directory, plan()), plan)


def train_all(
    request: Launch, phases: Phases, keeper: Keeper, token: str, resources: Resources, advance: Advance
) -> None:
    """Explore and confirm; Ray is started only if something is left to train."""
    if is_done(phases):
        return
    # Ray takes seconds to import: a run that has nothing to train does without.
    from studies.driver import search  # noqa: PLC0415

    common = search.common_settings(request.store.path, request.directory, request.url, token, resources)
    note = noting(request.directory, phases, advance)
    with search.cluster(resources) as places:
        search.run_queue(keeper.over(phases), note, places, resources, common)


def noting(directory: Path, phases: Phases, advance: Advance) -> Advance:
    """`advance` of the phase that something was heard of; what has ended is noted for `etude status`.

    That is done once a second at most: the file it stands in is a large one, and short trials end more often.
    """
    noted, noted_at = phases.done, 0.0

    def moved(_: Queue) -> None:
        nonlocal noted, noted_at
        advance(phases.current)
        if phases.done != noted and time.monotonic() - noted_at > NOTE_SECONDS:
            write_progress(directory, phases.explore, phases.confirm)
            noted, noted_at = phases.done, time.monotonic()

    return moved


def is_done(queue: Queue) -> bool:
    """Whether every trial of a queue has ended."""
    return queue.done == queue.planned
