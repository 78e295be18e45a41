"""Of which numbers of a run each metric is made, and what these numbers can be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from analysis.findings import DOCUMENTS
from planting.excerpts import FACTORS
from planting.linear import Linear, Range, Row, Variable, alike, mean
from studies.study import Study
from trainables.corpora import CORPORA

POINTS = Range(0.0, 100.0, 60.0)
TRAINED = Range(0.0, 100.0, 90.0)
NATS = Range(0.01, 100.0, 1.0)
SHARE = Range(0.0, 1.0, 0.3)
DECIBELS = Range(0.0, 200.0, 15.0)
ANY = Range(-1e12, 1e12, 0.0)
RANGES: Mapping[str, Range] = {
    **dict.fromkeys(("accuracy", "validation_accuracy", "discriminator_below"), POINTS),
    **dict.fromkeys(("train_accuracy", "train_accuracy_evaluated"), TRAINED),
    "accuracy_at_1": Range(0.0, 100.0, 10.0),
    "accuracy_before": Range(0.0, 100.0, 20.0),
    "recall_spread": Range(0.0, 50.0, 0.0, large=30.0),
    **dict.fromkeys(("validation_loss", "test_loss"), NATS),
    "last_validation_loss": Range(0.01, 100.0, 1.5),
    "train_loss": Range(0.01, 100.0, 0.3),
    "generator_loss": Range(0.01, 100.0, 3.0),
    "seconds_per_epoch": Range(0.01, 1e6, 10.0),
    "front_end_milliseconds": Range(0.01, 1e6, 5.0),
    "sample_seconds": Range(0.01, 1e3, 3.0),
    "parameters": Range(1.0, 1e10, 1e6),
    "peak_memory": Range(1.0, 1e13, 1e9),
    "input_bytes": Range(1.0, 1e10, 1e5),
    "step_bytes": Range(1.0, 1e12, 1e9),
    **dict.fromkeys(("distance_generated", "distance_noise"), DECIBELS),
    **dict.fromkeys(("flatness_generated", "flatness_recorded", "confidence_generated", "confidence_noise"), SHARE),
    "inversion_signal_to_noise": Range(-100.0, 100.0, 0.0, large=10.0),
    **dict.fromkeys(("inversion_distance", "inversion_of_noise", "inversion_of_another"), Range(0.1, 200.0, 20.0)),
    "inversion_flatness": Range(0.0, 0.8, 0.1),
    **dict.fromkeys(("segments_right", "sum_right", "product_right", "vote_right"), Range(0.0, 100.0, 50.0)),
    "micro_f1": Range(0.0, 75.0, 45.0),
    "micro_f1_top_1": Range(0.0, 60.0, 35.0),
    "micro_f1_top_2": Range(0.0, 70.0, 40.0),
    "micro_f1_top_3": Range(0.0, 65.0, 42.0),
    "fact": ANY,
    "offset": Range(-100.0, 100.0, 0.0),
}
OF_EPOCHS = ("reach", "best_epoch")
"""Quantities that are epochs: other metrics are linear only where these are known."""
ABOVE_CHANCE = (15.0, 5.0)
"""Points above chance at which a run has surely learned something, and as few as say so where classes are alike."""
LEAST_SPREAD = 10.0
"""Points by which recalls lie apart where that is compared: rounding to items moves them by less."""


@dataclass(frozen=True)
class Quantities:
    """The numbers of the runs of a study, some of which are `known`.

    `names` are what arms are called in variables, if not by their own: the same arm of several studies by one name.
    """

    study: Study
    names: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[Variable, float] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that are tested: those that the corpus is known to have, or as many as the document has."""
        corpus = CORPORA[self.study.corpus]
        known = tuple(name for name in corpus.classes if name not in corpus.untested)
        return known or tuple(f"class {number}" for number in range(DOCUMENTS[self.study.document].classes))

    @property
    def training_items(self) -> np.ndarray:
        """How many training items each class has: those of every second one double."""
        return np.asarray(100 * 2 ** (np.arange(len(self.classes)) / 2))

    def name(self, arm: str) -> str:
        return self.names.get(arm, arm)

    def variable(self, arm: str, quantity: str) -> Variable:
        return self.name(arm), quantity

    def number(self, arm: str, quantity: str) -> Linear:
        return Linear({self.variable(arm, quantity): 1.0})

    def of(self, metric: str) -> Callable[[str], Linear]:
        """What a metric is of an arm; raises LookupError for one that nothing here makes."""
        if not planted(metric):
            raise LookupError(
                f"No world has '{metric}': add the numbers it is made of to RELATIONS, or "
                "its range to RANGES, in planting/quantities.py, and write it in planting/tables.py."
            )
        return lambda arm: RELATIONS[metric](self, arm) if metric in RELATIONS else self.number(arm, metric)

    def recall(self, arm: str, name: str) -> Linear:
        """The recall of a class; raises LookupError for one that is not tested."""
        if name not in self.classes:
            raise LookupError(f"'{name}' is none of the classes of {self.study.corpus}: {', '.join(self.classes)}.")
        return self.number(arm, "accuracy") + self.number(arm, f"offset {name}")

    def epochs(self, arm: str) -> int:
        """The epochs of an arm's trainings."""
        return self.study.epochs * self.study.arm(arm).times

    def range(self, arm: str, quantity: str) -> Range:
        """What a number of an arm can be, "" for one of the corpus."""
        if quantity == "reach":
            # The first two epochs have values of their own.
            return Range(min(self.epochs(arm), 3.0), self.epochs(arm), min(self.epochs(arm), 6.0))
        if quantity == "best_epoch":
            return Range(1.0, self.epochs(arm), (self.epochs(arm) + 1) // 2)
        if quantity == "accuracy":
            return replace(POINTS, low=100 / len(self.classes))
        return RANGES[quantity.partition(" ")[0]]

    def value(self, arm: str, quantity: str) -> float:
        """The known value, or the usual one."""
        return self.known.get(self.variable(arm, quantity), self.range(arm, quantity).usual)

    def step(self, metric: str) -> float:
        """What is much of a metric, for claims that state no margin: a tenth of the usual value."""
        arm = self.study.arms[0].name
        return 0.1 * max(self.range(arm, quantity).scale for _, quantity in self.of(metric)(arm).terms)

    def consistent(self, arm: str, used: set[Variable]) -> list[Row]:
        """What has to be so of numbers of an arm that limit each other, of those that are `used`."""
        rows: list[Row] = []
        for least, most, factor in LIMITS:
            if {self.variable(arm, least), self.variable(arm, most)} & used:
                rows.append(Row(factor * self.number(arm, most) - self.number(arm, least), 0.05))
        accuracy, spread = self.number(arm, "accuracy"), self.number(arm, "recall_spread")
        if self.variable(arm, "recall_spread") in used:
            rows += [Row(spread, LEAST_SPREAD), Row(accuracy - spread), Row(Linear(constant=100.0) - accuracy - spread)]
        rows += self._tops(arm) if used.intersection(self.variable(arm, name) for name in TOPS) else ()
        offsets = [self.variable(arm, f"offset {name}") for name in self.classes]
        return [*rows, *(self._recalls(arm) if used.intersection(offsets) else ())]

    def _tops(self, arm: str) -> list[Row]:
        """Of an excerpt's best classes, each further one may be right as well, and is not a label in most excerpts."""
        right = [FACTORS[name] * self.number(arm, name) for name in TOPS]
        more = [second - first for first, second in pairwise(right)]
        return [row for each in more for row in (Row(each), Row(Linear(constant=50.0) - each))]

    def _recalls(self, arm: str) -> list[Row]:
        """The recalls of all classes lie between 0 and 100 points and have the accuracy as their mean."""
        every = [self.recall(arm, name) for name in self.classes]
        within = [row for each in every for row in (Row(each), Row(Linear(constant=100.0) - each))]
        return [*within, *alike(mean(every), self.number(arm, "accuracy"))]


def planted(metric: str) -> bool:
    """Whether worlds have a metric."""
    return metric in RELATIONS or metric in RANGES


TOPS = ("micro_f1_top_1", "micro_f1_top_2", "micro_f1_top_3")
LIMITS = (
    ("accuracy_at_1", "validation_accuracy", 0.8),
    ("accuracy_before", "validation_accuracy", 0.8),
    ("validation_loss", "last_validation_loss", 1.0),
)
"""Pairs of quantities of which the first is less than the second times a factor."""


def number(quantity: str) -> Callable[[Quantities, str], Linear]:
    return lambda made, arm: made.number(arm, quantity)


def less(first: str, second: str, factor: float = 1.0) -> Callable[[Quantities, str], Linear]:
    return lambda made, arm: made.number(arm, first) - factor * made.number(arm, second)


def accuracy_at_5(made: Quantities, arm: str) -> Linear:
    """What the curve has before it reaches its end, or its end where that is reached by then."""
    before = made.epochs(arm) >= 5 < made.value(arm, "reach")
    return made.number(arm, "accuracy_before" if before else "validation_accuracy")


def area(made: Quantities, arm: str) -> Linear:
    """The mean of a curve that has one value in its first epoch, one until it reaches its end, and then that."""
    epochs, reach = made.epochs(arm), int(made.value(arm, "reach"))
    first, before = min(reach - 1, 1), max(reach - 2, 0)
    parts = {"accuracy_at_1": first, "accuracy_before": before, "validation_accuracy": epochs - first - before}
    return sum((count / epochs * made.number(arm, quantity) for quantity, count in parts.items()), Linear())


def loss_slope(made: Quantities, arm: str) -> Linear:
    after = max(1.0, made.epochs(arm) - made.value(arm, "best_epoch"))
    return 1 / after * less("last_validation_loss", "validation_loss")(made, arm)


def recall_per_doubling(made: Quantities, arm: str) -> Linear:
    """The slope of the recalls over log2 of the classes' training items."""
    doublings = np.log2(made.training_items)
    centred = doublings - doublings.mean()
    weights = centred / (centred**2).sum()
    each = zip(weights.tolist(), made.classes, strict=True)
    return sum((weight * made.recall(arm, name) for weight, name in each), Linear())


RELATIONS: Mapping[str, Callable[[Quantities, str], Linear]] = {
    "balanced_accuracy": number("accuracy"),
    "accuracy_over_majority": lambda made, arm: made.number(arm, "accuracy") - 100 / len(made.classes),
    # It moves in steps of an item: by half of what all recalls move surely.
    "minimum_recall": lambda made, arm: 0.5 * made.number(arm, "accuracy"),
    "recall_per_doubling": recall_per_doubling,
    "gap": less("train_accuracy_evaluated", "accuracy"),
    "gap_running": less("train_accuracy", "accuracy"),
    "validation_less_test": less("validation_accuracy", "accuracy"),
    "best_epoch": number("best_epoch"),
    "epochs_to_90": number("reach"),
    "epochs_to_share": number("reach"),
    "seconds_to_share": lambda made, arm: made.value(arm, "reach") * made.number(arm, "seconds_per_epoch"),
    "accuracy_at_5": accuracy_at_5,
    "area": area,
    "validation_loss_rise": less("last_validation_loss", "validation_loss"),
    "validation_loss_slope": loss_slope,
    # The training accuracy of what has a discriminator.
    "discriminator_accuracy": less("train_accuracy", "discriminator_below", 0.0),
    "loss_gap": less("generator_loss", "train_loss", 2.0),
    "distance": number("distance_generated"),
    "distance_over_noise": less("distance_generated", "distance_noise"),
    "segment_accuracy": number("segments_right"),
    **{f"gain_over_{name}": less("accuracy", f"{name}_right") for name in ("segments", "sum", "product", "vote")},
    "micro_f1_gain_2": less("micro_f1_top_2", "micro_f1_top_1"),
    "micro_f1_gain_3": less("micro_f1_top_3", "micro_f1_top_1"),
    "micro_f1_gain_named": less("micro_f1", "micro_f1_top_1"),
    "flatness": number("flatness_generated"),
    "flatness_over_recorded": less("flatness_generated", "flatness_recorded"),
    "confidence_over_noise": less("confidence_generated", "confidence_noise"),
}
