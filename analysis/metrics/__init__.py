"""What is measured of runs, one function a metric; each module of this package holds those of one kind.

Shares of 0 to 1 in the tables become points of 0 to 100 here. Every command that names a study imports this package, so
nothing in it imports pandas, scipy or scikit-learn before a metric is computed.
"""

from importlib import import_module
from pkgutil import iter_modules

from analysis.metrics.course import shared_level
from analysis.metrics.metric import METRICS, Metric, Tested, TrialResult, metric, tested_metric
from analysis.metrics.spent import clock
from analysis.metrics.tested import ACCURACY, RIGHT, answered, correct
from analysis.metrics.totals import Totals

__all__ = [
    "ACCURACY",
    "METRICS",
    "RIGHT",
    "Metric",
    "Tested",
    "Totals",
    "TrialResult",
    "answered",
    "clock",
    "correct",
    "metric",
    "shared_level",
    "tested_metric",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
