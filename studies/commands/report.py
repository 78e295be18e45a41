"""`etude report`: the page of a run."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, RunName
from studies.console import print_line
from trainables.errors import UserError

DEEPCAVE_HELP = "Also write the explored trials as DeepCAVE's configspace.csv and trials.csv below this folder."
CLIPS_HELP = "First put clips of the most frequent mistakes beside the page, to hear; it needs the packed corpus."
EVIDENCE_HELP = "Also copy what the page is made of, without checkpoints and audio, below this folder."


def report(
    run: RunName,
    home: Home = HOME,
    evidence: Annotated[Path | None, typer.Option("--evidence", help=EVIDENCE_HELP)] = None,
    deepcave: Annotated[Path | None, typer.Option("--deepcave", help=DEEPCAVE_HELP)] = None,
    clips: Annotated[bool, typer.Option("--clips", help=CLIPS_HELP)] = False,
) -> None:
    """Write the HTML page of a run anew, from its files alone; that of an unfinished run says that it is.

    A run that is being trained writes its tables when it stops.
    """
    from analysis.runs import TRIALS
    from studies.driver.evidence import write_evidence
    from studies.driver.page import write_report
    from studies.driver.run import find
    from studies.remote.mirror import is_held

    directory = find(run, home)
    if is_held(directory) and not (directory / TRIALS).exists():
        raise UserError(f"{directory} is being trained and has no tables yet: `etude watch {run}` shows how far it is.")
    if clips:
        from studies.commands.hearing import keep_clips

        print_line(f"Clips of mistakes: {keep_clips(directory, home)}")
    print_line(f"Report: {write_report(directory, unfinished=True).as_uri()}")
    if evidence:
        print_line(f"Evidence: {write_evidence(directory, evidence.absolute())}")
    if deepcave:
        from studies.driver.deepcave import write_deepcave

        folder, left_out = write_deepcave(directory, deepcave.absolute())
        rest = (
            f"; left out, because not every trial has it as it was searched: {', '.join(left_out)}" if left_out else ""
        )
        print_line(f"DeepCAVE: {folder}{rest}")
