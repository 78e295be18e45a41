"""Results that were trained elsewhere, given as a table: judged as the confirmed trials of a run are."""

from analysis.judged.claims_file import ClaimsFile, read_claims
from analysis.judged.results_table import read_results
from analysis.judged.run import judge, run_of

__all__ = ["ClaimsFile", "judge", "read_claims", "read_results", "run_of"]
