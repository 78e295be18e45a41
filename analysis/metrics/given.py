"""Metrics of results that were trained elsewhere and given as a table: their own score or error of each item or run."""

import numpy as np

from analysis.metrics.metric import Tested, tested_metric
from analysis.metrics.tested import ACCURACY
from analysis.metrics.totals import Totals
from analysis.text import ANY_UNIT

VALUES = {"right": ACCURACY, "prediction": ACCURACY, "score": "score", "error": "error"}
"""The columns that say how good an answer is, each with its metric."""


@tested_metric(ANY_UNIT, "the score", "score (units)", higher=True, without="its results are no scores")
def score(tested: Tested) -> Totals:
    """Mean of the scores, in their own unit: more is better."""
    return given(tested, "score")


@tested_metric(ANY_UNIT, "the error", "error (units)", higher=False, without="its results are no errors")
def error(tested: Tested) -> Totals:
    """Mean of the errors, in their own unit: less is better."""
    return given(tested, "error")


def given(tested: Tested, column: str) -> Totals:
    """The mean of a column of the items; NaN where they have none."""
    items = tested.items
    return Totals.mean(items[column].to_numpy(float) if column in items else np.full(len(items), np.nan))
