"""Metrics of the course of training: what the epochs record, at one of them or over all."""

from collections.abc import Iterable

import numpy as np

from analysis.metrics.metric import TrialResult, metric
from analysis.metrics.spent import clock

REACHED = 0.9


@metric("points", "running training accuracy", "running training accuracy (%)", higher=True)
def train_accuracy(record: TrialResult) -> float:
    """Accuracy on the training part during the last epoch, in points, as logs have it: of segments, with dropout on."""
    return 100 * float(record.epochs["train_accuracy"].iloc[-1])


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
    return float(record.epochs["train_loss"].iloc[-1])


@metric("points", "validation accuracy", "validation accuracy (%)", higher=True)
def validation_accuracy(record: TrialResult) -> float:
    """Accuracy on the validation part after the last epoch, in points."""
    return 100 * float(record.epochs["validation_accuracy"].iloc[-1])


@metric(
    "points",
    "validation accuracy after the first epoch",
    "accuracy after epoch 1 (%)",
    higher=True,
    epochs="printed",
)
def accuracy_at_1(record: TrialResult) -> float:
    return accuracy_after(record, 1)


@metric(
    "points",
    "validation accuracy after five epochs",
    "accuracy after epoch 5 (%)",
    higher=True,
    epochs="printed",
    without="it has fewer than five epochs",
)
def accuracy_at_5(record: TrialResult) -> float:
    """Validation accuracy after the fifth epoch, in points (S0-F5)."""
    return accuracy_after(record, 5)


def accuracy_after(record: TrialResult, epochs: int) -> float:
    """Validation accuracy after so many epochs, in points; NaN for a run of fewer."""
    curve = record.epochs["validation_accuracy"].to_numpy()
    return 100 * float(curve[epochs - 1]) if len(curve) >= epochs else float("nan")


@metric(
    "points",
    "mean validation accuracy over the epochs",
    "mean validation accuracy (%)",
    higher=True,
    epochs="printed",
)
def area(record: TrialResult) -> float:
    """Area under the curve of validation accuracy over the epochs, per epoch: the mean, in points."""
    return 100 * float(record.epochs["validation_accuracy"].mean())


@metric(
    "epochs", "epochs to 90 % of the final accuracy", "epochs to 90 % of final accuracy", higher=False, epochs="printed"
)
def epochs_to_90(record: TrialResult) -> float:
    """The first epoch at which validation accuracy is at least 90 % of what it is after the last epoch.

    Each run has its own end: one that learns nothing is there at once. `epochs_to_share` has one level for all.
    """
    curve = record.epochs["validation_accuracy"].to_numpy()
    return float((curve >= REACHED * curve[-1]).argmax()) + 1


def shared_level(finals: Iterable[float]) -> float:
    """90 % of the lowest of the arms' mean final validation accuracies (shares)."""
    return REACHED * min(finals)


def epochs_to(record: TrialResult) -> int:
    """Epochs until validation accuracy first reaches `record.level`; all of them for a run that never does.

    The level is one for all runs that are compared, so that pairs are comparable: 90 % of the lowest of the arms' mean
    final validation accuracies (`shared_level`). An arm that ends higher is not asked for more than the other can do.
    """
    reached = record.epochs["validation_accuracy"].to_numpy() >= record.level
    return int(reached.argmax()) + 1 if reached.any() else len(reached)


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
    return float(epochs_to(record))


@metric(
    "seconds",
    "seconds to 90 % of the lower final accuracy",
    "seconds to the shared accuracy",
    higher=False,
    epochs="printed",
    shared=True,
)
def seconds_to_share(record: TrialResult) -> float:
    """Time by `clock` until validation accuracy first reaches the level that all runs share: see `epochs_to`."""
    return float(record.epochs[clock(str(record.row["device"]))].iloc[: epochs_to(record)].sum())


@metric("epochs", "the epoch of the lowest validation loss", "best epoch (epochs)", higher=True, epochs="printed")
def best_epoch(record: TrialResult) -> float:
    """The epoch of the lowest validation loss, from which on a run overfits."""
    return float(record.epochs["validation_loss"].to_numpy().argmin()) + 1


@metric("nats", "the lowest validation loss", "validation loss (nats)", higher=False)
def validation_loss(record: TrialResult) -> float:
    return float(record.epochs["validation_loss"].min())


@metric("nats", "the validation loss after the last epoch", "last validation loss (nats)", higher=False)
def last_validation_loss(record: TrialResult) -> float:
    return float(record.epochs["validation_loss"].iloc[-1])


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
    losses = record.epochs["validation_loss"].to_numpy(dtype=np.float64)
    after = losses[int(np.argmin(losses)) :]
    return float(np.polyfit(np.arange(len(after)), after, 1)[0]) if len(after) > 1 else 0.0
