"""`etude runs`: the runs there are, what they take on the disk, and their checkpoints removed."""

from typing import Annotated

import typer

from studies.commands.options import HOME, Home, Yes
from studies.console import print_line, show


def runs(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN]...", help="These runs alone: folders, or names below HOME/runs."),
    ] = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove the checkpoints of these finished runs, or of all; it asks first.")
    ] = False,
    yes: Yes = False,
    home: Home = HOME,
) -> None:
    """List runs and their sizes, or remove checkpoints: verdicts and reports stay, but nothing can be trained on."""
    from studies.commands import keeping

    found = keeping.kept_runs(names or (), home)
    show(keeping.sizes_table(found, home))
    if not clean:
        return
    if not (files := keeping.checkpoints(found)):
        print_line("No finished run here has checkpoints.")
        return
    lost = "larger runs cannot go on from their trials, and no model can be exported of them"
    if yes or typer.confirm(f"Remove {len(files)} checkpoints ({keeping.in_bytes(files)})? {lost}"):
        keeping.remove(files)
        print_line(f"Removed {len(files)} checkpoints.")
