"""The statistics of comparisons: pure functions; where something is drawn, the generator is an argument."""

from analysis.statistics.intervals import Interval, two_way, two_way_covariance
from analysis.statistics.multiple import holm, max_t
from analysis.statistics.power import decidable, plan_mde, repetitions_needed
from analysis.statistics.shares import clustered_share, kendall, median_interval
from analysis.statistics.slopes import Slope, clustered_slope

__all__ = [
    "Interval",
    "Slope",
    "clustered_share",
    "clustered_slope",
    "decidable",
    "holm",
    "kendall",
    "max_t",
    "median_interval",
    "plan_mde",
    "repetitions_needed",
    "two_way",
    "two_way_covariance",
]
