"""Metrics of a network that names items by what a first one says of their segments, beside that first one alone."""

from functools import partial

import numpy as np

from analysis.metrics.metric import Tested, tested_metric
from analysis.metrics.tested import right
from analysis.metrics.totals import Floats, Totals

of_stacks = partial(tested_metric, "points", higher=True, without="only training 'dual' has a first network")


def of_first(tested: Tested, scored: str) -> Floats:
    """What the first network gets right of each item, in points; NaN for a training without one."""
    column = f"{scored}_right"
    if column not in tested.items:
        return np.full(len(tested.items), np.nan)
    return 100 * tested.items[column].to_numpy(dtype=np.float64)


def gain(tested: Tested, scored: str) -> Totals:
    return Totals.mean(right(tested) - of_first(tested, scored))


@of_stacks("accuracy of the first network on segments", "segment accuracy of the first network (%)")
def segment_accuracy(tested: Tested) -> Totals:
    """Share of the segments of the test items that the first network names rightly, in points (S0-F7)."""
    return Totals.mean(of_first(tested, "segments"))


@of_stacks("accuracy above that of the first network on segments", "gain over segments (points)")
def gain_over_segments(tested: Tested) -> Totals:
    """Accuracy on items less `segment_accuracy`, in points, as printed: two levels of scoring (S0-F7)."""
    return gain(tested, "segments")


@of_stacks("accuracy above that of summing the first network's probabilities", "gain over the sum rule (points)")
def gain_over_sum(tested: Tested) -> Totals:
    """Accuracy less that of the class with the largest sum of the first network's probabilities, in points (S0-F8)."""
    return gain(tested, "sum")


@of_stacks("accuracy above that of multiplying the first network's probabilities", "gain over the product (points)")
def gain_over_product(tested: Tested) -> Totals:
    """Accuracy less that of the class with the largest product of the first network's probabilities (S0-F8)."""
    return gain(tested, "product")


@of_stacks("accuracy above that of a vote of the first network's segments", "gain over a vote (points)")
def gain_over_vote(tested: Tested) -> Totals:
    """Accuracy less that of the class which the first network names for most segments, in points (S0-F8)."""
    return gain(tested, "vote")
