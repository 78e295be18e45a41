"""What differs between two runs, in the terminal and as a page."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.differing import COMPARED, KEY, Differing, differences
from analysis.report.differences import render_differences
from analysis.runs import Run, understood
from analysis.text import DASH
from studies.console import print_line, show, table
from trainables.storage import files

MOST_ROWS = 40
"""Rows of trials in the terminal; the page has all."""


def show_differences(first: Path, second: Path, html: Path | None) -> None:
    """Print what differs, or write it as a page."""
    with understood(first), understood(second):
        found = differences(Run.load(first), Run.load(second))
    if html:
        files.replace(html.absolute(), render_differences(found).encode())
        print_line(f"Differences: {html.absolute().as_uri()}")
        return
    show(f"Run 1: {found.names[0]}", f"Run 2: {found.names[1]}")
    show_rows("Made with", ("part", "setting"), found.settings)
    show_rows("Verdicts", ("finding", "protocol"), found.verdicts)
    show_trials(found.trials)


def show_rows(title: str, heads: tuple[str, str], rows: Sequence[Differing]) -> None:
    show(table(title, (*heads, "run 1", "run 2"), rows) if rows else f"{title}: nothing differs.")


def show_trials(trials: pd.DataFrame) -> None:
    """Print the first trials that differ, by what they are for."""
    if trials.empty:
        show("Trials: nothing differs.")
        return
    shown = trials.head(MOST_ROWS)
    rows = [[*map(str, row[: len(KEY)]), *pairs(row)] for row in shown[[*KEY, *columns()]].itertuples(index=False)]
    more = len(trials) - len(shown)
    caption = f"{more:,} more rows: --html FILE has all of them" if more else ""
    show(table("Trials", (*KEY, *COMPARED, "settings"), rows, caption=caption))


def columns() -> list[str]:
    return [f"{name} {number}" for name in (*COMPARED, "settings") for number in (1, 2)]


def pairs(row: tuple[object, ...]) -> list[str]:
    """Of each column what the two runs have, or once what both have."""
    values = list(map(cell, row[len(KEY) :]))
    return [a if a == b else f"{a} → {b}" for a, b in zip(values[::2], values[1::2], strict=True)]


def cell(value: object) -> str:
    if isinstance(value, float):
        return DASH if pd.isna(value) else f"{value:g}"
    return DASH if value is None or value is pd.NA else str(value)
