"""`etude export`: the model of a run, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import interruptible


def export(
    run: Annotated[
        str,
        typer.Argument(help="A finished run: its folder or name below HOME/runs; or a folder kept by `etude train`."),
    ],
    arm: Annotated[
        str, typer.Option("--arm", help="The arm to export; without, the best one on the validation parts.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it: NAME.safetensors.")
    ] = None,
    home: Home = HOME,
) -> None:
    """Write a trained network as one file, with all that is needed to use it, its card, and a graph for others."""
    with interruptible("Stopped; nothing is exported but what was written until now."):
        from studies.commands import exporting

        exporting.export(run, arm, output, home)
