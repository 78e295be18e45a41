"""Metrics of published test excerpts, which may have several labels (B3); without such there is none of them."""

from functools import partial
from typing import Literal

import numpy as np

from analysis.metrics.metric import Tested, tested_metric
from analysis.metrics.totals import Floats, Totals
from analysis.statistics import annotation

of_labels = partial(
    tested_metric,
    "points",
    higher=True,
    of_excerpts=True,
    without="it was tested on no published excerpts of its corpus",
)
Average = Literal["micro", "macro"]


def f1_of(sums: Floats, average: Average) -> Floats:
    """F1 in points from sums (..., 3 classes): right, named, and labels of each; 0 for a class without any."""
    right, named, labels = np.split(sums, 3, axis=-1)
    if average == "micro":
        right, named, labels = (each.sum(axis=-1, keepdims=True) for each in (right, named, labels))
    of = named + labels
    return np.asarray(100 * np.divide(2 * right, of, out=np.zeros(of.shape), where=of != 0).mean(axis=-1))


def counts(tested: Tested, top: int = 0) -> Floats:
    """Columns (items, 3 classes) for `f1_of`: of the classes named, or of the `top` best of each item (S0-F19)."""
    labels, named = annotation.columns(tested.items, top)
    return np.hstack([labels & named, named, labels]).astype(np.float64)


def f1(tested: Tested, average: Average, top: int = 0) -> Totals:
    return Totals(counts(tested, top), lambda sums: f1_of(sums, average))


def gain(tested: Tested, top: int) -> Totals:
    """Micro F1 of the `top` best classes, or with 0 of those named, less that of the best one."""

    def difference(sums: Floats) -> Floats:
        more, one = np.split(sums, 2, axis=-1)
        return f1_of(more, "micro") - f1_of(one, "micro")

    return Totals(np.hstack([counts(tested, top), counts(tested, 1)]), difference)


@of_labels("micro F1 of the classes named", "micro F1 of the classes named (%)")
def micro_f1(tested: Tested) -> Totals:
    """F1 over all labels of the test items, of the classes named, in points (B3)."""
    return f1(tested, "micro")


@of_labels("macro F1 of the classes named", "macro F1 of the classes named (%)")
def macro_f1(tested: Tested) -> Totals:
    """Mean over the classes of the F1 of the classes named, in points (B3)."""
    return f1(tested, "macro")


@of_labels("micro F1 of the best class", "micro F1 of the best class (%)")
def micro_f1_top_1(tested: Tested) -> Totals:
    """F1 over all labels where the best class of each item is named, in points (S0-F19)."""
    return f1(tested, "micro", 1)


@of_labels("micro F1 of the two best classes", "micro F1 of the two best classes (%)")
def micro_f1_top_2(tested: Tested) -> Totals:
    """F1 over all labels where the two best classes of each item are named, in points (S0-F19)."""
    return f1(tested, "micro", 2)


@of_labels("micro F1 of the three best classes", "micro F1 of the three best classes (%)")
def micro_f1_top_3(tested: Tested) -> Totals:
    """F1 over all labels where the three best classes of each item are named, in points (S0-F19)."""
    return f1(tested, "micro", 3)


@of_labels("micro F1 of the two best classes above that of the best one", "gain in micro F1 of a second class (points)")
def micro_f1_gain_2(tested: Tested) -> Totals:
    """`micro_f1_top_2` less `micro_f1_top_1`, in points (S0-F19)."""
    return gain(tested, 2)


@of_labels(
    "micro F1 of the three best classes above that of the best one", "gain in micro F1 of two more classes (points)"
)
def micro_f1_gain_3(tested: Tested) -> Totals:
    """`micro_f1_top_3` less `micro_f1_top_1`, in points (S0-F19)."""
    return gain(tested, 3)


@of_labels("micro F1 of the classes named above that of the best one", "gain in micro F1 of the classes named (points)")
def micro_f1_gain_named(tested: Tested) -> Totals:
    """`micro_f1`, of the classes above a threshold, less `micro_f1_top_1`, in points (S0-F19)."""
    return gain(tested, 0)


@of_labels("label ranking average precision", "label ranking average precision (%)")
def ranking_precision(tested: Tested) -> Totals:
    """Label ranking average precision of the test items, in points (B3)."""
    return Totals.mean(100 * annotation.ranking_precisions(tested.items))


@of_labels(
    "the share of pairs of a label and another class that are ranked rightly",
    "rightly ranked pairs of classes (%)",
)
def ranking_area(tested: Tested) -> Totals:
    """Mean area under the ROC curve of an item's classes, in points: 50 by chance, whatever the number of labels.

    So it does not fall by itself where items have more labels, as a share of right answers does (S0-F40).
    """
    return Totals.mean(100 * annotation.ranking_areas(tested.items))
