"""The command `etude`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.errors import RunError
from studies import study as registry
from studies.console import CONSOLE, Step, in_one_line, progress
from trainables.errors import UserError

if TYPE_CHECKING:
    from studies.driver.launch import Launch
    from studies.resources import Resources

app = typer.Typer(
    help="étude reruns published findings on music-audio classifiers and says whether they hold.\n\n"
    "Begin with `etude list`; then `etude plan STUDY` says what a study costs and could detect, `etude run STUDY` runs "
    "it (again: goes on from where it stopped) and writes a report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HOME_HELP = "Folder for packed corpora and runs."
HomeOption = Annotated[Path, typer.Option("--home", envvar="ETUDE_HOME", help=HOME_HELP)]
STORAGE_HELP = "Folder for runs that all nodes of a cluster share, or s3://BUCKET/PREFIX; default HOME/runs."
StorageOption = Annotated[str | None, typer.Option("--storage", help=STORAGE_HELP)]
StudyArgument = Annotated[str, typer.Argument(help="A study's name, such as yun_bi/kernel_shape; see `etude list`.")]
RunArgument = Annotated[str, typer.Argument(help="A run: its folder or s3:// URL, or its name below HOME/runs.")]
ScaleOption = Annotated[
    str, typer.Option("--scale", help="How much to spend: smoke (seconds, decides nothing), laptop or cluster.")
]
RenderedOption = Annotated[
    bool, typer.Option("--rendered", help="Use the rendered stand-in even if the real corpus has been packed.")
]
AddressOption = Annotated[
    str, typer.Option("--address", help="Where Ray is: 'local' (this machine), or a cluster's address such as auto.")
]
ThreadsOption = Annotated[int, typer.Option("--threads-per-trial", min=1, help="Processor threads of a trial.")]
GpusOption = Annotated[
    float, typer.Option("--gpus-per-trial", min=0.0, help="GPUs of a trial; a fraction lets several share one.")
]
LimitOption = Annotated[
    float, typer.Option("--epoch-limit", min=0.1, help="Minutes after which a worker in one epoch is taken for hung.")
]
HOME = Path(".etude")
INTERRUPTED = 130
# Typer names the kinds of wrong usage but not their base.
USAGE_ERROR: Any = typer.BadParameter.__base__


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Options of all commands."""


@app.command("list")
def list_(
    section: Annotated[
        str, typer.Argument(help="documents, studies, corpora, architectures, front-ends, trainings or weights.")
    ] = "",
    layers: Annotated[
        str, typer.Option("--layers", metavar="ARCHITECTURE", help="The layers of this architecture instead.")
    ] = "",
) -> None:
    """List documents, studies, corpora, architectures, front ends, recipes, trainings and weights, or one of these."""
    from studies.commands import listing

    for table in [listing.layers(layers)] if layers else listing.tables(section):
        CONSOLE.print(table)


@app.command()
def data(
    corpus: Annotated[str, typer.Argument(help="A corpus, such as philharmonia; see `etude list`.")],
    source: Annotated[
        str | None, typer.Option("--from", help="Folder with the corpus's files as published, or s3://BUCKET/FOLDER.")
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Get the files from where they are published.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Look at what has been packed; with --from, at what that folder would give.")
    ] = False,
    render: Annotated[bool, typer.Option("--render", help="Render the stand-in (also without any option).")] = False,
    home: HomeOption = HOME,
) -> None:
    """Check, decode and pack a corpus once; without an option, render its stand-in."""
    from studies.commands import data, stores

    if download + check + render + (source is not None and not check) > 1:
        raise UserError("Give one of --from, --download, --check and --render, or --check with --from.")
    with progress() as step:
        folder = data.brought(corpus, source, home, step) if source else None
        if check:
            data.check(corpus, folder, home, step)
            return
        if download:
            store = data.downloaded(corpus, home, step)
        elif folder:
            store = stores.packed(corpus, folder, home, step)
        else:
            store = stores.render(corpus, home, step)
    data.list_problems(store.problems)
    data.tell(data.summary(corpus, store))


@app.command()
def weights(
    name: Annotated[str, typer.Argument(help="Published weights, such as cnn14_audioset; see `etude list`.")],
    source: Annotated[Path, typer.Option("--from", help="The downloaded file.")],
    home: HomeOption = HOME,
) -> None:
    """Check a file of published weights by its checksum, and keep it for the trials that name it."""
    from studies.commands import stores
    from trainables.weights import keep

    CONSOLE.print(f"{name}: kept in {keep(name, source, stores.corpora_folder(home))}", soft_wrap=True)


@app.command()
def plan(
    study: StudyArgument,
    scale: ScaleOption = "laptop",
    rendered: RenderedOption = False,
    home: HomeOption = HOME,
    threads_per_trial: ThreadsOption = 1,
    gpus_per_trial: GpusOption = 0.0,
) -> None:
    """Say what a study would cost, and the smallest effect it could detect, before anything is spent."""
    from studies.commands import plan as planning
    from studies.resources import Resources

    with progress() as step:
        request = _request(study, scale, rendered, home, None, step)
        table = planning.plan(request, Resources(threads=threads_per_trial, gpus=gpus_per_trial), step)
    CONSOLE.print(table)


@app.command()
def run(
    study: StudyArgument,
    scale: ScaleOption = "laptop",
    rendered: RenderedOption = False,
    home: HomeOption = HOME,
    storage: StorageOption = None,
    address: AddressOption = "local",
    threads_per_trial: ThreadsOption = 1,
    gpus_per_trial: GpusOption = 0.0,
    epoch_limit: LimitOption = 360.0,
) -> None:
    """Run a study: explore, confirm, verdicts, report. The same command again goes on from where it stopped."""
    from studies.resources import Resources

    with progress() as step:
        request = _request(study, scale, rendered, home, storage, step)
        _launch(request, Resources(address, threads_per_trial, gpus_per_trial, epoch_limit), step)


@app.command()
def resume(
    run: RunArgument,
    home: HomeOption = HOME,
    address: AddressOption = "local",
    threads_per_trial: ThreadsOption = 1,
    gpus_per_trial: GpusOption = 0.0,
    epoch_limit: LimitOption = 360.0,
) -> None:
    """Go on with a run that was stopped, by its folder instead of its study."""
    from analysis.runs import understood
    from studies.commands import stores
    from studies.driver.launch import Launch
    from studies.driver.run import find, read_description
    from studies.remote.mirror import remote_of
    from studies.resources import Resources

    directory = find(run, home)
    with understood(directory):
        description = read_description(directory)
        name, scale = description["study"]["name"], description["scale"]["name"]
        digest = description["data"]["digest"]
        study = registry.load(name)
    store = stores.with_digest(study.corpus, digest, home)
    request = Launch(name, study, registry.scale_named(scale), store, directory.parent, remote_of(directory))
    if request.directory != directory:
        raise UserError(
            f"{name} has changed since {directory} was begun: `etude run {name} --scale {scale}` starts anew."
        )
    with progress() as step:
        _launch(request, Resources(address, threads_per_trial, gpus_per_trial, epoch_limit), step)


@app.command()
def status(run: RunArgument, home: HomeOption = HOME) -> None:
    """Say where a run stands."""
    from studies.commands.status import status_line

    CONSOLE.print(status_line(run, home), highlight=False, soft_wrap=True)


@app.command()
def report(run: RunArgument, home: HomeOption = HOME) -> None:
    """Write the HTML page of a finished run anew, from its files alone."""
    from studies.driver.page import write_report
    from studies.driver.run import find

    CONSOLE.print(f"Report: {write_report(find(run, home))}", highlight=False, soft_wrap=True)


@app.command()
def verdicts(
    home: HomeOption = HOME,
    storage: StorageOption = None,
    document: Annotated[str, typer.Option("--document", help="Only the findings of this document.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write all findings as a page to this file.")] = None,
) -> None:
    """Give every finding of every document its verdict, from all finished runs."""
    from studies.commands import overview
    from studies.remote.mirror import fetched

    overview.show(fetched(storage, home), document, markdown=markdown, html=html)


@app.command()
def train(
    architecture: Annotated[str, typer.Argument(help="An architecture; see `etude list`.")],
    corpus: Annotated[str, typer.Option("--corpus", help="The corpus to train on.")] = "philharmonia",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any setting of the trial; repeatable.")
    ] = None,
    rendered: RenderedOption = False,
    home: HomeOption = HOME,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Processor threads.")] = 1,
    device: Annotated[str, typer.Option("--device", help="cpu or cuda.")] = "cpu",
) -> None:
    """Train one network once, without a cluster, and look closely."""
    from studies.commands import train

    with progress() as step:
        train.train(architecture, corpus, settings or [], home, step, rendered=rendered, threads=threads, device=device)


def _request(study: str, scale: str, rendered: bool, home: Path, storage: str | None, step: Step) -> "Launch":
    from studies.commands import stores
    from studies.driver.launch import Launch
    from studies.remote.mirror import place

    chosen = registry.load(study)
    size = registry.scale_named(scale)
    store = stores.opened(chosen.corpus, home, step, rendered=rendered)
    return Launch(study, chosen, size, store, *place(storage, home))


def _launch(request: "Launch", resources: "Resources", step: Step) -> None:
    from studies.checks.gpu_sharing import announcement
    from studies.checks.validity import left_out
    from studies.driver.launch import launch

    announced = announcement(request.study, request.store, resources, Path.home())
    for sentence in (*left_out(request.study, request.buildable), announced):
        CONSOLE.print(sentence, highlight=False, markup=False, soft_wrap=True)
    path = launch(request, resources, lambda queue: step(queue.phase, queue.done, queue.planned), step)
    CONSOLE.print(f"Report: {path}", highlight=False, soft_wrap=True)


def sentence(error: Exception) -> str:
    """What an error says; one of the operating system's, that nobody has expected, with the file it is about."""
    if isinstance(error, OSError):
        return f"Cannot use {error.filename or 'a file'}: {error.strerror or error}."
    return str(error)


def main() -> None:
    """Run the command line; every error a user can cause is one sentence and a non-zero exit."""
    # Ray's usage statistics are asked for at import, far from here.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        code = app(standalone_mode=False)
    except USAGE_ERROR as error:
        error.show()
        code = error.exit_code
    except (UserError, RunError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        print(in_one_line(sentence(error)), file=sys.stderr)
        sys.exit(getattr(error, "exit_code", 1))
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    if code == INTERRUPTED:
        print("Stopped; run the same command again to go on.", file=sys.stderr)
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
