"""`etude judge`: results that were trained elsewhere, judged as those of a run are."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home

RESULTS_HELP = "A CSV file with the columns arm, seed and right, score or error; item, group, label, epoch if known."
CLAIMS_HELP = "A TOML file with a table [[claims]] for each claim: finding, kind, and the fields of that kind."


def judge(
    results: Annotated[Path, typer.Argument(help=RESULTS_HELP)],
    claims: Annotated[Path, typer.Option("--claims", help=CLAIMS_HELP)],
    home: Home = HOME,
) -> None:
    """Give claims their verdicts by results that were trained elsewhere, and write a page of them."""
    from studies.commands.judging import judge_files

    judge_files(results, claims, home)
