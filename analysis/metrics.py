"""What is measured of one run: a number from its row of the trial table, its epochs and its predictions.

Shares of 0 to 1 in the tables become points of 0 to 100 here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis import annotation

ACCURACY = "accuracy"
REACHED = 0.9


@dataclass(frozen=True)
class Record:
    """One confirmed trial: its row, its epochs in order, its predictions, and the level of `seconds_to_share`."""

    row: "pd.Series[float]"
    epochs: pd.DataFrame
    predictions: pd.DataFrame
    level: float = float("nan")


@dataclass(frozen=True)
class Metric:
    """A metric's name and unit, whether more of it is better, and how it is computed from one trial."""

    name: str
    unit: str
    higher: bool
    compute: Callable[[Record], float]

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.higher else -1


def accuracy(record: Record) -> float:
    """Share of the test items that are right, in points."""
    return 100 * float(correct(record.predictions).mean())


def correct(predictions: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each prediction is right."""
    return predictions["label"].astype(str) == predictions["prediction"].astype(str)


def minimum_recall(record: Record) -> float:
    """The lowest recall of a class on the test items, in points."""
    return 100 * float(correct(record.predictions).groupby(record.predictions["label"].astype(str)).mean().min())


def micro_f1(record: Record) -> float:
    """F1 over all labels of the test items, of the classes named, in points (B3)."""
    return 100 * annotation.f1(record.predictions, "micro")


def macro_f1(record: Record) -> float:
    """Mean over the classes of the F1 of the classes named, in points (B3)."""
    return 100 * annotation.f1(record.predictions, "macro")


def micro_f1_of_best(record: Record, top: int) -> float:
    """F1 over all labels where the `top` best classes of each item are named, in points (S0-F19)."""
    return 100 * annotation.f1(record.predictions, "micro", top)


def ranking_precision(record: Record) -> float:
    """Label ranking average precision of the test items, in points (B3)."""
    return 100 * annotation.ranking_precision(record.predictions)


def accuracy_at_1(record: Record) -> float:
    """Validation accuracy after the first epoch, in points."""
    return 100 * float(record.epochs["validation_accuracy"].iloc[0])


def area(record: Record) -> float:
    """Area under the curve of validation accuracy over the epochs, per epoch: the mean, in points."""
    return 100 * float(record.epochs["validation_accuracy"].mean())


def epochs_to_90(record: Record) -> float:
    """The first epoch at which validation accuracy is at least 90 % of what it is after the last epoch."""
    curve = record.epochs["validation_accuracy"].to_numpy()
    return float((curve >= REACHED * curve[-1]).argmax()) + 1


def best_epoch(record: Record) -> float:
    """The epoch of the lowest validation loss, from which on a run overfits."""
    return float(record.epochs["validation_loss"].to_numpy().argmin()) + 1


def validation_loss(record: Record) -> float:
    """The lowest validation loss of the run, in nats."""
    return float(record.epochs["validation_loss"].min())


def gap(record: Record) -> float:
    """Accuracy on the training part less that on the test part after the last epoch, in points."""
    return 100 * float(record.row["train_accuracy"]) - accuracy(record)


def seconds_per_epoch(record: Record) -> float:
    """Median wall time of an epoch; the median, because the first epoch also pays for warming up."""
    return float(record.epochs["seconds"].median())


def seconds_to_share(record: Record) -> float:
    """Wall time until validation accuracy first reaches `record.level`; all of it for a run that never does.

    The level is one for all runs that are compared, so that pairs are comparable: 90 % of the lowest of the arms' mean
    final validation accuracies (`shared_level`). An arm that ends higher is not asked for more than the other can do.
    """
    reached = record.epochs["validation_accuracy"].to_numpy() >= record.level
    elapsed = record.epochs["seconds"].cumsum().to_numpy()
    return float(elapsed[reached.argmax()] if reached.any() else elapsed[-1])


def shared_level(finals: Iterable[float]) -> float:
    """90 % of the lowest of the arms' mean final validation accuracies (shares)."""
    return REACHED * min(finals)


def parameters(record: Record) -> float:
    """Trainable parameters of the network; exact."""
    return float(record.row["parameters"])


def discriminator_below(record: Record) -> float:
    """Share of a GAN's steps in which the discriminator's loss is below the generator's, in points (S0-F27)."""
    return 100 * column(record, "discriminator_below").mean()


def loss_gap(record: Record) -> float:
    """Mean loss of a GAN's generator less that of its discriminator over both kinds of image, in nats (S0-F30, F32)."""
    return float((column(record, "generator_loss") - 2 * column(record, "train_loss")).mean())


def judged(record: Record, measure: str, less: str = "") -> float:
    """What was found of a GAN's images after its last epoch, less what was of "recorded" images or of "noise" (B18)."""
    found = column(record, f"{measure}_generated").iloc[-1]
    return float(found - column(record, f"{measure}_{less}").iloc[-1] if less else found)


def column(record: Record, name: str) -> "pd.Series[float]":
    """A column of the epochs that only some trainings have; NaN where this trial's has not."""
    return record.epochs.get(name, pd.Series(float("nan"), record.epochs.index))


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(ACCURACY, "points", True, accuracy),
        Metric("minimum_recall", "points", True, minimum_recall),
        Metric("micro_f1", "points", True, micro_f1),
        Metric("macro_f1", "points", True, macro_f1),
        *(Metric(f"micro_f1_top_{top}", "points", True, partial(micro_f1_of_best, top=top)) for top in (1, 2, 3)),
        Metric("ranking_precision", "points", True, ranking_precision),
        Metric("accuracy_at_1", "points", True, accuracy_at_1),
        Metric("area", "points", True, area),
        Metric("epochs_to_90", "epochs", False, epochs_to_90),
        Metric("best_epoch", "epochs", True, best_epoch),
        Metric("validation_loss", "nats", False, validation_loss),
        Metric("gap", "points", False, gap),
        Metric("seconds_per_epoch", "seconds", False, seconds_per_epoch),
        Metric("seconds_to_share", "seconds", False, seconds_to_share),
        Metric("parameters", "parameters", False, parameters),
        Metric("discriminator_below", "points", True, discriminator_below),
        Metric("loss_gap", "nats", False, loss_gap),
        Metric("distance", "dB", False, partial(judged, measure="distance")),
        Metric("distance_over_noise", "dB", False, partial(judged, measure="distance", less="noise")),
        Metric("flatness", "flatness", False, partial(judged, measure="flatness")),
        Metric("flatness_over_recorded", "flatness", False, partial(judged, measure="flatness", less="recorded")),
        Metric("confidence_over_noise", "share", True, partial(judged, measure="confidence", less="noise")),
    )
}
