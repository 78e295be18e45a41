"""The verdicts, and the findings with the evidence under them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from analysis.figures import differences, forest
from analysis.figures.figure import Figures
from analysis.protocols import Protocol, judging
from analysis.report.embed import Embed, Embedded
from analysis.report.rows import ClaimRow, FindingRow, claim_rows, differing, finding_rows
from analysis.report.sections.section import Section
from analysis.report.trail import Trail, trail
from analysis.results import Results


@dataclass(frozen=True)
class VerdictsSection(Section):
    """All claims in a table, and all their effects."""

    id: ClassVar[str] = "verdicts"
    title: ClassVar[str] = "Verdicts"
    draws: ClassVar[tuple[Figures, ...]] = (forest.effects,)

    claims: Sequence[ClaimRow]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self:
        """Always shown: a study without claims says so."""
        return cls(*cls.drawn(results, embed), claim_rows(results.run, results.judged))

    @property
    def protocols(self) -> list[Protocol]:
        """Those under which a claim is judged."""
        return [protocol for protocol in judging() if any(protocol.name in row.by_protocol for row in self.claims)]


@dataclass(frozen=True)
class ClaimEvidence:
    """One claim with the settings in which its arms differ, the trails of its verdicts, and its figures.

    Those in the `stack` stand below each other: its effect, and every run. Beside them are its `slopes`.
    """

    row: ClaimRow
    differing: Mapping[str, Sequence[str]]
    trails: Sequence[Trail]
    stack: tuple[Embedded, ...]
    slopes: tuple[Embedded, ...]


@dataclass(frozen=True)
class FindingEvidence:
    """One finding with its claims."""

    row: FindingRow
    claims: tuple[ClaimEvidence, ...]


@dataclass(frozen=True)
class FindingsSection(Section):
    """Every finding with the evidence of its claims."""

    id: ClassVar[str] = "findings"
    title: ClassVar[str] = "Findings"

    findings: Sequence[FindingEvidence]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a study without claims."""
        rows = finding_rows(results.run, claim_rows(results.run, results.judged))
        found = [FindingEvidence(row, tuple(evidence_of(results, each, embed) for each in row.claims)) for row in rows]
        return cls(*cls.drawn(results, embed), found) if found else None

    @property
    def entries(self) -> Sequence[str]:
        return [finding.row.id for finding in self.findings]


def evidence_of(results: Results, row: ClaimRow, embed: Embed) -> ClaimEvidence:
    """A claim, with figures where its kind has them and something was measured."""
    measured, claim = [verdict for verdict in row.verdicts if verdict.n], row.claim
    apart = differing(results.run, claim.arms)
    trails = [trail(results, claim, verdict) for verdict in row.verdicts]
    if not measured or not claim.by_run:
        return ClaimEvidence(row, apart, trails, (), ())
    stack = (forest.line(measured), *differences.every_run(results.confirmed, claim, measured))
    slopes = differences.paired_runs(results.confirmed, claim, measured)
    return ClaimEvidence(row, apart, trails, tuple(map(embed, stack)), tuple(map(embed, slopes)))
