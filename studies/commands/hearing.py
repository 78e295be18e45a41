"""Clips of mistakes beside the page of a run, where its corpus is at hand."""

from pathlib import Path

from analysis.runs import Run, understood
from studies.commands.stores import with_digest
from studies.pictures.mistakes import FOLDER, write_mistakes


def keep_clips(directory: Path, home: Path) -> str:
    """Write the clips; says how many there are and where. Raises UserError where the run's corpus is not packed."""
    with understood(directory):
        run = Run.load(directory)
        data = run.study["data"]
        store = with_digest(str(data["corpus"]), str(data["digest"]), home, rendered=run.rendered)
        return f"{write_mistakes(directory, run, store)} in {directory / FOLDER}"
