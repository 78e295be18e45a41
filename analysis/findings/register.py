"""What the register holds: documents, with what they print, and findings."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Picks = Callable[[Sequence[str]], Sequence[str]]
"""Takes the names of a run's arms and gives those that a figure shows."""


def every(arms: Sequence[str]) -> Sequence[str]:
    """All arms of a run."""
    return arms


@dataclass(frozen=True)
class PrintedFigure:
    """A figure of a document, made of a run's numbers.

    It is `drawn_by` the function of `analysis.figures` of that name, "module.function", which takes the results of a
    run, the arms that the figure shows, and the `options`. The function is looked up when a page is made: whoever reads
    the register alone does not wait for what draws. The `note` stands under the title. One `of_logits` reads those,
    which evidence has only then.
    """

    id: str
    title: str
    drawn_by: str
    arms: Picks
    note: str
    options: Mapping[str, Any]
    of_logits: bool = False


def figure(
    id: str,
    title: str,
    drawn_by: str,
    arms: Picks = every,
    note: str = "",
    *,
    of_logits: bool = False,
    **options: Any,
) -> PrintedFigure:
    return PrintedFigure(id, title, drawn_by, arms, note, options, of_logits)


@dataclass(frozen=True)
class Levels:
    """Arms that differ in a `setting` whose first number is their level, in one or several `series`, each with a name.

    `title` is that of the axis, which may be `logarithmic`; `parity` tells odd levels from even ones.
    """

    setting: str
    title: str
    series: Mapping[str, Picks]
    logarithmic: bool = False
    parity: bool = False

    def of(self, settings: Mapping[str, Any]) -> float | None:
        """The level of an arm with these settings, None for one that has none."""
        number = re.match(r"[\d.]+(e-?\d+)?", str(settings.get(self.setting, "")))
        return float(number[0]) if number else None


def named(pattern: str, *others: str) -> Picks:
    """Picks the arms whose names are as the pattern says, and others by their names."""
    return lambda arms: [arm for arm in arms if re.fullmatch(pattern, arm) or arm in others]


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
    quote: str = ""


Entry = tuple[str, str, str, str, str] | tuple[str, str, str, str, str, str]


def findings_of(document: Document, *entries: Entry) -> tuple[Finding, ...]:
    """The findings of a document from (number, lines, quote, kind, statement[, printed])."""
    return tuple(
        Finding(f"{document.key}-{number}", document.name, lines, kind, statement, "".join(printed), quote)
        for number, lines, quote, kind, statement, *printed in entries
    )
