"""All findings and their verdicts, from every finished run of a storage."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from analysis import findings
from analysis.errors import unknown
from analysis.report import matrix, render_overview, verdict_markdown
from analysis.report.overview import Row
from analysis.runs import STUDY, Run, understood
from analysis.text import measured
from analysis.verdicts import FindingVerdict, finding_verdicts
from studies.console import show as show_table
from studies.console import tell
from studies.tasks import read_json
from trainables.errors import UserError
from trainables.storage import files


def show(storage: Path, document: str, *, markdown: bool, html: Path | None) -> None:
    """Print the verdict of every finding, or of those of one document, or write them as a page."""
    if document and document not in findings.DOCUMENTS:
        raise unknown("document", document, findings.DOCUMENTS)
    if markdown and html:
        raise UserError("Give one of --markdown and --html.")
    rows = matrix([verdict for run in finished_runs(storage) for verdict in verdicts_of(run)], document)
    if html:
        files.replace(html.absolute(), render_overview(rows).encode())
        tell(f"Findings: {html.absolute().as_uri()}")
    elif markdown:
        print(verdict_markdown(rows))
    else:
        show_table(terminal_table(rows))


def finished_runs(storage: Path) -> list[Run]:
    """Every finished run of a storage, in order of name."""
    return [Run.load(path.parent) for path in sorted(storage.glob(f"*/{STUDY}")) if is_finished(path)]


def is_finished(path: Path) -> bool:
    """Whether a study.json says that its run is finished."""
    with understood(path.parent):
        return bool(read_json(path)["progress"]["finished"])


def verdicts_of(run: Run) -> list[FindingVerdict]:
    """The verdicts of a run."""
    with understood(run.path):
        return finding_verdicts(run)


def terminal_table(rows: Sequence[Row]) -> Table:
    """The verdicts for the terminal: a line for each protocol under which a finding was judged."""
    columns = ("finding", "claim", "protocol", "verdict", "effect (95 % interval)", "n", "run")
    table = Table(*columns, title="Verdicts", title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table_rows = [line(protocol, cell.verdict) for protocol, cell in row.cells.items() if cell.verdict]
        for cells in table_rows or [("", "not run", "", "", "")]:
            table.add_row(row.finding.id, row.finding.statement, *cells)
    words = Counter(cell.word for row in rows for cell in row.cells.values() if cell.verdict)
    untested = sum(not any(cell.verdict for cell in row.cells.values()) for row in rows)
    counts = [*words.items(), *([("not run", untested)] if untested else [])]
    table.caption = ", ".join(f"{count} {word}" for word, count in counts)
    return table


def line(protocol: str, verdict: FindingVerdict) -> tuple[str, ...]:
    """One verdict as text: protocol, word and badges, effect, repetitions, run."""
    word = f"{verdict.word} ({verdict.label})" if verdict.label else verdict.word
    said = "; ".join((word, *verdict.badges))
    return protocol, said, measured(verdict), str(verdict.n or ""), verdict.origin.run
