"""`etude book`: the pages of all findings, documents and runs, as a folder."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import print_line

FOLDERS_HELP = "Runs, folders of runs, and archives; default: HOME/runs and the runs that étude ships."


def book(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[DIR|FILE...]", help=FOLDERS_HELP)] = None,
    home: Home = HOME,
    to: Annotated[Path, typer.Option("--to", help="The folder to write.")] = Path("book"),
) -> None:
    """Write all findings, documents and runs as a folder of pages, which opens without a server or a network."""
    from studies.commands.bookmaking import write

    index = write(folders or [], home, to.absolute())
    print_line(f"Book: {index.as_uri()}")
