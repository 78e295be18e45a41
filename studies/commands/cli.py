"""The command `etude`: its commands put together, and what becomes of their errors.

Each command is a module of its name here, and imports what it needs when it is called: `etude --help` waits for none.
"""

import atexit
import gc
import logging
import os
import sys
from typing import Annotated, Any

import typer

from analysis.errors import RunError
from studies.commands.archive import archive
from studies.commands.book import book
from studies.commands.compare import compare
from studies.commands.data import data
from studies.commands.export import export
from studies.commands.judge import judge
from studies.commands.list import list_
from studies.commands.new import new
from studies.commands.plan import plan
from studies.commands.predict import predict
from studies.commands.report import report
from studies.commands.resume import resume
from studies.commands.run import run
from studies.commands.runs import runs
from studies.commands.status import status
from studies.commands.survey import survey
from studies.commands.train import train
from studies.commands.verdicts import verdicts
from studies.commands.watch import watch
from studies.commands.weights import weights
from studies.console import in_one_line, quiet
from studies.console.log import LOG
from studies.version import commit
from trainables.errors import UserError
from trainables.extensions import load_packages

app = typer.Typer(
    help="étude reruns published findings on music-audio classifiers and says whether they hold.\n\n"
    "Begin with sounds of your own, `etude data NAME --from DIR` and `etude survey NAME`; or with `etude list`, "
    "then `etude plan STUDY` says what a study costs and could detect, `etude run STUDY` runs "
    "it (again: goes on from where it stopped) and writes a report.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("list")(list_)
app.command()(new)
app.command()(watch)
app.command()(survey)
app.command()(judge)
app.command()(compare)
app.command()(archive)
for command in (data, weights, plan, run, resume, status, runs, report, verdicts, book, train, export, predict):
    app.command()(command)

INTERRUPTED = 130
# So many new objects before Python looks for garbage. Imports make hardly any, and with the usual 700 looking takes a
# third of the time of a short command.
GARBAGE_THRESHOLD = 100_000
# Typer names the kinds of wrong usage but not their base.
USAGE_ERROR: Any = typer.BadParameter.__base__


def print_version(asked: bool) -> None:
    """Print version and commit, and end."""
    if asked:
        built = commit()
        from importlib.metadata import version

        print(f"étude {version('etude')}{f' ({built})' if built else ''}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print version and commit.")
    ] = False,
    less: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print what was asked for, without remarks and progress.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print what Ray and its workers have to say, too.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Options of all commands."""
    context.with_resource(quiet(on=less))
    LOG.setLevel(logging.DEBUG if verbose else logging.INFO)
    load_packages()


def sentence(error: Exception) -> str:
    """What an error says; one of the operating system's, that nobody has expected, with the file it is about."""
    if isinstance(error, OSError):
        return f"Cannot use {error.filename or 'a file'}: {error.strerror or error}."
    return str(error)


def main() -> None:
    """Run the command line; every error a user can cause is one sentence and a non-zero exit."""
    # Ray's usage statistics are asked for at import, far from here.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    gc.set_threshold(GARBAGE_THRESHOLD)
    # The interpreter looks for garbage as it ends, too.
    atexit.register(gc.freeze)
    try:
        code = app(prog_name="etude", standalone_mode=False)
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
        print("Stopped.", file=sys.stderr)
    # What a command gives is for Python.
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
