"""The sections of a run's report, in order; each has its template, and its line in the contents."""

from analysis.report.sections.claims import Findings, Verdicts
from analysis.report.sections.data import Data
from analysis.report.sections.document import Architectures, Contradictions, DocumentFigures, References
from analysis.report.sections.protocols import Inflation, Protocols
from analysis.report.sections.record import Costs, Problems, Provenance
from analysis.report.sections.section import Section
from analysis.report.sections.training import Confusions, Curves, Explored

SECTIONS: tuple[type[Section], ...] = (
    Verdicts,
    Findings,
    Curves,
    Explored,
    Confusions,
    Protocols,
    Inflation,
    Data,
    DocumentFigures,
    Architectures,
    Contradictions,
    References,
    Problems,
    Costs,
    Provenance,
)
