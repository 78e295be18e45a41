"""From what a command was given to a run, and what it says of it before and after."""

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.runs import understood
from analysis.text import replication
from studies import catalogue
from studies import scale as scales
from studies.checks.design import too_few_explored
from studies.checks.gpu_sharing import announcement, refuse_missing
from studies.checks.validity import left_out, refuse_unfit_study, without_weights
from studies.commands import planning, repeating, stores
from studies.commands.training import pairs
from studies.commands.verdict_lines import verdict_table, verdicts_in
from studies.console import Step, print_line, progress, remark, show
from studies.console.log import logged
from studies.driver.launch import Launch, Unfinished
from studies.driver.launch import launch as run
from studies.driver.run import find, read_description
from studies.remote.mirror import place, remote_of
from studies.replication import Immovable, moved
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, described, form
from studies.version import commit
from trainables.corpora.store import Store
from trainables.errors import InvalidSetting, UserError


def requests(
    names: Sequence[str],
    scale: Scale,
    home: Path,
    storage: str | None,
    step: Step,
    *,
    rendered: bool,
    corpus: str = "",
    settings: Sequence[str] = (),
) -> list[Launch]:
    """The studies of these names, documents or `all`, each to be run at a scale.

    With a `corpus` they are run on that instead of their own, those of them that can be moved (see `replication`).

    Raises UserError for more epochs than a document printed.
    """
    studies = loaded(names, stores.corpus_named(corpus, home) if corpus else "", pairs(settings))
    for name, study in studies.items():
        refuse_unfit(name, study, scale)
    opened = {
        each: stores.opened(each, home, step, rendered=rendered)
        for each in dict.fromkeys(study.corpus for study in studies.values())
    }
    return [
        Launch(name, placed(each, scale, store), scale, store, *place(storage, home))
        for name, each, store in ((name, each, opened[each.corpus]) for name, each in studies.items())
    ]


def placed(study: Study, scale: Scale, store: Store) -> Study:
    """The study as it is run at a scale over packed data, with the weights that are kept beside these."""
    return without_weights(form(study, scale.name), store.path.parent)


def loaded(names: Sequence[str], corpus: str, settings: Mapping[str, str]) -> dict[str, Study]:
    """The studies of these names; with a corpus those that can be moved there, and what a move changes is printed.

    Raises InvalidSetting for settings without a corpus, and where no study can be moved.
    """
    studies = {name: catalogue.load(name) for name in catalogue.expanded(names)}
    if settings and not corpus:
        raise InvalidSetting("--set goes with --corpus: on its own corpus a study is run as its file has it.")
    found = {}
    for name, study in studies.items() if corpus else ():
        try:
            found[name] = moved(study, corpus, settings)
        except Immovable as error:
            if len(studies) == 1:
                raise
            remark(f"{name} is left out: {error}")
        else:
            remark(f"{name}: {replication(described(found[name], name)['replicates'], corpus)}")
    if corpus and not found:
        raise InvalidSetting(f"None of these studies can be moved to {corpus}.")
    return found or studies


def refuse_unfit(name: str, study: Study, scale: Scale) -> None:
    """Raise UserError for an arm that cannot be built as it is run at this scale, and for too many epochs."""
    try:
        refuse_unfit_study(form(study, scale.name))
    except InvalidSetting as error:
        if not study.replicates:
            raise
        raise InvalidSetting(f"{error} For {study.corpus}, --set NAME=VALUE gives all arms another value.") from error
    given = scale.name not in scales.SCALES or scale.epochs != scales.SCALES[scale.name].epochs
    if given and scale.epochs > study.epochs:
        raise UserError(
            f"--epochs is {scale.epochs}: {name} trains for at most the {study.epochs} epochs that its "
            f"{'document printed' if study.document else 'file states'}; ask for fewer, or leave --epochs away."
        )


def begun(run: str, home: Path) -> Launch:
    """The run in a folder, to be gone on with.

    Raises UserError if its data are not there, or its study is not what it was.
    """
    directory = find(run, home)
    with understood(directory):
        description = read_description(directory)
        name, data = repeating.study_of(description), description["data"]
        scale = Scale(**description["scale"])
        study = declared(description)
        digest, rendered = data["digest"], bool(data["rendered"])
    store = stores.with_digest(study.corpus, digest, home, rendered=rendered)
    found = Launch(name, placed(study, scale, store), scale, store, directory.parent, remote_of(directory))
    if found.directory != directory:
        again = repeating.command(description)
        raise UserError(
            f"{name} has changed since {directory} was begun, unless that folder was called {found.directory.name}: "
            f"call it so again, or start anew by `{again}`."
        )
    return found


def declared(description: Mapping[str, Any]) -> Study:
    """The study of a run as its file declares it now, on the run's corpus."""
    study, replicates = catalogue.load(repeating.study_of(description)), description["study"].get("replicates")
    return moved(study, description["data"]["corpus"], replicates["settings"]) if replicates else study


def carry_out(found: Callable[[Step], Sequence[Launch]], resources: Resources) -> list[Path]:
    """Run the studies that are `found`, and print what they have found; what is missing is missed before that.

    Gives the directories of the runs.
    """
    refuse_missing(resources)
    try:
        with progress() as step:
            requests = found(step)
            with logged([request.directory for request in requests], opening()):
                pages = launch(requests, resources, step)
    except Unfinished as error:
        show_ends(error.pages)
        raise
    show_ends(pages)
    return [page.parent for page in pages]


def opening() -> str:
    """The line with which the log of a launch begins."""
    return f"étude {version('etude')} ({commit() or 'no commit'}): {shlex.join(['etude', *sys.argv[1:]])}"


def launch(requests: Sequence[Launch], resources: Resources, step: Step) -> list[Path]:
    """Run studies to their ends, long ones the dearest first; gives the paths of their pages."""
    for request in requests:
        remark(f"Run: {request.url or request.directory}")
        few = too_few_explored(request.study, request.scale)
        untrained = (f"{arm} is not trained: {why}." for arm, why in request.study.untrained.items())
        for sentence in (*untrained, *left_out(request.study, request.buildable), *few):
            remark(sentence)
        remark(announcement(request.study, request.store, resources, Path.home()))
    # Runs that decide nothing end before it would pay to time each of their arms.
    long = len(requests) > 1 and all(request.scale.decides for request in requests)
    ordered = dearest_first(requests, resources, step) if long else requests
    return run(ordered, resources, lambda queue: step(queue.title, queue.done, queue.planned), step)


def dearest_first(requests: Sequence[Launch], resources: Resources, step: Step) -> list[Launch]:
    """The requests in the order of the hours that each would take alone, the most first."""
    costs = planning.timed(requests, planning.here_of(resources), step)
    hours = {request.name: sum(planning.hours(request, costs[request.name]).values()) for request in requests}
    return sorted(requests, key=lambda request: hours[request.name], reverse=True)


def show_ends(pages: Sequence[Path]) -> None:
    """Print what runs have found, and write it into their logs."""
    for page in pages:
        with logged([page.parent], "Finished."):
            show_end(page)


def show_end(page: Path) -> None:
    """Print what a run has found, and where its page is."""
    if verdicts := verdicts_in(page.parent):
        show(verdict_table(verdicts))
    print_line(f"Report: {page.as_uri()}")
