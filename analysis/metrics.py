"""What is measured of one run: a number from its row of the trial table, its epochs and its predictions.

Shares of 0 to 1 in the tables become points of 0 to 100 here. Every command that names a study imports this module, so
nothing here imports pandas, scipy or scikit-learn before a metric is computed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

ACCURACY = "accuracy"
REACHED = 0.9

Epochs = Literal["any", "settled", "printed"]


@dataclass(frozen=True)
class TrialResult:
    """One confirmed trial: its row, its epochs in order, its predictions, and the level of `seconds_to_share`."""

    row: "pd.Series[float]"
    epochs: "pd.DataFrame"
    predictions: "pd.DataFrame"
    level: float = float("nan")


@dataclass(frozen=True)
class Metric:
    """A metric: whether more of it is better (`higher`), and how it is computed from one trial.

    `words` name it in a sentence, after "in"; `axis` is the title of an axis, with the unit. Raises ValueError for a
    metric without them: a verdict that cannot be put in words is no verdict.

    `epochs` are those that a verdict on it needs: "printed", as many as the document printed, where its value or its
    definition depends on their number; "settled", those or fewer at which the validation curves have stopped moving;
    "any" where it says nothing of what was learned.
    """

    name: str
    unit: str
    higher: bool
    compute: Callable[[TrialResult], float]
    words: str
    axis: str
    epochs: Epochs = "settled"

    def __post_init__(self) -> None:
        if not (self.words.strip() and self.axis.strip()):
            raise ValueError(f"metric '{self.name}' has no words or no axis title: give it both")

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.higher else -1


METRICS: dict[str, Metric] = {}
Compute = Callable[[TrialResult], float]


def metric(
    unit: str, words: str, axis: str, *, higher: bool, epochs: Epochs = "settled"
) -> Callable[[Compute], Compute]:
    """Register the decorated function as the metric of its name."""

    def register(compute: Compute) -> Compute:
        METRICS[compute.__name__] = Metric(compute.__name__, unit, higher, compute, words, axis, epochs)
        return compute

    return register


@metric("points", "test accuracy", "test accuracy (points)", higher=True)
def accuracy(record: TrialResult) -> float:
    """Share of the test items that are right, in points."""
    return 100 * float(correct(record.predictions).mean())


def correct(predictions: "pd.DataFrame") -> "pd.Series[bool]":
    return predictions["label"].astype(str) == predictions["prediction"].astype(str)


@metric("points", "the lowest recall of a class", "minimum recall (points)", higher=True)
def minimum_recall(record: TrialResult) -> float:
    return 100 * float(correct(record.predictions).groupby(record.predictions["label"].astype(str)).mean().min())


def f1(record: TrialResult, average: Literal["micro", "macro"], top: int = 0) -> float:
    """F1 of the classes named (B3), or of the `top` best of each item (S0-F19), in points: see `annotation.f1`."""
    from analysis.statistics import annotation

    return 100 * annotation.f1(record.predictions, average, top)


@metric("points", "micro F1 of the classes named", "micro F1 of the classes named (points)", higher=True)
def micro_f1(record: TrialResult) -> float:
    """F1 over all labels of the test items, of the classes named, in points (B3)."""
    return f1(record, "micro")


@metric("points", "macro F1 of the classes named", "macro F1 of the classes named (points)", higher=True)
def macro_f1(record: TrialResult) -> float:
    """Mean over the classes of the F1 of the classes named, in points (B3)."""
    return f1(record, "macro")


@metric("points", "micro F1 of the best class", "micro F1 of the best class (points)", higher=True)
def micro_f1_top_1(record: TrialResult) -> float:
    """F1 over all labels where the best class of each item is named, in points (S0-F19)."""
    return f1(record, "micro", 1)


@metric("points", "micro F1 of the two best classes", "micro F1 of the two best classes (points)", higher=True)
def micro_f1_top_2(record: TrialResult) -> float:
    """F1 over all labels where the two best classes of each item are named, in points (S0-F19)."""
    return f1(record, "micro", 2)


@metric("points", "micro F1 of the three best classes", "micro F1 of the three best classes (points)", higher=True)
def micro_f1_top_3(record: TrialResult) -> float:
    """F1 over all labels where the three best classes of each item are named, in points (S0-F19)."""
    return f1(record, "micro", 3)


@metric("points", "label ranking average precision", "label ranking average precision (points)", higher=True)
def ranking_precision(record: TrialResult) -> float:
    """Label ranking average precision of the test items, in points (B3)."""
    from analysis.statistics import annotation

    return 100 * annotation.ranking_precision(record.predictions)


@metric(
    "points",
    "validation accuracy after the first epoch",
    "accuracy after epoch 1 (points)",
    higher=True,
    epochs="printed",
)
def accuracy_at_1(record: TrialResult) -> float:
    return 100 * float(record.epochs["validation_accuracy"].iloc[0])


@metric(
    "points",
    "mean validation accuracy over the epochs",
    "mean validation accuracy (points)",
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
    """The first epoch at which validation accuracy is at least 90 % of what it is after the last epoch."""
    curve = record.epochs["validation_accuracy"].to_numpy()
    return float((curve >= REACHED * curve[-1]).argmax()) + 1


@metric("epochs", "the epoch of the lowest validation loss", "best epoch (epochs)", higher=True, epochs="printed")
def best_epoch(record: TrialResult) -> float:
    """The epoch of the lowest validation loss, from which on a run overfits."""
    return float(record.epochs["validation_loss"].to_numpy().argmin()) + 1


@metric("nats", "the lowest validation loss", "validation loss (nats)", higher=False)
def validation_loss(record: TrialResult) -> float:
    return float(record.epochs["validation_loss"].min())


@metric(
    "points",
    "accuracy on the training part less that on the test part",
    "train less test accuracy (points)",
    higher=False,
)
def gap(record: TrialResult) -> float:
    """Accuracy on the training part less that on the test part after the last epoch, in points."""
    return 100 * float(record.row["train_accuracy"]) - accuracy(record)


@metric("seconds", "seconds per epoch", "seconds per epoch", higher=False, epochs="any")
def seconds_per_epoch(record: TrialResult) -> float:
    """Median time of an epoch by `clock`; the median, because the first epoch also pays for warming up."""
    return float(record.epochs[clock(str(record.row["device"]))].median())


def clock(device: str) -> str:
    """The column of the times that are compared of what ran on a device: processor seconds, or on a GPU wall seconds.

    Where several trials share a processor, wall time measures what else ran at that moment.
    """
    return "cpu_seconds" if device == "cpu" else "seconds"


@metric(
    "seconds",
    "seconds to 90 % of the lower final accuracy",
    "seconds to the shared accuracy",
    higher=False,
    epochs="printed",
)
def seconds_to_share(record: TrialResult) -> float:
    """Time by `clock` until validation accuracy first reaches `record.level`; all of it for a run that never does.

    The level is one for all runs that are compared, so that pairs are comparable: 90 % of the lowest of the arms' mean
    final validation accuracies (`shared_level`). An arm that ends higher is not asked for more than the other can do.
    """
    reached = record.epochs["validation_accuracy"].to_numpy() >= record.level
    elapsed = record.epochs[clock(str(record.row["device"]))].cumsum().to_numpy()
    return float(elapsed[reached.argmax()] if reached.any() else elapsed[-1])


def shared_level(finals: Iterable[float]) -> float:
    """90 % of the lowest of the arms' mean final validation accuracies (shares)."""
    return REACHED * min(finals)


@metric("parameters", "parameters", "parameters", higher=False, epochs="any")
def parameters(record: TrialResult) -> float:
    """Trainable parameters of the network; exact."""
    return float(record.row["parameters"])


@metric(
    "points",
    "steps in which the discriminator's loss is below the generator's",
    "steps with the discriminator's loss below (points)",
    higher=True,
    epochs="printed",
)
def discriminator_below(record: TrialResult) -> float:
    """Share of a GAN's steps in which the discriminator's loss is below the generator's, in points (S0-F27)."""
    return 100 * column(record, "discriminator_below").mean()


@metric(
    "nats",
    "the generator's loss less the discriminator's",
    "generator's less discriminator's loss (nats)",
    higher=False,
    epochs="printed",
)
def loss_gap(record: TrialResult) -> float:
    """Mean loss of a GAN's generator less that of its discriminator over both kinds of image, in nats (S0-F30, F32)."""
    return float((column(record, "generator_loss") - 2 * column(record, "train_loss")).mean())


def judged(record: TrialResult, measure: str, less: str = "") -> float:
    """What was found of a GAN's images after its last epoch, less what was of "recorded" images or of "noise" (B18)."""
    found = column(record, f"{measure}_generated").iloc[-1]
    return float(found - column(record, f"{measure}_{less}").iloc[-1] if less else found)


def column(record: TrialResult, name: str) -> "pd.Series[float]":
    """A column of the epochs that only some trainings have; NaN where this trial's has not."""
    return record.epochs.reindex(columns=[name])[name]


@metric(
    "dB",
    "the distance of generated images from recordings",
    "distance from recordings (dB)",
    higher=False,
    epochs="printed",
)
def distance(record: TrialResult) -> float:
    """Distance of a GAN's images from recordings after its last epoch, in dB (B18)."""
    return judged(record, "distance")


@metric(
    "dB",
    "the distance from recordings less that of noise",
    "distance less that of noise (dB)",
    higher=False,
    epochs="printed",
)
def distance_over_noise(record: TrialResult) -> float:
    """`distance` less that of noise, in dB (B18)."""
    return judged(record, "distance", "noise")


@metric("flatness", "the spectral flatness of generated images", "spectral flatness", higher=False, epochs="printed")
def flatness(record: TrialResult) -> float:
    """Mean spectral flatness of a GAN's images after its last epoch, 0 to 1 (B18)."""
    return judged(record, "flatness")


@metric(
    "flatness",
    "spectral flatness less that of recordings",
    "spectral flatness less that of recordings",
    higher=False,
    epochs="printed",
)
def flatness_over_recorded(record: TrialResult) -> float:
    """`flatness` less that of the recordings (B18)."""
    return judged(record, "flatness", "recorded")


@metric(
    "share",
    "the classifier's confidence less that in noise",
    "confidence less that in noise (share)",
    higher=True,
    epochs="printed",
)
def confidence_over_noise(record: TrialResult) -> float:
    """A classifier's mean probability of the instrument, of a GAN's images less of noise (B18)."""
    return judged(record, "confidence", "noise")
