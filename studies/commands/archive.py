"""`etude archive`: the evidence of many runs in one file."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import print_line

PLACES_HELP = "Runs, folders of runs, and archives, which are joined; default: HOME/runs."


def archive(
    file: Annotated[Path, typer.Argument(help="The file to write, such as runs.zip.")],
    places: Annotated[list[Path] | None, typer.Argument(metavar="[DIR|FILE...]", help=PLACES_HELP)] = None,
    home: Home = HOME,
) -> None:
    """Write what pages and verdicts of finished runs are made of into one file, without checkpoints and audio."""
    from studies.driver.archive import joined, write_archive

    runs = joined(places or [home / "runs"], home)
    write_archive(runs, file.absolute())
    print_line(f"Archive: {file.absolute()}, {len(runs)} runs, {file.stat().st_size / 1e6:.1f} MB")
