"""The values of single runs that figures show: one number per arm and repetition, and what they say together."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.claims import Claim
from analysis.confirmed import Confirmed
from analysis.errors import NotRun, Untestable
from analysis.metrics import ACCURACY
from analysis.protocols import AS_PRINTED, protocol_named


class Summary(NamedTuple):
    """A mean with the limits of its 95 % interval, and how many values it is of."""

    mean: float
    low: float
    high: float
    n: int


FEWEST = 3
"""Of fewer values no interval is drawn: with two it would reach from one end of an axis to the other."""
NOTHING = Summary(np.nan, np.nan, np.nan, 0)


def summary(values: "pd.Series[float] | np.ndarray") -> Summary:
    """Mean of the finite values and Student's t interval over them; without limits where there are too few."""
    array = np.asarray(values, dtype=float)
    array = array[np.isfinite(array)]
    n = len(array)
    if n == 0:
        return NOTHING
    mean = float(array.mean())
    if n < FEWEST:
        return Summary(mean, np.nan, np.nan, n)
    half = float(stats.t.ppf(0.975, n - 1) * array.std(ddof=1) / np.sqrt(n))
    return Summary(mean, mean - half, mean + half, n)


def paired(data: Confirmed, claim: Claim) -> pd.DataFrame:
    """One row per repetition that all arms of a claim completed, one column per arm (or what else it compares).

    Empty if there is none.
    """
    try:
        return claim.cells(data).per_repetition()
    except (NotRun, Untestable):
        return pd.DataFrame(columns=list(claim.arms), dtype=float)


def level(data: Confirmed, arm: str) -> Summary:
    """Mean test accuracy of an arm in points, with its two-way interval; without limits of too few repetitions."""
    found = measured(data, arm, ACCURACY)
    return found if found.n >= FEWEST else found._replace(low=np.nan, high=np.nan)


ENDS = dict.fromkeys((ACCURACY, "train_accuracy", "validation_accuracy"), (0.0, 100.0)) | {"test_loss": (0.0, np.inf)}
"""Where the intervals of some metrics end at the latest."""


def measured(data: Confirmed, arm: str, metric: str) -> Summary:
    """Mean of a metric of an arm in its unit, with its interval: over seeds and groups, or over seeds alone."""
    try:
        cells = data.cells((arm,), metric)
    except (NotRun, Untestable):
        return NOTHING
    interval = cells.interval({arm: 1.0})
    low, high = np.clip(interval.limits(), *ENDS.get(metric, (-np.inf, np.inf))).tolist()
    return Summary(interval.effect, low, high, cells.n)


def whose(data: Confirmed) -> str:
    """Which configuration of each arm confirmed trials have, and under which protocol, in words."""
    protocol = protocol_named(data.protocol)
    chosen = "As printed" if protocol.judged_by == AS_PRINTED else "As each arm chose"
    return f"{chosen}, {protocol.title}"
