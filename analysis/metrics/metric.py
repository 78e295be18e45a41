"""What a metric is, and the registry of all of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from analysis.metrics.totals import Totals

if TYPE_CHECKING:
    import pandas as pd

Epochs = Literal["any", "settled", "printed"]
OF_TRAINING = ("train_accuracy", "train_accuracy_evaluated", "validation_accuracy")
"""Columns of the trial table that a metric of test items may compare with."""


@dataclass(frozen=True)
class TrialResult:
    """One confirmed trial: its row, its epochs in order, its predictions, and the level that all runs share.

    `labels` are those of the corpus, in the order of the logits; `excerpts` is what it says of published test excerpts,
    None where it was tested on none.
    """

    row: "pd.Series[Any]"
    epochs: "pd.DataFrame"
    predictions: "pd.DataFrame"
    level: float = float("nan")
    labels: Sequence[str] = ()
    excerpts: "pd.DataFrame | None" = None

    def of(self, totals: "ComputeTotals", *, excerpts: bool) -> float:
        """The metric of test items, or of published excerpts, which have what the row says of training beside them."""
        items = self.excerpts if excerpts else self.predictions
        if items is None:
            return math.nan
        return totals(Tested(items.assign(**{name: self.row.get(name) for name in OF_TRAINING}), self.labels)).value


@dataclass(frozen=True)
class Tested:
    """Test items of one or more trials: their predictions, with the columns `OF_TRAINING` of the trial of each.

    `labels` are those of the corpus, in the order of the logits.
    """

    items: "pd.DataFrame"
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class Metric:
    """A metric: whether more of it is better (`higher`), and how it is computed from one trial.

    `words` name it in a sentence, after "in"; `axis` is the title of an axis, with the unit. Raises ValueError for a
    metric without them: a verdict that cannot be put in words is no verdict.

    `epochs` are those that a verdict on it needs: "printed", as many as the document printed, where its value or its
    definition depends on their number; "settled", those or fewer at which the validation curves have stopped moving;
    "any" where it says nothing of what was learned.

    `totals` are there for one that is computed from test items: its interval then counts groups as well as seeds.
    Without them it is one number a run. With `of_excerpts` those items are the corpus' published test excerpts, not the
    trial's own. One that is `shared` needs the level that all compared runs share. One `of_logits`
    reads those, which evidence has only then. One that is `counted` is exact, and known of a network that is described
    and not trained. One that is `timed` is how long something took on the machine that ran it. `without` says why a run
    may have no value.
    """

    name: str
    unit: str
    higher: bool
    compute: Callable[[TrialResult], float]
    words: str
    axis: str
    epochs: Epochs = "settled"
    totals: Callable[[Tested], Totals] | None = None
    of_excerpts: bool = False
    shared: bool = False
    absolute: bool = False
    of_logits: bool = False
    counted: bool = False
    timed: bool = False
    without: str = ""

    def __post_init__(self) -> None:
        if not (self.words.strip() and self.axis.strip()):
            raise ValueError(f"metric '{self.name}' has no words or no axis title: give it both")

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.higher else -1


METRICS: dict[str, Metric] = {}
Compute = Callable[[TrialResult], float]
ComputeTotals = Callable[[Tested], Totals]


def metric(
    unit: str,
    words: str,
    axis: str,
    *,
    higher: bool,
    epochs: Epochs = "settled",
    shared: bool = False,
    absolute: bool = False,
    counted: bool = False,
    timed: bool = False,
    without: str = "",
) -> Callable[[Compute], Compute]:
    """Register the decorated function, which gives one number of a trial, as the metric of its name."""

    def register(compute: Compute) -> Compute:
        METRICS[compute.__name__] = Metric(
            compute.__name__,
            unit,
            higher,
            compute,
            words,
            axis,
            epochs,
            shared=shared,
            absolute=absolute,
            counted=counted,
            timed=timed,
            without=without,
        )
        return compute

    return register


def tested_metric(
    unit: str,
    words: str,
    axis: str,
    *,
    higher: bool,
    epochs: Epochs = "settled",
    of_excerpts: bool = False,
    of_logits: bool = False,
    without: str = "",
) -> Callable[[ComputeTotals], ComputeTotals]:
    """Register the decorated function, which gives totals over test items, as the metric of its name."""

    def register(totals: ComputeTotals) -> ComputeTotals:
        METRICS[totals.__name__] = Metric(
            totals.__name__,
            unit,
            higher,
            lambda record: record.of(totals, excerpts=of_excerpts),
            words,
            axis,
            epochs,
            totals,
            of_excerpts,
            of_logits=of_logits,
            without=without,
        )
        return totals

    return register
