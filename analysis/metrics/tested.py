"""Metrics of test items of one label: accuracies, recalls, the loss, and what training or validation is apart."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.metrics.metric import Tested, tested_metric
from analysis.metrics.totals import Floats, Totals

if TYPE_CHECKING:
    import pandas as pd

ACCURACY = "accuracy"
RIGHT = "right"
"""The column of results that were trained elsewhere and name no classes."""
LEAST_SQUARES = 1e-6
"""Of doublings about their mean: below it classes have equally many items, but for rounding."""


def correct(predictions: "pd.DataFrame") -> "pd.Series[bool]":
    """Whether each item is right: its label is predicted, or results that were trained elsewhere say so themselves."""
    if RIGHT in predictions:
        return predictions[RIGHT].astype(bool)
    return predictions["label"].astype(str) == predictions["prediction"].astype(str)


def answered(predictions: "pd.DataFrame") -> "pd.Series[bool]":
    """Whether it is known of each item whether it is right."""
    return predictions["prediction"].notna() | (RIGHT in predictions)


def right(tested: Tested) -> Floats:
    """100 for each item that is right, else 0: its part of an accuracy in points; NaN where that is not known."""
    known = answered(tested.items).to_numpy()
    return np.where(known, np.where(correct(tested.items).to_numpy(), 100.0, 0.0), np.nan)


@tested_metric("points", "test accuracy", "test accuracy (%)", higher=True)
def accuracy(tested: Tested) -> Totals:
    """Share of the test items that are right, in points."""
    return Totals.mean(right(tested))


def of_classes(tested: Tested) -> Floats:
    """Columns (items, 2 classes): points, and 1, in the two columns of the class of each item; NaN without classes."""
    if tested.items["label"].isna().any():
        return np.full((len(tested.items), 2), np.nan)
    classes, place = np.unique(tested.items["label"].to_numpy(str), return_inverse=True)
    held = np.eye(len(classes))[place]
    return np.hstack([held * right(tested)[:, None], held])


def recalls(sums: Floats) -> Floats:
    """Recalls (..., classes) in points from the sums of `of_classes`; NaN for a class without items."""
    points, items = np.split(sums, 2, axis=-1)
    return np.divide(points, items, out=np.full(items.shape, np.nan), where=items > 0)


def mean_recall(sums: Floats) -> Floats:
    """The mean of the recalls of the classes that have items; NaN without any."""
    return mean_of(recalls(sums))


def mean_of(values: Floats) -> Floats:
    """The mean over the last axis of what is known; NaN where nothing is."""
    known = np.isfinite(values).sum(axis=-1)
    return np.divide(np.nansum(values, axis=-1), known, out=np.full(known.shape, np.nan), where=known > 0)


def recall_deviation(sums: Floats) -> Floats:
    """The standard deviation of the recalls of the classes that have items; NaN without any."""
    found, known = recalls(sums), (sums[..., sums.shape[-1] // 2 :] > 0).sum(axis=-1)
    squares = np.nansum((found - mean_recall(sums)[..., None]) ** 2, axis=-1)
    return np.sqrt(np.divide(squares, known, out=np.full(known.shape, np.nan), where=known > 0))


@tested_metric("points", "the lowest recall of a class", "minimum recall (%)", higher=True)
def minimum_recall(tested: Tested) -> Totals:
    return Totals(of_classes(tested), lambda sums: np.fmin.reduce(recalls(sums), axis=-1))


@tested_metric("points", "balanced accuracy", "balanced accuracy (%)", higher=True)
def balanced_accuracy(tested: Tested) -> Totals:
    """Mean recall of the classes that are tested, in points (B11)."""
    return Totals(of_classes(tested), mean_recall)


@tested_metric(
    "points", "the spread of the recalls of the classes", "standard deviation of recalls (points)", higher=False
)
def recall_spread(tested: Tested) -> Totals:
    """Standard deviation of the recalls of the classes that are tested, in points (S0-F9)."""
    return Totals(of_classes(tested), recall_deviation)


@tested_metric(
    "points a doubling",
    "the rise of recall with each doubling of a class's training items",
    "recall (points a doubling of training items)",
    higher=True,
    without="its classes have equally many training items, or an older version did not count them",
)
def recall_per_doubling(tested: Tested) -> Totals:
    """Slope of the recalls of the classes over log2 of their training items, by least squares, in points (S3-F20).

    It speaks of these classes: they are not drawn from others, and may differ in more than their number of items.
    Classes that nothing was trained on are left out.
    """
    trained = tested.items.get("class_trained_on", np.nan) * np.ones(len(tested.items))
    counted = np.where(trained > 0, trained, np.nan)
    held = np.nan_to_num(of_classes(tested) * np.isfinite(counted)[:, None])
    doublings = held[:, held.shape[1] // 2 :] * np.nan_to_num(np.log2(counted))[:, None]
    return Totals(np.hstack([held, doublings]), recall_slope)


def recall_slope(sums: Floats) -> Floats:
    """Slope of the recalls over the mean doublings, from sums (..., 3 classes); NaN where these do not vary."""
    points, items, doublings = np.split(sums, 3, axis=-1)
    tested = items > 0
    recall, x = (np.divide(each, items, out=np.full(items.shape, np.nan), where=tested) for each in (points, doublings))
    centred = np.where(tested, x - mean_of(x)[..., None], 0.0)
    squares = (centred**2).sum(axis=-1)
    rise = (centred * np.nan_to_num(recall)).sum(axis=-1)
    return np.divide(rise, squares, out=np.full(squares.shape, np.nan), where=squares > LEAST_SQUARES)


@tested_metric(
    "points",
    "accuracy above that of always naming the largest class",
    "accuracy above the largest class (points)",
    higher=True,
)
def accuracy_over_majority(tested: Tested) -> Totals:
    """Accuracy less the share of the largest class of the test part, in points (B11)."""

    def over(sums: Floats) -> Floats:
        points, items = np.split(sums, 2, axis=-1)
        count = items.sum(axis=-1)
        less = points.sum(axis=-1) - 100 * items.max(axis=-1)
        return np.divide(less, count, out=np.full(count.shape, np.nan), where=count > 0)

    return Totals(of_classes(tested), over)


@tested_metric(
    "nats",
    "test loss",
    "test loss (nats)",
    higher=False,
    of_logits=True,
    without="its logits are not one for each label of the corpus",
)
def test_loss(tested: Tested) -> Totals:
    """Mean cross-entropy of the test items, in nats: -log of the softmax of the logits at the label."""
    logits, labels = tested.items["logits"], tested.items["label"].astype(str)
    place = {label: number for number, label in enumerate(tested.labels)}
    if not (labels.isin(place).all() and logits.map(np.size).eq(len(place)).all()):
        return Totals.mean(np.full(len(labels), np.nan))
    scores = np.stack(logits.to_list()).astype(np.float64)
    shifted = scores - scores.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(shifted)), labels.map(place).to_numpy()]
    return Totals.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen)


def above_test(tested: Tested, column: str) -> Totals:
    """An accuracy of the training, a share, less that of the test items, in points."""
    return Totals.mean(100 * tested.items[column].to_numpy(dtype=np.float64) - right(tested))


@tested_metric(
    "points",
    "accuracy on the training part less that on the test part",
    "train less test accuracy (points)",
    higher=False,
    without="an older version trained without evaluating the training part",
)
def gap(tested: Tested) -> Totals:
    """Accuracy on the training part less that on the test part, in points.

    Both are of whole items, in evaluation mode, after the last epoch: nothing is dropped out or augmented. Groups of
    the test part vary; the training part is taken as it is, because a network is trained on it.
    """
    return above_test(tested, "train_accuracy_evaluated")


@tested_metric(
    "points",
    "running accuracy on the training part less that on the test part",
    "running train less test accuracy (points)",
    higher=False,
)
def gap_running(tested: Tested) -> Totals:
    """The running accuracy of the last epoch less that on the test part, in points, as training logs have it.

    The first is of segments, with dropout and augmentation, while the network changes.
    """
    return above_test(tested, "train_accuracy")


@tested_metric(
    "points",
    "accuracy on the validation part less that on the test part",
    "validation less test accuracy (points)",
    higher=False,
)
def validation_less_test(tested: Tested) -> Totals:
    """Accuracy on the validation part after the last epoch less that on the test part, in points."""
    return above_test(tested, "validation_accuracy")
