"""`etude compare`: what differs between two runs."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, RunName


def compare(
    first: RunName,
    second: RunName,
    home: Home = HOME,
    html: Annotated[Path | None, typer.Option("--html", help="Write all of it as a page to this file.")] = None,
) -> None:
    """Say what differs between two runs: settings, versions, verdicts, and the trials that are not the same."""
    from studies.commands.comparing import show_differences
    from studies.driver.run import find

    show_differences(find(first, home), find(second, home), html)
