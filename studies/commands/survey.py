"""`etude survey`: what works best on a corpus, in a quarter of an hour, and the model of that."""

from typing import Annotated

import typer

from studies.commands.options import HOME, Home
from studies.console import GO_ON, interruptible


def survey(
    corpus: Annotated[str, typer.Argument(help="A packed corpus, such as one of your own (see `etude data`).")],
    minutes: Annotated[int, typer.Option("--minutes", min=2, help="About how long it may take on this machine.")] = 15,
    home: Home = HOME,
) -> None:
    """Compare a few small networks on a corpus: the best one, its interval, its confusions, a report and a model.

    The study is written as a file, which can be changed and run by `etude run`. The same command goes on from where it
    stopped.
    """
    with interruptible(GO_ON):
        from studies.commands import surveying

        surveying.survey(corpus, minutes, home)
