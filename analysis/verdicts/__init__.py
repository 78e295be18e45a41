"""A claim and the confirm trials of a run to a verdict, by the rules registered before the run."""

from analysis.claims.evidence import Comparison
from analysis.verdicts.inflation import inflation
from analysis.verdicts.judge import other_cells, verdicts
from analysis.verdicts.table import FindingVerdict, finding_verdicts
from analysis.verdicts.verdict import WORDS, Verdict

__all__ = [
    "WORDS",
    "Comparison",
    "FindingVerdict",
    "Verdict",
    "finding_verdicts",
    "inflation",
    "other_cells",
    "verdicts",
]
