"""The audit as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from analysis.protocols import HEADLINE, protocol_name
from studies.console import table
from trainables.corpora.audit.check import Check

MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "not applicable": ("–", "dim")}


def card_tables(cards: Mapping[str, Any]) -> list[Table]:
    """Every check beside its outcome under each protocol; then, in words, what fails under the headline protocol."""
    beside = zip(*(card["checks"] for card in cards.values()), strict=True)
    rows: list[list[str | Text]] = [[named(checks[0]), *(outcome(**check) for check in checks)] for checks in beside]
    tables = [table("audit of the data", ("check", *map(protocol_name, cards)), rows)]
    headline = cards.get(HEADLINE.name, {}).get("checks", [])
    if failed := [(named(check), check["explanation"]) for check in headline if check["outcome"] == "fail"]:
        tables.append(table(f"fails under {HEADLINE.title}", ("check", "what was counted"), failed))
    return tables


def design_table(checks: Sequence[Check]) -> Table:
    rows = [(named(vars(check)), outcome(**vars(check)), check.explanation) for check in checks]
    return table("audit of the design", ("check", "outcome", "what was counted"), rows)


def named(check: Mapping[str, Any]) -> str:
    return f"{check['id']} {check['name']}"


def outcome(outcome: str, figure: float, **_: Any) -> Text:
    """An outcome as a mark and its figure; one that does not apply has none."""
    mark, style = MARKS[outcome]
    return Text(mark if outcome == "not applicable" else f"{mark} {round(figure, 3):g}", style)
