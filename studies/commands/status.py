"""`etude status`: where a run stands, or all of them."""

from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import print_line, show


def status(
    run: Annotated[
        str, typer.Argument(help="A run: its folder or s3:// URL, or its name below HOME/runs; without one, all there.")
    ] = "",
    home: Home = HOME,
) -> None:
    """Say where a run stands, or list the runs."""
    from studies.commands import standing

    if run:
        print_line(standing.status_line(run, home))
    else:
        show(standing.runs_table(home))
