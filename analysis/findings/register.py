"""What the register holds: documents, findings and contradictions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """A paper under study: its key in ids ("S4"), its name in code ("yun_bi"), who wrote it and on which corpus."""

    key: str
    name: str
    authors: str
    title: str
    corpus: str


@dataclass(frozen=True)
class Finding:
    """One testable claim of a document.

    `lines` are the lines of the document's text that state it; `kind` the claim type or types (DIR, EQ, ...), as
    "DIR x2" or "HYP (EQ + COST)"; `statement` says it in one sentence; `printed` the figures the document prints.
    """

    id: str
    document: str
    lines: str
    kind: str
    statement: str
    printed: str = ""


@dataclass(frozen=True)
class Contradiction:
    """A place where a document contradicts itself or misprints, and how it is carried into the studies."""

    id: str
    where: str
    text: str
    findings: tuple[str, ...] = ()


Entry = tuple[str, str, str, str] | tuple[str, str, str, str, str]


def findings_of(document: Document, *entries: Entry) -> tuple[Finding, ...]:
    """The findings of a document from (number, lines, kind, statement[, printed])."""
    return tuple(Finding(f"{document.key}-{number}", document.name, *rest) for number, *rest in entries)
