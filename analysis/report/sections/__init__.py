"""The sections of a run's report, in order; each has its template, and its line in the contents."""

from analysis.report.sections.arms import ArmsSection
from analysis.report.sections.claims import FindingsSection, VerdictsSection
from analysis.report.sections.data import DataSection
from analysis.report.sections.document import (
    ArchitecturesSection,
    ContradictionsSection,
    DocumentFiguresSection,
    ReferencesSection,
)
from analysis.report.sections.given import GivenSection
from analysis.report.sections.mistakes import MistakesSection
from analysis.report.sections.protocols import InflationSection, ProtocolsSection
from analysis.report.sections.record import CostsSection, ProblemsSection, ProvenanceSection
from analysis.report.sections.section import Section
from analysis.report.sections.training import ConfusionsSection, CurvesSection, ExploredSection
from analysis.report.sections.trials import TrialsSection

SECTIONS: tuple[type[Section], ...] = (
    VerdictsSection,
    FindingsSection,
    GivenSection,
    ArmsSection,
    CurvesSection,
    ExploredSection,
    ConfusionsSection,
    MistakesSection,
    ProtocolsSection,
    InflationSection,
    DataSection,
    DocumentFiguresSection,
    ArchitecturesSection,
    ContradictionsSection,
    ReferencesSection,
    ProblemsSection,
    CostsSection,
    TrialsSection,
    ProvenanceSection,
)
