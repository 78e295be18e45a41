"""All findings of all documents with their verdicts, as a page and as a Markdown table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import findings
from analysis.findings.register import Finding
from analysis.report.environment import page, source
from analysis.report.rows import HEADLINE, PUBLISHED
from analysis.report.text import DASH, MARKS, number, signed
from analysis.verdicts.table import COLUMNS
from analysis.verdicts.verdict import WORDS

PROTOCOLS = (HEADLINE, PUBLISHED)
NOT_RUN: Mapping[str, Any] = {"word": "not run", "label": "", "badges": (), "effect": None, "n": 0, "reason": ""}


@dataclass(frozen=True)
class Cell:
    """One verdict of the matrix; `run` names where it comes from, "" where the table does not say."""

    word: str
    label: str
    badges: tuple[str, ...]
    effect: str
    n: int
    reason: str
    run: str


@dataclass(frozen=True)
class Row:
    """One finding and its verdict under each protocol."""

    finding: Finding
    document: str
    cells: Mapping[str, Cell]


def render_overview(findings_tables: Iterable[pd.DataFrame]) -> str:
    """Every finding of the register x {corrected, as published} as one HTML page that can be filtered.

    Each table is a run's `findings_table`; a further column `run` is shown as its source. Of several runs of a finding
    the one with the strongest evidence is shown (`strongest`), whatever it says. A finding of no run is "not run".
    """
    rows = matrix(findings_tables)
    counts = {protocol: tally(rows, protocol) for protocol in PROTOCOLS}
    documents = [d for d in findings.DOCUMENTS.values() if any(r.finding.document == d.name for r in rows)]
    context = {"rows": rows, "counts": counts, "documents": documents, "words": WORDS, "protocols": PROTOCOLS}
    return page("overview.html", (source("overview.js"),), **context)


def matrix(findings_tables: Iterable[pd.DataFrame]) -> list[Row]:
    """One row per finding of the register, in its order."""
    cells = strongest(findings_tables)
    missing = cell(NOT_RUN)
    return [
        Row(f, findings.DOCUMENTS[f.document].authors, {p: cells.get((f.id, p), missing) for p in PROTOCOLS})
        for f in findings.all()
    ]


def strongest(findings_tables: Iterable[pd.DataFrame]) -> dict[tuple[str, str], Cell]:
    """For each finding and protocol the verdict with the most evidence behind it.

    That is: a run over none, the recordings over a stand-in, a scale that decides over one that does not, then more
    repetitions, then the later table. What the verdict says plays no part, so that runs cannot be picked by result.
    """
    best: dict[tuple[str, str], tuple[tuple[int, ...], Cell]] = {}
    for table in findings_tables:
        for row in table.to_dict("records"):
            key, found = (str(row["finding"]), str(row["protocol"])), cell({str(k): v for k, v in row.items()})
            rank = (
                found.word != "not run",
                *(b not in found.badges for b in ("rendered audio", "smoke scale")),
                found.n,
            )
            if key not in best or rank >= best[key][0]:
                best[key] = (rank, found)
    return {key: found for key, (_, found) in best.items()}


def cell(row: Mapping[str, Any]) -> Cell:
    """A row of a findings table, joined ones with gaps, as a cell of the matrix."""
    badges, n = row.get("badges"), row.get("n", 0)
    return Cell(
        str(row["word"]),
        text(row.get("label")),
        tuple(badges) if isinstance(badges, tuple | list) else (),
        effect(row),
        0 if pd.isna(n) else int(n),
        text(row.get("reason")),
        text(row.get("run")),
    )


def text(value: object) -> str:
    """A text of a table, "" where it has none."""
    return value if isinstance(value, str) else ""


def effect(row: Mapping[str, Any]) -> str:
    """Effect with unit and interval, "" where a finding has several parts or none was measured."""
    value, low, high, unit = (row.get(name) for name in ("effect", "low", "high", "unit"))
    if value is None or pd.isna(value):
        return ""
    plain = str(unit) if unit in ("ratio", "odds ratio per SD", "share of pairs") else ""
    show = (lambda v: number(v, 2)) if plain or not unit else signed
    span = "" if low is None or high is None or pd.isna(low) or pd.isna(high) else f" [{show(low)}, {show(high)}]"
    return f"{show(value)} {unit or ''}".strip() + span


def tally(rows: Iterable[Row], protocol: str) -> list[tuple[str, int]]:
    """How many findings have each word under a protocol."""
    words = [row.cells[protocol].word for row in rows]
    return [(word, words.count(word)) for word in WORDS if word in words]


def verdict_markdown(table: pd.DataFrame) -> str:
    """A findings table (of one run, or of several joined) as a small Markdown table, one line per finding."""
    lacking = [name for name in ("finding", "protocol", "word") if name not in table]
    cells = strongest([table.reindex(columns=[*COLUMNS, *({"run"} & set(table.columns))])]) if not lacking else {}
    known = {f.id: f.statement for f in findings.all()}
    lines = ["| finding | claim | corrected | as published | n |", "|---|---|---|---|---|"]
    for id in dict.fromkeys(finding for finding, _ in cells):
        pair = [cells.get((id, protocol)) for protocol in PROTOCOLS]
        n = max((c.n for c in pair if c), default=0)
        lines.append(f"| {id} | {escaped(known.get(id, DASH))} | {said(pair[0])} | {said(pair[1])} | {n or DASH} |")
    return "\n".join(lines) + "\n"


def said(found: Cell | None) -> str:
    """A verdict with its label, effect and badges in a Markdown cell."""
    if found is None:
        return DASH
    word = f"{MARKS.get(found.word, '')} {found.word}" + (f" ({found.label})" if found.label else "")
    return escaped("; ".join([word, *([found.effect] if found.effect else []), *found.badges]).strip())


def escaped(value: str) -> str:
    """A text that cannot break a Markdown table."""
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
