"""`etude weights`: keep a file of published weights."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import print_line


def weights(
    name: Annotated[str, typer.Argument(help="Published weights, such as cnn14_audioset; see `etude list weights`.")],
    source: Annotated[Path, typer.Option("--from", help="The downloaded file.")],
    home: Home = HOME,
) -> None:
    """Check a file of published weights by its checksum, and keep it for the trials that name it."""
    from studies.commands.stores import corpora_folder
    from trainables.weights import keep

    print_line(f"{name}: kept in {keep(name, source, corpora_folder(home))}")
