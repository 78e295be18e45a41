"""What the document shows: its figures, its networks, where it contradicts itself, and what others found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.figures import curves, kernels
from analysis.figures.figure import Figures
from analysis.findings.register import Contradiction
from analysis.references import Reference, references
from analysis.report.embed import Embed
from analysis.report.sections.section import Section
from analysis.results import Results


@dataclass(frozen=True)
class DocumentFiguresSection(Section):
    """The figures of the document, of this run's numbers."""

    id: ClassVar[str] = "document-figures"
    title: ClassVar[str] = "Figures of the document"
    draws: ClassVar[tuple[Figures, ...]] = (kernels.shapes,)
    draws_in_grid: ClassVar[tuple[Figures, ...]] = (curves.printed,)


@dataclass(frozen=True)
class Network:
    """The layers of an arm's network (name, kind, output, parameters), and the figures of the document that show it."""

    arm: str
    parameters: int
    layers: Sequence[Mapping[str, Any]]
    figures: Sequence[str]


@dataclass(frozen=True)
class ArchitecturesSection(Section):
    """The network of each arm."""

    id: ClassVar[str] = "architectures"
    title: ClassVar[str] = "Architectures"

    networks: Sequence[Network]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a study without networks."""
        found = {arm: results.run.study["architectures"].get(arm) for arm in results.run.arms}
        networks = [network(results, arm, described) for arm, described in found.items() if described]
        return cls(*cls.drawn(results, embed), networks) if networks else None


def network(results: Results, arm: str, described: Mapping[str, Any]) -> Network:
    figures = [figure.id for figure, arms in results.printed("layers") if arm in arms]
    return Network(arm, int(described.get("parameters", 0)), described.get("layers", []), figures)


@dataclass(frozen=True)
class ContradictionsSection(Section):
    """Where the document contradicts itself; `tested` are the findings that the page has."""

    id: ClassVar[str] = "contradictions"
    title: ClassVar[str] = "Contradictions of the document"

    contradictions: Sequence[Contradiction]
    tested: Collection[str]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a document without any."""
        found = results.document.contradictions if results.document else ()
        tested = {verdict.finding for verdict in results.judged}
        return cls(*cls.drawn(results, embed), found, tested) if found else None


@dataclass(frozen=True)
class ReferencesSection(Section):
    """What others found on the same data."""

    id: ClassVar[str] = "references"
    title: ClassVar[str] = "Published elsewhere on these data"

    references: Sequence[Reference]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a corpus of which nothing is known."""
        found = references(str(results.run.study["data"].get("corpus", "")))
        return cls(*cls.drawn(results, embed), found) if found else None
