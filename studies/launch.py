"""A study, launched: explore, confirm, gather, report. Launching it again goes on from where it stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.report import render
from analysis.runs import Run
from studies.gather import gather
from studies.journal import Explore
from studies.resources import Resources
from studies.run import OWNER, ownership, run_directory, write_description, write_progress
from studies.study import Scale, Study
from studies.tasks import Confirm, Queue, confirm_plan
from trainables import files
from trainables.corpora.store import Store

REPORT = "report.html"
Advance = Callable[[Queue], None]


@dataclass(frozen=True)
class Launch:
    """A study by its name, a scale and the packed data it shall run on, below a storage directory."""

    name: str
    study: Study
    scale: Scale
    store: Store
    storage: Path

    @property
    def directory(self) -> Path:
        """Where the run is, or will be."""
        return run_directory(self.storage, self.name, self.study, self.scale, self.store)


def launch(request: Launch, resources: Resources, advance: Advance) -> Path:
    """Run a study to its end and write its report; gives the report's path.

    Raises UserError with one sentence for whatever stops it; what is done is kept, and the same call goes on.
    """
    directory = request.directory
    with ownership(directory) as token:
        write_description(directory, request.name, request.study, request.scale, request.store)
        explore = Explore(directory, request.study, request.scale, request.store.digest)
        try:
            train_all(request, explore, token, resources, advance)
        finally:
            gather(directory, explore)
        write_progress(directory, explore, confirm_queue(request, explore))
        return write_report(directory)


def train_all(request: Launch, explore: Explore, token: str, resources: Resources, advance: Advance) -> None:
    """Explore, then confirm what was chosen; Ray is started only if something is left to train."""
    if is_done(explore) and is_done(confirm_queue(request, explore)):
        return
    # Ray takes seconds to import: a run that has nothing to train does without.
    from studies import search  # noqa: PLC0415

    common = search.common_settings(request.store.path, request.directory / OWNER, token, resources)
    with search.cluster(resources) as places:
        search.run_queue(explore, advance, resources, places, common)
        search.run_queue(confirm_queue(request, explore), advance, resources, places, common)


def confirm_queue(request: Launch, explore: Explore) -> Confirm:
    """The confirm trials of what explore chose."""
    plan = confirm_plan(request.study, request.scale, explore.choices(), request.store.digest)
    return Confirm(request.directory, plan)


def is_done(queue: Queue) -> bool:
    """Whether every trial of a queue has ended."""
    return queue.done == queue.planned


def write_report(directory: Path) -> Path:
    """Write the page of a finished run; gives its path."""
    path = directory / REPORT
    files.replace(path, render(Run.load(directory, finished=True)).encode())
    return path
