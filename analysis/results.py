"""The results of a run: what its figures and its report show, each computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import findings
from analysis.confirmed import Confirmed
from analysis.digests import run_digest
from analysis.findings.register import Document, PrintedFigure
from analysis.protocols import HEADLINE, PROTOCOLS, PUBLISHED
from analysis.runs import STUDY, Run
from analysis.verdicts import Verdict, inflation, other_cells, verdicts


@dataclass(frozen=True)
class Results:
    """A run with its verdicts, the estimates of configurations that do not decide, and the inflation of each arm."""

    run: Run
    judged: Sequence[Verdict]
    others: Sequence[Verdict]
    inflation: pd.DataFrame

    @classmethod
    def of(cls, run: Run) -> "Results":
        return cls(run, verdicts(run), other_cells(run), inflation(run))

    @cached_property
    def confirmed(self) -> Mapping[str, Confirmed]:
        return {protocol: Confirmed(self.run, protocol) for protocol in PROTOCOLS}

    @cached_property
    def origin(self) -> Mapping[str, str]:
        """What a figure says of where it is from: study, run, version, commit, and the digest of the data."""
        made, path = self.run.study["provenance"], self.run.path
        digest = run_digest(path) if (path / STUDY).exists() else ""
        known = {name: str(made.get(name, "")) for name in ("etude", "commit")}
        return {"study": self.run.name, "run": path.name, **known, "digest": digest}

    @property
    def headline(self) -> Confirmed:
        """The confirmed trials of the protocol whose verdicts come first; as published where only those are known."""
        first, published = self.confirmed[HEADLINE.name], self.confirmed[PUBLISHED.name]
        return published if first.rows.empty and len(published.rows) else first

    @property
    def documented(self) -> Confirmed:
        """The confirmed trials of the document's own protocol; those of the headline in a study that has none of it."""
        published = self.confirmed[PUBLISHED.name]
        return published if len(published.rows) else self.headline

    @property
    def document(self) -> Document | None:
        """The document of the run's study, None for a study of no document."""
        return findings.DOCUMENTS.get(self.run.document)

    @property
    def printed(self) -> list[tuple[PrintedFigure, Sequence[str]]]:
        """The figures of the document in its order, each with the arms of the run that it shows."""
        figures = self.document.figures if self.document else ()
        return [(figure, figure.arms(self.run.arms)) for figure in figures]
