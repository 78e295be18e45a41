"""The report of a run and its verdicts as a table, written beside the tables from which they are made."""

from pathlib import Path

from analysis.loaded import table_of
from analysis.report.page import render_results
from analysis.results import Results
from analysis.runs import VERDICTS, Run, understood
from trainables.storage import files

REPORT = "report.html"


def write_report(directory: Path, *, unfinished: bool = False) -> Path:
    """Write the page of a finished run, and verdicts.csv; gives the path of the page.

    That of an `unfinished` one may be written, too: it has a badge, and its verdicts stay on the page. Raises RunError
    for an unfinished run otherwise.
    """
    path = directory / REPORT
    with understood(directory):
        run = Run.load(directory, finished=not unfinished)
        results = Results.of(run)
        page, verdicts = render_results(results).encode(), table_of(results.judged).to_csv(index=False).encode()
    if run.study["progress"]["finished"]:
        files.replace(directory / VERDICTS, verdicts)
    files.replace(path, page)
    return path
