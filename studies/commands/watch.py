"""`etude watch`: a run as it goes, from another terminal or machine."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, RunName
from studies.console import interruptible


def watch(
    run: RunName,
    once: Annotated[bool, typer.Option("--once", help="Show it once, and end.")] = False,
    tensorboard: Annotated[
        Path | None,
        typer.Option("--tensorboard", metavar="DIR", help="Write TensorBoard's event files below DIR, too."),
    ] = None,
    mlflow: Annotated[
        Path | None, typer.Option("--mlflow", metavar="DIR", help="Keep its trials in an MLflow store below DIR, too.")
    ] = None,
    wandb: Annotated[
        Path | None,
        typer.Option("--wandb", metavar="DIR", help="Write Weights & Biases' offline runs below DIR, too."),
    ] = None,
    home: Home = HOME,
) -> None:
    """Show a run as it goes: arms, trials with their curves, what it took and what is left. It is only read."""
    from studies import trackers
    from studies.commands import watching

    places = {"tensorboard": tensorboard, "mlflow": mlflow, "wandb": wandb}
    follow = trackers.follower({name: place for name, place in places.items() if place})
    with interruptible("Stopped watching; the run goes on."):
        watching.watch(run, home, once=once, follow=follow)
