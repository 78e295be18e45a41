"""A claim and the confirm trials of a run to a verdict, by the rules registered before the run."""

from analysis.verdicts.inflation import inflation
from analysis.verdicts.judge import other_cells, verdicts
from analysis.verdicts.table import findings_table
from analysis.verdicts.verdict import WORDS, Comparison, Verdict

__all__ = ["WORDS", "Comparison", "Verdict", "findings_table", "inflation", "other_cells", "verdicts"]
