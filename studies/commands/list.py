"""`etude list`: what there is that a command can name."""

from typing import Annotated

import typer

from studies.commands.as_json import print_json
from studies.commands.options import Json
from studies.console import show
from trainables.errors import UserError


def list_(
    section: Annotated[
        str,
        typer.Argument(
            help="What to list, such as architectures, metrics or arms; without it, how many there are of each kind of "
            "thing, and the studies."
        ),
    ] = "",
    pattern: Annotated[str, typer.Argument(help="Only names like this, such as 'cnn*'.")] = "",
    corpus: Annotated[str, typer.Option("--corpus", help="Only the studies of this corpus.")] = "",
    layers: Annotated[
        str, typer.Option("--layers", metavar="ARCHITECTURE", help="The layers of this architecture instead.")
    ] = "",
    json: Json = False,
) -> None:
    """List what there is: studies, arms, corpora, architectures, metrics and each other kind of thing."""
    from studies.commands import listing

    if json and not layers:
        print_json(listing.as_data(section, pattern, corpus))
        return
    if json:
        raise UserError("--json is for sections, not for --layers: leave one out.")
    show(*(listing.layers(layers) if layers else listing.listed(section, pattern, corpus)))
