"""What the document shows: its figures, its networks, where it contradicts itself, and what others found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.figures import figure_named, layers
from analysis.figures.figure import Figure, Shown
from analysis.findings.register import Contradiction, PrintedFigure
from analysis.references import Reference, references
from analysis.report.embed import Embed, Embedded
from analysis.report.sections.section import Section
from analysis.results import Results

LAYERS = "layers.networks"


@dataclass(frozen=True)
class DocumentFigure:
    """A figure that the document declares, with what of it this run can show; `wide` ones take the whole page."""

    declared: PrintedFigure
    parts: Sequence[Embedded | Shown]
    wide: bool


@dataclass(frozen=True)
class DocumentFiguresSection(Section):
    """The figures that the document declares, of this run's numbers, in its order."""

    id: ClassVar[str] = "document-figures"
    title: ClassVar[str] = "Figures of the document"

    printed: Sequence[DocumentFigure]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None where this run has nothing for any of them."""
        found = [shown for figure, arms in results.printed if (shown := document_figure(results, figure, arms, embed))]
        return cls(*cls.drawn(results, embed), found) if found else None


def document_figure(
    results: Results, figure: PrintedFigure, arms: Sequence[str], embed: Embed
) -> DocumentFigure | None:
    """What this run can show of a figure, None for nothing."""
    shown = list(figure_named(figure.drawn_by)(results, arms, **figure.options))
    wide = len(shown) > 1 or any(not isinstance(each, Figure) or each.wide for each in shown)
    parts = [embed(each) if isinstance(each, Figure) else each for each in shown]
    return DocumentFigure(figure, parts, wide) if parts else None


@dataclass(frozen=True)
class Network:
    """The layers of an arm's network (name, kind, output, parameters), and the figures of the document that show it.

    `place` is the id of the table.
    """

    arm: str
    place: str
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
        networks = [network(results, arm, each) for arm, each in found.items() if each and each.get("layers")]
        return cls(*cls.drawn(results, embed), networks) if networks else None


def network(results: Results, arm: str, described: Mapping[str, Any]) -> Network:
    figures = [figure.id for figure, arms in results.printed if figure.drawn_by == LAYERS and arm in arms]
    parameters = int(described.get("parameters", 0))
    return Network(arm, layers.place(results, arm), parameters, described.get("layers", []), figures)


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
