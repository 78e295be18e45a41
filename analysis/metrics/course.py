"""Metrics of the course of training: what the epochs record, at one of them or over all.

Results that were trained elsewhere may record some epochs only, and some columns in fewer of these. What is not
recorded counts nowhere, and a metric of which nothing is recorded is NaN.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from analysis.metrics.metric import TrialResult, metric
from analysis.metrics.spent import clock
from analysis.metrics.totals import Floats

if TYPE_CHECKING:
    import pandas as pd

REACHED = 0.9


def recorded(record: TrialResult, name: str) -> "pd.Series[float]":
    """What a column of the epochs records, by the number of the epoch, in order."""
    return record.epochs.set_index("epoch")[name].dropna()


def last(record: TrialResult, name: str) -> float:
    """What a column records last."""
    found = recorded(record, name)
    return float(found.iloc[-1]) if len(found) else math.nan


def each_epoch(record: TrialResult, name: str, epochs: float) -> Floats:
    """A column in each epoch from the first to that of the number `epochs`; one NaN where nothing is recorded.

    Between two epochs that record it, it is on the line through both; before all of them it is as in the first, and
    after all as in the last.
    """
    found = recorded(record, name)
    if found.empty or math.isnan(epochs):
        return np.full(1, math.nan)
    return np.interp(np.arange(1, epochs + 1), found.index.to_numpy(float), found.to_numpy(float))


def first_epoch(reached: "pd.Series[bool]") -> float:
    """The first epoch of which something holds; NaN if it holds of none."""
    return float(reached.index[int(reached.to_numpy().argmax())]) if reached.any() else math.nan


@metric("points", "running training accuracy", "running training accuracy (%)", higher=True)
def train_accuracy(record: TrialResult) -> float:
    """Accuracy on the training part during the last epoch, in points, as logs have it: of segments, with dropout on."""
    return 100 * last(record, "train_accuracy")


@metric(
    "points",
    "training accuracy in evaluation mode",
    "training accuracy, evaluated (%)",
    higher=True,
    without="an older version trained without evaluating the training part",
)
def train_accuracy_evaluated(record: TrialResult) -> float:
    """Accuracy on the training part after the last epoch, in points: of whole items, with nothing dropped out."""
    return 100 * float(record.row["train_accuracy_evaluated"])


@metric("nats", "training loss", "training loss (nats)", higher=False)
def train_loss(record: TrialResult) -> float:
    """Loss on the training part during the last epoch."""
    return last(record, "train_loss")


@metric("points", "validation accuracy", "validation accuracy (%)", higher=True)
def validation_accuracy(record: TrialResult) -> float:
    """Accuracy on the validation part after the last epoch, in points."""
    return 100 * last(record, "validation_accuracy")


@metric(
    "points",
    "validation accuracy after the first epoch",
    "accuracy after epoch 1 (%)",
    higher=True,
    epochs="printed",
    without="its first epoch is not recorded",
)
def accuracy_at_1(record: TrialResult) -> float:
    return accuracy_after(record, 1)


@metric(
    "points",
    "validation accuracy after five epochs",
    "accuracy after epoch 5 (%)",
    higher=True,
    epochs="printed",
    without="its fifth epoch is not recorded",
)
def accuracy_at_5(record: TrialResult) -> float:
    """Validation accuracy after the fifth epoch, in points (S0-F5)."""
    return accuracy_after(record, 5)


def accuracy_after(record: TrialResult, epochs: int) -> float:
    """Validation accuracy after so many epochs, in points; NaN for a run of fewer, or that does not record this one."""
    return 100 * float(recorded(record, "validation_accuracy").get(epochs, math.nan))


@metric(
    "points",
    "mean validation accuracy over the epochs",
    "mean validation accuracy (%)",
    higher=True,
    epochs="printed",
)
def area(record: TrialResult) -> float:
    """Area under the curve of validation accuracy over the epochs, per epoch: the mean, in points."""
    last_known = recorded(record, "validation_accuracy").index.max()
    return 100 * float(each_epoch(record, "validation_accuracy", last_known).mean())


@metric(
    "epochs", "epochs to 90 % of the final accuracy", "epochs to 90 % of final accuracy", higher=False, epochs="printed"
)
def epochs_to_90(record: TrialResult) -> float:
    """The first epoch at which validation accuracy is at least 90 % of what it is after the last epoch.

    Each run has its own end: one that learns nothing is there at once. `epochs_to_share` has one level for all.
    """
    return first_epoch(recorded(record, "validation_accuracy") >= REACHED * last(record, "validation_accuracy"))


def shared_level(finals: Iterable[float]) -> float:
    """90 % of the lowest of the arms' mean final validation accuracies (shares)."""
    return REACHED * min(finals)


def epochs_to(record: TrialResult) -> float:
    """Epochs until validation accuracy first reaches `record.level`; all of them for a run that never does.

    The level is one for all runs that are compared, so that pairs are comparable: 90 % of the lowest of the arms' mean
    final validation accuracies (`shared_level`). An arm that ends higher is not asked for more than the other can do.
    """
    curve = recorded(record, "validation_accuracy")
    reached = first_epoch(curve >= record.level)
    return float(curve.index.max()) if math.isnan(reached) else reached


@metric(
    "epochs",
    "epochs to 90 % of the lower final accuracy",
    "epochs to the shared accuracy",
    higher=False,
    epochs="printed",
    shared=True,
)
def epochs_to_share(record: TrialResult) -> float:
    """Epochs until validation accuracy first reaches the level that all compared runs share: see `epochs_to`."""
    return epochs_to(record)


@metric(
    "seconds",
    "seconds to 90 % of the lower final accuracy",
    "seconds to the shared accuracy",
    higher=False,
    epochs="printed",
    shared=True,
    timed=True,
)
def seconds_to_share(record: TrialResult) -> float:
    """Time by `clock` until validation accuracy first reaches the level that all runs share: see `epochs_to`."""
    return float(each_epoch(record, clock(str(record.row["device"])), epochs_to(record)).sum())


@metric("epochs", "the epoch of the lowest validation loss", "best epoch (epochs)", higher=True, epochs="printed")
def best_epoch(record: TrialResult) -> float:
    """The epoch of the lowest validation loss, from which on a run overfits."""
    losses = recorded(record, "validation_loss")
    return first_epoch(losses == losses.min())


@metric("nats", "the lowest validation loss", "validation loss (nats)", higher=False)
def validation_loss(record: TrialResult) -> float:
    return float(record.epochs["validation_loss"].min())


@metric("nats", "the validation loss after the last epoch", "last validation loss (nats)", higher=False)
def last_validation_loss(record: TrialResult) -> float:
    return last(record, "validation_loss")


@metric(
    "nats",
    "the rise of the validation loss from its lowest",
    "rise of the validation loss (nats)",
    higher=False,
    epochs="printed",
)
def validation_loss_rise(record: TrialResult) -> float:
    """The validation loss after the last epoch less the lowest, in nats: how far a run has overfitted (S0-F4)."""
    return last_validation_loss(record) - validation_loss(record)


@metric(
    "nats an epoch",
    "the slope of the validation loss after its lowest",
    "slope of the validation loss (nats an epoch)",
    higher=False,
    epochs="printed",
)
def validation_loss_slope(record: TrialResult) -> float:
    """Slope of the least-squares line of validation loss over epochs, from its lowest on, in nats an epoch (S0-F23).

    0 for a run whose last epoch is the lowest.
    """
    lowest = best_epoch(record)
    if math.isnan(lowest):
        return math.nan
    after = recorded(record, "validation_loss").loc[lowest:]
    return float(np.polyfit(after.index.to_numpy(float) - lowest, after, 1)[0]) if len(after) > 1 else 0.0
