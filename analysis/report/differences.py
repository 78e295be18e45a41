"""The page of two runs: what differs between them."""

from collections.abc import Sequence

from analysis.differing import COMPARED, KEY, Differing, RunDifferences
from analysis.report.environment import page, source
from analysis.report.tables import Column, DataTable, Form
from analysis.text import DASH

FORMS: dict[str, Form] = {"epochs": "number", "validation_accuracy": "share", "test_accuracy": "share"}
FILTERED = ("phase", "arm", "configuration", "protocol")


def render_differences(found: RunDifferences) -> str:
    """One HTML page that loads nothing, with tables to sort and filter."""
    tables = (
        listed(found, "settings", "Made with", ("Part", "Setting"), found.settings),
        listed(found, "verdicts", "Verdicts", ("Finding", "Protocol"), found.verdicts),
        trials(found),
    )
    return page("differences.html", (source("tables.js"),), names=found.names, tables=tables)


def listed(found: RunDifferences, id: str, title: str, heads: tuple[str, str], rows: Sequence[Differing]) -> DataTable:
    columns = [
        Column(f"c{place}", head, [row[place] for row in rows]) for place, head in enumerate((*heads, *found.names))
    ]
    return DataTable(id, title, f"{title}: only what differs.", columns)


def trials(found: RunDifferences) -> DataTable:
    """The trials of which something differs; of a column in which none does, nothing."""
    table = found.trials
    roles = [
        Column(name, name.capitalize(), table[name].astype(str).tolist(), filtered=name in FILTERED) for name in KEY
    ]
    shown = [name for name in (*COMPARED, "settings") if not table[f"{name} 1"].equals(table[f"{name} 2"])]
    pairs = [paired(found, name, number) for name in shown for number in (1, 2)]
    return DataTable("trials", "Trials", "Trials, by what they are for: only those that differ.", [*roles, *pairs])


def paired(found: RunDifferences, name: str, number: int) -> Column:
    values, title = found.trials[f"{name} {number}"], f"{name.replace('_', ' ').capitalize()}, run {number}"
    if name in FORMS:
        return Column(f"{name}-{number}", title, values.astype("float64").tolist(), FORMS[name])
    return Column(f"{name}-{number}", title, values.where(values.notna(), DASH).astype(str).tolist())
