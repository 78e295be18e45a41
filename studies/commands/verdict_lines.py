"""The verdicts of a run, as a table and as counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from analysis.protocols import protocol_name
from analysis.runs import Run, understood
from analysis.text import measured
from analysis.verdicts import FindingVerdict, finding_verdicts
from studies.console import table


def verdicts_in(directory: Path) -> list[FindingVerdict]:
    with understood(directory):
        return finding_verdicts(Run.load(directory, finished=True))


def verdict_table(verdicts: Sequence[FindingVerdict]) -> Table:
    """A line for each finding and protocol of one run."""
    columns = ("finding", "protocol", "verdict", "effect (95 % interval)", "n")
    return table("Verdicts", columns, [(verdict.finding, *cells(verdict)[:-1]) for verdict in verdicts])


def cells(verdict: FindingVerdict) -> tuple[str, ...]:
    """One verdict as text: protocol, word and badges, effect, repetitions, run."""
    word = f"{verdict.word} ({verdict.label})" if verdict.label else verdict.word
    words = "; ".join((word, *verdict.badges))
    return protocol_name(verdict.protocol), words, measured(verdict), str(verdict.n or ""), verdict.origin.run


def counts(verdicts: Sequence[FindingVerdict]) -> str:
    return counted(Counter(verdict.word for verdict in verdicts))


def counted(words: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in words.items())
