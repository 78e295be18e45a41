"""`etude list`: what there is that a command can name."""

from typing import Annotated

import typer

from studies.console import show


def list_(
    section: Annotated[
        str,
        typer.Argument(
            help="documents, studies, corpora, architectures, front-ends, recipes, trainings or weights; "
            "without one, how many there are of each, and the studies."
        ),
    ] = "",
    pattern: Annotated[str, typer.Argument(help="Only names like this, such as 'cnn*'.")] = "",
    corpus: Annotated[str, typer.Option("--corpus", help="Only the studies of this corpus.")] = "",
    layers: Annotated[
        str, typer.Option("--layers", metavar="ARCHITECTURE", help="The layers of this architecture instead.")
    ] = "",
) -> None:
    """List the studies, or documents, corpora, architectures, front ends, recipes, trainings or weights."""
    from studies.commands import listing

    show(*(listing.layers(layers) if layers else listing.listed(section, pattern, corpus)))
