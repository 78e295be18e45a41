"""What the register holds: documents, with what they print, and findings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["curves", "layers", "kernels"]


@dataclass(frozen=True)
class PrintedFigure:
    """A figure that a document prints: of accuracy over epochs, of the layers of a network, or of kernels.

    `arms` takes the names of a run's arms and gives those that the figure shows.
    """

    id: str
    title: str
    kind: Kind
    arms: Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True)
class Contradiction:
    """A place where a document contradicts itself or misprints, and how it is carried into the studies."""

    id: str
    where: str
    text: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A paper under study: its key in ids ("S4"), its name in code ("yun_bi"), who wrote it and on which corpus.

    `corpus` is the registered name of the data set, of which the document tells `classes` apart. `url` is where it can
    be read, "" where no public copy was found.
    """

    key: str
    name: str
    authors: str
    title: str
    corpus: str
    classes: int
    contradictions: tuple[Contradiction, ...] = ()
    figures: tuple[PrintedFigure, ...] = ()
    url: str = ""


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


Entry = tuple[str, str, str, str] | tuple[str, str, str, str, str]


def findings_of(document: Document, *entries: Entry) -> tuple[Finding, ...]:
    """The findings of a document from (number, lines, kind, statement[, printed])."""
    return tuple(Finding(f"{document.key}-{number}", document.name, *rest) for number, *rest in entries)
