"""`etude report`: the page of a run."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, RunName
from studies.console import print_line

EVIDENCE_HELP = "Also copy what the page is made of, without checkpoints and audio, below this folder."


def report(
    run: RunName,
    home: Home = HOME,
    evidence: Annotated[Path | None, typer.Option("--evidence", help=EVIDENCE_HELP)] = None,
) -> None:
    """Write the HTML page of a finished run anew, from its files alone."""
    from studies.driver.evidence import write_evidence
    from studies.driver.page import write_report
    from studies.driver.run import find

    directory = find(run, home)
    print_line(f"Report: {write_report(directory).as_uri()}")
    if evidence:
        print_line(f"Evidence: {write_evidence(directory, evidence.absolute())}")
