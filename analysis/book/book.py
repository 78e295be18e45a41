"""What the pages of a book are made of: runs, each read once, and the findings with the verdicts that count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from analysis.findings import DOCUMENTS
from analysis.report.embed import Embed
from analysis.report.overview import Row, matrix
from analysis.report.sections.document import DocumentFiguresSection
from analysis.results import Results
from analysis.verdicts.precedence import Origin
from analysis.verdicts.table import FindingVerdict, finding_verdicts
from analysis.verdicts.verdict import Word, tally


class File(NamedTuple):
    """A file of the book: its place below the folder, and what it holds, or the file that it is a copy of."""

    place: str
    content: bytes | Path


class Declared(NamedTuple):
    """A study as its file declares it, whether it was run or not; `findings` are the ids of those that it tests."""

    name: str
    document: str
    section: str
    title: str
    question: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class BookRun:
    """What is kept of a run when its own pages are made: study.json, verdicts, and the figures of its document."""

    path: Path
    study: Mapping[str, Any]
    origin: Origin
    verdicts: Sequence[FindingVerdict]
    figures: DocumentFiguresSection | None
    trials: int
    cpu_seconds: float

    @classmethod
    def of(cls, results: Results, embed: Embed) -> "BookRun":
        run = results.run
        trained = run.trials.drop_duplicates("trial")
        return cls(
            run.path,
            run.study,
            Origin.of(run),
            finding_verdicts(run, results.judged),
            DocumentFiguresSection.of(results, embed),
            len(trained),
            float(trained["cpu_seconds"].sum()),
        )

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def authors(self) -> str:
        """Those of its document, "" for a study of none."""
        document = DOCUMENTS.get(str(self.study["study"].get("document", "")))
        return document.authors if document else ""

    @property
    def words(self) -> Sequence[tuple[Word, int]]:
        """How many of its findings have which word under the first protocol that judges them."""
        first = {verdict.finding: verdict.word for verdict in reversed(self.verdicts)}
        return tally(list(first.values()))

    @property
    def badges(self) -> list[str]:
        """Why it decides nothing, or not on the document's own audio."""
        marks = {
            "rendered audio": not self.origin.real,
            f"{self.study['scale'].get('name', '')} scale": not self.origin.decides,
            f"replication on {self.origin.elsewhere}": bool(self.origin.elsewhere),
        }
        return [badge for badge, shown in marks.items() if shown]

    @property
    def rank(self) -> tuple[bool, tuple[Any, ...]]:
        """How much it counts beside other runs of its study."""
        tested = [verdict.n for verdict in self.verdicts if verdict.word != "not run"]
        return not self.origin.elsewhere, self.origin.rank(bool(tested), max(tested, default=0))


@dataclass(frozen=True)
class Book:
    """All runs, all studies that are declared, and the findings of all documents, with the verdicts that count."""

    runs: Sequence[BookRun]
    studies: Sequence[Declared]

    @cached_property
    def rows(self) -> Sequence[Row]:
        by_finding = {finding: study.name for study in self.studies for finding in study.findings}
        return matrix([verdict for run in self.runs for verdict in run.verdicts], studies=by_finding)

    def runs_of(self, study: str) -> list[BookRun]:
        """The runs of a study, the weightiest first."""
        found = [run for run in self.runs if run.study["study"]["name"] == study]
        return sorted(found, key=lambda run: run.rank, reverse=True)
