"""The statistics of comparisons: pure functions; where something is drawn, the generator is an argument.

scipy and statsmodels are imported where they are first needed: they take a second, and every command that names
a study imports claims, whose rules name these functions.
"""

from analysis.statistics.intervals import Estimate, Interval, two_way, two_way_covariance
from analysis.statistics.linear import recalls, spread
from analysis.statistics.multiple import holm, max_t
from analysis.statistics.power import decidable, plan_mde, repetitions_needed
from analysis.statistics.shares import RunShare, clustered_share, kendall, median_interval, run_share
from analysis.statistics.slopes import clustered_slope

__all__ = [
    "Estimate",
    "Interval",
    "RunShare",
    "clustered_share",
    "clustered_slope",
    "decidable",
    "holm",
    "kendall",
    "max_t",
    "median_interval",
    "plan_mde",
    "recalls",
    "repetitions_needed",
    "run_share",
    "spread",
    "two_way",
    "two_way_covariance",
]
