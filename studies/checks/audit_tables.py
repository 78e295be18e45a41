"""The audit as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from analysis.protocols import HEADLINE, protocol_name
from trainables.corpora.audit.check import Check

MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "not applicable": ("–", "dim")}


def card_tables(cards: Mapping[str, Any]) -> list[Table]:
    """Every check beside its outcome under each protocol; then, in words, what fails under the headline protocol."""
    table = Table("check", *(protocol_name(name) for name in cards), title="audit of the data", title_justify="left")
    for checks in zip(*(card["checks"] for card in cards.values()), strict=True):
        table.add_row(f"{checks[0]['id']} {checks[0]['name']}", *(outcome(**check) for check in checks))
    failed = [check for check in cards.get(HEADLINE.name, {}).get("checks", []) if check["outcome"] == "fail"]
    return [table, *([in_words(failed)] if failed else [])]


def in_words(failed: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("check", "what was counted", title=f"fails under {HEADLINE.title}", title_justify="left")
    for check in failed:
        table.add_row(f"{check['id']} {check['name']}", Text(check["explanation"]))
    return table


def design_table(checks: Sequence[Check]) -> Table:
    table = Table("check", "outcome", "what was counted", title="audit of the design", title_justify="left")
    for check in checks:
        table.add_row(f"{check.id} {check.name}", outcome(**vars(check)), Text(check.explanation))
    return table


def outcome(outcome: str, figure: float, **_: Any) -> Text:
    """An outcome as a mark and its figure; one that does not apply has none."""
    mark, style = MARKS[outcome]
    return Text(mark if outcome == "not applicable" else f"{mark} {round(figure, 3):g}", style)
