"""`etude status`: where a run stands, or all of them."""

from typing import Annotated

import typer

from studies.commands.as_json import FORMAT, Standings, print_json
from studies.commands.completing import runs_like
from studies.commands.options import HOME, Home, Json
from studies.console import print_line, show


def status(
    run: Annotated[
        str,
        typer.Argument(
            autocompletion=runs_like,
            help="A run: its folder or s3:// URL, or its name below HOME/runs; without one, all there.",
        ),
    ] = "",
    json: Json = False,
    home: Home = HOME,
) -> None:
    """Say where a run stands, or list the runs."""
    from studies.commands import standing

    if json:
        found = [standing.standing_of(run, home)] if run else standing.standings(home)
        print_json(Standings(FORMAT, tuple(found)))
    elif run:
        print_line(standing.status_line(run, home))
    else:
        show(standing.runs_table(home))
