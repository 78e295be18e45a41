"""`etude train`: one network, once."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, Rendered
from studies.console import GO_ON, interruptible


def train(
    architecture: Annotated[str, typer.Argument(help="An architecture; see `etude list architectures`.")],
    corpus: Annotated[str, typer.Option("--corpus", help="The corpus to train on.")] = "philharmonia",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any setting (see `etude list settings`); repeatable."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep configuration, epochs and checkpoint in a folder below DIR."),
    ] = None,
    rendered: Rendered = False,
    home: Home = HOME,
    threads: Annotated[
        int, typer.Option("--threads", "--threads-per-trial", metavar="N", min=1, help="Processor threads.")
    ] = 1,
    device: Annotated[str, typer.Option("--device", help="cpu or cuda.")] = "cpu",
) -> None:
    """Train one network once, without a cluster, and look closely."""
    with interruptible(GO_ON if keep else "Stopped; what was trained is lost: --keep DIR would keep it."):
        from studies.commands import training

        training.train(
            architecture, corpus, settings or [], home, keep, rendered=rendered, threads=threads, device=device
        )
