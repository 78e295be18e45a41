"""The report of a run, written beside the tables from which it is made."""

from pathlib import Path

from analysis.report import render
from analysis.runs import Run, understood
from trainables.storage import files

REPORT = "report.html"


def write_report(directory: Path) -> Path:
    """Write the page of a finished run; gives its path."""
    path = directory / REPORT
    with understood(directory):
        page = render(Run.load(directory, finished=True)).encode()
    files.replace(path, page)
    return path
