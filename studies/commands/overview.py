"""All findings and their verdicts, from every finished run of a storage."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from analysis import findings
from analysis.errors import unknown
from analysis.report import render_overview, verdict_markdown
from analysis.runs import STUDY, Run, understood
from analysis.verdicts import findings_table
from studies.console import show as show_table
from studies.console import tell
from studies.study import SCALES
from studies.tasks import read_json
from trainables.storage import files


def show(storage: Path, document: str, *, markdown: bool, html: Path | None) -> None:
    """Print the verdict of every finding, or write them as a page."""
    if document and document not in findings.DOCUMENTS:
        raise unknown("document", document, findings.DOCUMENTS)
    tables = [verdicts_of(run) for run in finished_runs(storage)]
    if html:
        files.replace(html.absolute(), render_overview(tables).encode())
        tell(f"Findings: {html.absolute().as_uri()}")
    elif markdown:
        print(verdict_markdown(best(tables, document)))
    else:
        show_table(terminal_table(best(tables, document)))


def finished_runs(storage: Path) -> list[Run]:
    """Every finished run of a storage, in order of name."""
    return [Run.load(path.parent) for path in sorted(storage.glob(f"*/{STUDY}")) if is_finished(path)]


def is_finished(path: Path) -> bool:
    """Whether a study.json says that its run is finished."""
    with understood(path.parent):
        return bool(read_json(path)["progress"]["finished"])


def verdicts_of(run: Run) -> pd.DataFrame:
    """The verdicts of a run, and where they come from."""
    with understood(run.path):
        return findings_table(run).assign(run=run.path.name, **origin(run))


def origin(run: Run) -> dict[str, str]:
    """What a verdict's weight depends on."""
    return {"scale": run.study["scale"]["name"], "audio": "rendered" if run.rendered else "real"}


def best(tables: list[pd.DataFrame], document: str) -> pd.DataFrame:
    """One row per finding and protocol from its weightiest run, real audio before rendered, large scales before small.

    Findings that no run has tested come as 'not run'.
    """
    registered = [finding for finding in findings.all() if document in ("", finding.document)]
    wanted = {finding.id: place for place, finding in enumerate(registered)}
    untested = [{"finding": finding, "protocol": "corrected", "word": "not run"} for finding in wanted]
    columns = ["finding", "protocol", "word", "scale", "audio"]
    every = pd.concat([*tables, pd.DataFrame(untested, columns=columns)], ignore_index=True)
    every = every[every["finding"].isin(list(wanted))]
    weight = every["scale"].map({name: place for place, name in enumerate(SCALES)})
    every = every.assign(place=every["finding"].map(wanted), real=every["audio"] == "real", weight=weight)
    every = every.sort_values(["place", "real", "weight"], ascending=[True, False, False], kind="stable")
    tested = set(every.loc[every["word"] != "not run", "finding"])
    every = every[(every["word"] != "not run") | ~every["finding"].isin(tested)]
    return every.drop_duplicates(["finding", "protocol"]).reset_index(drop=True)


def terminal_table(rows: pd.DataFrame) -> Table:
    """The verdicts for the terminal."""
    columns = ("finding", "claim", "protocol", "verdict", "effect (95 % interval)", "n", "scale, audio")
    table = Table(*columns, title="Verdicts", title_justify="left")
    for row in rows.to_dict("records"):
        table.add_row(*cells(row))
    counts = rows["word"].value_counts()
    table.caption = ", ".join(f"{count} {word}" for word, count in counts.items())
    return table


def cells(row: dict[Hashable, Any]) -> tuple[str, ...]:
    """One finding under one protocol as text."""
    known = {str(name): value for name, value in row.items() if isinstance(value, tuple | dict) or pd.notna(value)}
    sign = "" if known.get("unit") == "ratio" else "+"
    effect = f"{known['effect']:{sign}.2f} {known['unit']}" if "effect" in known else ""
    limits = f" ({known['low']:.2f} to {known['high']:.2f})" if "low" in known else ""
    verdict = f"{known['word']} ({known['label']})" if known.get("label") else known["word"]
    origin = f"{known['scale']}, {known['audio']}" if "audio" in known else ""
    n = f"{known['n']:.0f}" if "n" in known else ""
    return (
        known["finding"],
        findings.get(known["finding"]).statement,
        known["protocol"],
        verdict,
        effect + limits,
        n,
        origin,
    )
