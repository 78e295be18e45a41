"""All findings and their verdicts, from every finished run of a storage."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from analysis import findings
from analysis.errors import unknown
from analysis.protocols import protocol_name
from analysis.report import matrix, render_overview, verdict_json, verdict_markdown
from analysis.report.overview import ELSEWHERE, NOT_RUN, Row, replicated
from analysis.runs import Run, understood
from analysis.verdicts import FindingVerdict, finding_verdicts
from studies import catalogue
from studies.commands.repeating import command
from studies.commands.verdict_lines import cells, counts
from studies.console import print_line, table
from studies.console import show as show_table
from studies.driver.archive import finished
from trainables.errors import UserError
from trainables.storage import files

NO_STUDY = "no study yet"


def show(storage: Path, document: str, *, every: bool, markdown: bool, json: bool, html: Path | None) -> None:
    """Print the verdict of each finding that was run, or of `every` one, or give all as a page, Markdown or JSON.

    With `document`, of all of that document and of no other.
    """
    if document and document not in findings.DOCUMENTS:
        raise unknown("document", document, findings.DOCUMENTS)
    if markdown + json + bool(html) > 1:
        raise UserError("Give one of --markdown, --json and --html.")
    runs = finished_runs(storage)
    verdicts = [verdict for run in runs for verdict in verdicts_of(run)]
    rows = matrix(verdicts, document, studies_by_finding())
    if html:
        files.replace(html.absolute(), render_overview(rows).encode())
        print_line(f"Findings: {html.absolute().as_uri()}")
    elif markdown:
        print(verdict_markdown(rows))
    elif json:
        print(verdict_json(rows, runs, command).decode())
    else:
        print_rows(rows, every=every or bool(document))


def studies_by_finding() -> dict[str, str]:
    """By its id the study that tests a finding."""
    return {finding: name for name, study in catalogue.every().items() for finding in study.tested}


def print_rows(rows: Sequence[Row], *, every: bool) -> None:
    """Print the rows that were judged and how many were not, or every one."""
    shown = [row for row in rows if every or row.judged or row.elsewhere]
    show_table(terminal_table(shown) if shown else "No finished run has tested a finding.")
    waiting = [row for row in rows if not (row.judged or row.elsewhere)]
    if waiting and not every:
        print_line(rest(waiting))


def finished_runs(storage: Path) -> list[Run]:
    """Every finished run of a storage, in order of name."""
    return [Run.load(folder) for folder in finished(storage)]


def verdicts_of(run: Run) -> list[FindingVerdict]:
    with understood(run.path):
        return finding_verdicts(run)


def terminal_table(rows: Sequence[Row]) -> Table:
    """The verdicts for the terminal: a line for each protocol under which a finding was judged or replicated."""
    columns = ["finding", "study", "claim", "protocol", "verdict", "effect (95 % interval)", "n", "run"]
    columns += [ELSEWHERE] if any(row.elsewhere for row in rows) else []
    lines = [
        (row.finding.id, row.study or NO_STUDY, row.finding.statement, *line)[: len(columns)]
        for row in rows
        for line in lines_of(row)
    ]
    caption = counts([cell.verdict for row in rows for cell in row.cells.values() if cell.verdict])
    return table("Verdicts", columns, lines, caption=caption)


def lines_of(row: Row) -> list[tuple[str, ...]]:
    """A line for each protocol under which a finding was judged or replicated; else one that says it was not run."""
    lines = []
    for protocol, cell in row.cells.items():
        verdict, others = cell.verdict, replicated(row, protocol)
        if verdict or others:
            own = cells(verdict) if verdict else (protocol_name(protocol), NOT_RUN, "", "", "")
            lines.append((*own, others))
    return lines or [("", NOT_RUN, "", "", "", "")]


def rest(waiting: Sequence[Row]) -> str:
    """How many findings were not run, and of how many there is no study."""
    without = sum(not row.study for row in waiting)
    not_run = f"{len(waiting) - without} findings have a study that was not run"
    return f"Of the others {not_run}, and {without} have {NO_STUDY}: `etude verdicts --all` lists them."
