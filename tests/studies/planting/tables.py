"""The tables of a run in which the numbers of a world are true, as `studies` gathers them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from optuna.distributions import CategoricalDistribution, FloatDistribution

from analysis.claims import Claim
from analysis.metrics import METRICS
from analysis.runs import EPOCH_COLUMNS, EXCERPT_COLUMNS, MEASURES, PREDICTION_COLUMNS, TRIAL_COLUMNS, Run
from analysis.statistics.importance import FEWEST_TRIALS
from planting.excerpts import FACTORS, Excerpts
from planting.quantities import Quantities
from planting.worlds import World
from studies.scale import SCALES
from studies.seeds import FIRST_SEED
from studies.study import described, form
from studies.tasks import cells
from trainables.data.covariates import PROPERTIES

SCALE = SCALES["cluster"]
ITEMS = 8
"""Test items of a class that a repetition tests, which are one group."""
JITTER = 0.005
"""By how much of a usual value seeds differ at most, in either direction."""
FOLLOWED = 1.5
"""How much more a covariate says of which items are right than chance does, in standard deviations."""
EXPLORED = FEWEST_TRIALS + 20
CURVE = ("validation_accuracy", "accuracy_at_1", "accuracy_before")
OF_A_GAN: tuple[str, ...] = ("discriminator_below", "generator_loss", "distance_generated", "distance_noise")
OF_A_GAN += ("flatness_generated", "flatness_recorded", "confidence_generated", "confidence_noise")
FIRST = ("segments_right", "sum_right", "product_right", "vote_right")
IN_POINTS = ("discriminator_below",)
"""Of these columns those that are shares in the table."""


def run_of(world: World, name: str) -> Run:
    """The run of a study by that name, at the largest scale, on real audio."""
    written = Written(world, np.random.default_rng(1))
    trials, epochs, predictions, excerpts = [], [], [], []
    for confirmed in written.confirmed():
        trials.append(written.trial(confirmed))
        if confirmed.state == "complete":
            epochs.append(written.epochs(confirmed))
            predictions.append(written.predictions(confirmed))
            excerpts += [written.excerpts(confirmed)] if written.answers_excerpts(confirmed.arm) else []
    explored = [each for arm, names in world.important.items() for each in written.explored(arm, names)]
    return Run(
        Path("planted"),
        study_json(world, name),
        pd.DataFrame([*trials, *(row for row, _ in explored)], columns=[*TRIAL_COLUMNS, *MEASURES]),
        joined([*epochs, *(curve for _, curve in explored)], EPOCH_COLUMNS),
        joined(predictions, PREDICTION_COLUMNS),
        joined(excerpts, EXCERPT_COLUMNS),
    )


def joined(tables: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """One table of many, each a column by name; NaN where a table lacks one."""
    names = list(dict.fromkeys([*columns, *(name for table in tables for name in table)]))
    sizes = [len(next(iter(table.values()))) for table in tables]
    parts = {n: [t.get(n, np.full(size, np.nan)) for t, size in zip(tables, sizes, strict=True)] for n in names}
    return pd.DataFrame({name: np.concatenate(each) if each else np.empty(0, object) for name, each in parts.items()})


def counts(made: Quantities, arm: str) -> dict[str, int]:
    """What is counted of the network of an arm."""
    return {name: round(made.value(arm, name)) for name, metric in METRICS.items() if metric.counted}


def study_json(world: World, name: str) -> dict[str, Any]:
    made = world.made
    study = form(made.study, SCALE.name)
    facts = {q.partition(" ")[2]: value for (_, q), value in made.known.items() if q.startswith("fact ")}
    return {
        "study": json.loads(json.dumps(described(study, name))),
        "scale": SCALE.described(),
        "data": {"clips": 12, "corpus": study.corpus, "rendered": False, "labels": list(made.classes), "facts": facts},
        "protocols": {protocol: {"guessed": list(study.guessed)} for _, protocol in cells(study)},
        "architectures": {arm.name: counts(made, arm.name) for arm in study.arms},
        "example": {},
        "rungs": {},
        "provenance": {},
        "progress": {"finished": True},
    }


@dataclass(frozen=True)
class Confirmed:
    """A confirmed trial."""

    arm: str
    configuration: str
    protocol: str
    repetition: int
    state: str

    @property
    def name(self) -> str:
        return f"{self.protocol} {self.configuration} {self.arm} {self.repetition}"


@dataclass
class Written:
    """What trials of a world have in the tables."""

    world: World
    generator: np.random.Generator

    def confirmed(self) -> Iterator[Confirmed]:
        """The trials that the study confirms at this scale."""
        for (configuration, protocol), arms in cells(self.world.made.study).items():
            for repetition in range(SCALE.repetitions):
                for arm in arms:
                    state = "failed" if arm.name in self.world.failing else "complete"
                    yield Confirmed(arm.name, configuration, protocol, repetition, state)

    def number(self, arm: str, quantity: str) -> float:
        """The quantity of one run of an arm; points as such."""
        value, within = self.world.made.value(arm, quantity), self.world.made.range(arm, quantity)
        jittered = value + JITTER * within.scale * self.generator.uniform(-1, 1)
        return float(min(max(jittered, min(value, within.low)), within.high))

    def share(self, arm: str, quantity: str) -> float:
        return self.number(arm, quantity) / 100

    def trial(self, of: Confirmed) -> dict[str, Any]:
        made, arm = self.world.made, of.arm
        row: dict[str, Any] = {"trial": of.name, "phase": "confirm", "arm": arm, "configuration": of.configuration}
        row |= {"protocol": of.protocol, "repetition": FIRST_SEED + of.repetition, "state": of.state}
        row |= {"fold": SCALE.place(of.protocol, of.repetition)["fold"], "device": "cpu", "epochs": made.epochs(arm)}
        row |= {name: self.share(arm, name) for name in ("train_accuracy", "train_accuracy_evaluated")}
        row |= counts(made, arm)
        row |= {name: self.number(arm, name) for name in ("peak_memory", "front_end_milliseconds")}
        row["validation_accuracy"] = made.value(arm, "validation_accuracy") / 100
        gan = {"training": "dcgan", "seconds": made.value(arm, "sample_seconds")}
        return row | {"cpu_seconds": 1.0, "seconds": 1.0, "settings": json.dumps(gan)}

    def epochs(self, of: Confirmed) -> dict[str, Any]:
        """One row an epoch: curves that reach their end at one epoch, losses that are lowest at one."""
        made, arm = self.world.made, of.arm
        count = made.epochs(arm)
        epoch, late = np.arange(1, count + 1), of.repetition % 2
        reach = min(round(made.value(arm, "reach")) + late, count)
        best = min(round(made.value(arm, "best_epoch")) + late, count)
        ends, first, before = (self.share(arm, name) for name in CURVE)
        validation = np.select([epoch >= reach, epoch == 1], [ends, first], before)
        lowest, last = (self.number(arm, name) for name in ("validation_loss", "last_validation_loss"))
        rising = (max(last, lowest) - lowest) * (epoch - best) / max(count - best, 1)
        each = self.number(arm, "seconds_per_epoch")
        table = {
            "trial": np.full(count, of.name, dtype=object),
            "epoch": epoch,
            "train_loss": np.full(count, self.number(arm, "train_loss")),
            "train_accuracy": np.full(count, self.share(arm, "train_accuracy")),
            "validation_accuracy": validation,
            "validation_loss": lowest + np.where(epoch > best, rising, 0.01 * (best - epoch)),
            "seconds": np.full(count, each),
            "cpu_seconds": np.full(count, each),
        }
        return table | (self.generated(arm, count) if self.is_gan(arm) else {})

    def is_gan(self, arm: str) -> bool:
        """Whether something is said of what an arm generates."""
        return any((arm, quantity) in self.world.made.known for quantity in OF_A_GAN)

    def generated(self, arm: str, count: int) -> dict[str, Any]:
        found = {name: self.number(arm, name) / (100 if name in IN_POINTS else 1) for name in OF_A_GAN}
        # A judge that knows recordings: only such a one is asked.
        return {name: np.full(count, value) for name, value in {**found, "confidence_recorded": 1.0}.items()}

    @cached_property
    def offsets(self) -> np.ndarray:
        """By how much of an item the number of right ones is rounded up, of each class in each repetition (R, K).

        Over repetitions it is even, so that the mean recall is what it shall be, and the same for all arms.
        """
        even = (np.arange(SCALE.repetitions) + 0.5) / SCALE.repetitions
        return np.stack([self.generator.permutation(even) for _ in self.world.made.classes], axis=1)

    @cached_property
    def covariates(self) -> dict[str, np.ndarray]:
        """What is known of each item (folds, K, ITEMS) beside the answers."""
        shape = SCALE.folds, len(self.world.made.classes), ITEMS
        found = {name: self.generator.standard_normal(shape) for name in PROPERTIES}
        # Of each class a few more or less are trained on where another fold is tested.
        trained = self.world.made.training_items.round()[:, None] + np.arange(SCALE.folds)[:, None, None]
        return {**found, "class_trained_on": np.broadcast_to(trained, shape)}

    def recalls(self, arm: str) -> np.ndarray:
        """The share of right items of each class (K, 1)."""
        made, level = self.world.made, self.number(arm, "accuracy")
        count = len(made.classes)
        half = np.sign(np.arange(count) - (count - 1) / 2) * made.value(arm, "recall_spread")
        own = np.array([made.value(arm, f"offset {name}") for name in made.classes])
        return np.asarray((level + half + own)[:, None] / 100)

    def order(self, arm: str, fold: int) -> np.ndarray:
        """Which items of each class (K, ITEMS) are right first: 0 for the one that is right where any is."""
        classes = self.world.made.classes
        followed = [steep for steep in self.world.steep if steep.arm == arm and steep.covariate in self.covariates]
        if not followed:
            return np.tile(np.arange(ITEMS), (len(classes), 1))
        score = self.generator.standard_normal((len(classes), ITEMS))
        for steep in followed:
            rows = np.isin(classes, steep.classes)
            score[rows] -= FOLLOWED * steep.turn * self.covariates[steep.covariate][fold][rows]
        return score.argsort(axis=1).argsort(axis=1)

    @cached_property
    def items(self) -> list[dict[str, np.ndarray]]:
        """The test items of each fold: of each class one group."""
        classes = np.array(self.world.made.classes)
        label, number = np.repeat(classes, ITEMS), np.tile(np.arange(ITEMS), len(classes))
        wrong = np.roll(label, ITEMS)
        folds = []
        for fold in range(SCALE.folds):
            group = np.char.add(label, f" {fold}")
            item = np.char.add(np.char.add(group, " "), number.astype(str))
            texts = {"item": item, "group": group, "label": label, "wrong": wrong}
            known = {name: values[fold].ravel() for name, values in self.covariates.items()}
            folds.append({name: text.astype(object) for name, text in texts.items()} | known)
        return folds

    def predictions(self, of: Confirmed) -> dict[str, Any]:
        """One row a test item: in each repetition those of another fold."""
        fold = of.repetition % SCALE.folds
        first = self.order(of.arm, fold) + self.offsets[of.repetition][:, None]
        right = (first / ITEMS < self.recalls(of.arm)).ravel()
        items = dict(self.items[fold])
        wrong, count = items.pop("wrong"), len(right)
        answers = {
            "trial": np.full(count, of.name, dtype=object),
            "prediction": np.where(right, items["label"], wrong),
            "confidence": np.full(count, 0.9),
            "logits": self.logits(of.arm, count),
        }
        answers |= self.first_right(of.arm, count)
        return items | answers | (self.inverted(of.arm, count) if self.inverts(of.arm) else {})

    def first_right(self, arm: str, count: int) -> dict[str, Any]:
        """What a first network alone gets right of each item, where something is asked of it."""
        known = [name for name in FIRST if (self.world.made.name(arm), name) in self.world.made.known]
        return {name: np.full(count, self.share(arm, name)) for name in known}

    @cached_property
    def asked(self) -> dict[str, list[Claim]]:
        """The claims about each arm."""
        found: dict[str, list[Claim]] = {}
        for claim in self.world.made.study.claims:
            for arm in claim.arms:
                found.setdefault(arm, []).append(claim)
        return found

    def answers_excerpts(self, arm: str) -> bool:
        """Whether something is asked of what an arm says of published excerpts."""
        claims = self.asked.get(arm, [])
        return any(getattr(claim, "of_pairs", False) or METRICS[claim.metric].of_excerpts for claim in claims)

    def excerpts(self, of: Confirmed) -> dict[str, Any]:
        scores = {name: self.number(of.arm, name) for name in FACTORS}
        followed = [s.turn for s in self.world.steep if s.arm == of.arm and s.covariate == "number_of_labels"]
        offset = (of.repetition + 0.5) / SCALE.repetitions
        # The same for all arms: excerpts are as hard for one as for another.
        hard = np.random.default_rng(of.repetition)
        found = Excerpts(self.world.made.classes).answers(scores, sum(followed), offset, hard)
        return found | {"trial": np.full(len(found["item"]), of.name, dtype=object)}

    def inverts(self, arm: str) -> bool:
        """Whether something is asked of what comes back of an arm's MFCCs."""
        return any(claim.metric.startswith("inversion") for claim in self.asked.get(arm, []))

    def inverted(self, arm: str, count: int) -> dict[str, Any]:
        """What is measured of each item; the distances of others follow from their shares."""
        distance = self.number(arm, "inversion_distance")
        found = {
            "signal_to_noise": self.number(arm, "inversion_signal_to_noise"),
            "spectral_distance": distance,
            "spectral_distance_of_noise": 100 * distance / self.number(arm, "inversion_of_noise"),
            "spectral_distance_of_another": 100 * distance / self.number(arm, "inversion_of_another"),
            "flatness_recorded": 0.1,
            "flatness_inverted": 0.1 + self.number(arm, "inversion_flatness"),
        }
        return {name: np.full(count, value) for name, value in found.items()}

    def logits(self, arm: str, count: int) -> np.ndarray:
        """Logits by which the loss of each item is the test loss; None where nothing is said of that."""
        found, made = np.full(count, None, dtype=object), self.world.made
        if (arm, "test_loss") in made.known:
            likely, classes = np.exp(-self.number(arm, "test_loss")), len(made.classes)
            score = np.log((classes - 1) * likely / (1 - likely))
            found[:] = list(score * np.eye(classes)[np.repeat(np.arange(classes), ITEMS)])
        return found

    def explored(self, arm: str, decisive: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Explored trials, row and epochs each, whose accuracy is a function of the decisive parameters."""
        study = self.world.made.study
        for number in range(EXPLORED):
            places = {name: self.generator.random() for name in study.tuned}
            level = 0.5 + 0.1 * sum(places[name] - 0.5 for name in decisive)
            curve = np.full(study.epochs, level + 0.001 * self.generator.standard_normal())
            settings = {name: at(study.tuned[name], place) for name, place in places.items()}
            row: dict[str, Any] = {
                "trial": f"explored {arm} {number}",
                "phase": "explore",
                "arm": arm,
                "configuration": "explored",
            }
            row |= {"protocol": "corrected", "repetition": number, "fold": 0, "state": "complete"}
            known = {"trial": np.full(study.epochs, row["trial"], dtype=object), "validation_accuracy": curve}
            yield row | {"settings": json.dumps(settings)}, known | {"epoch": np.arange(1, study.epochs + 1)}


def at(distribution: Any, place: float) -> Any:
    """The value of a dimension at a place of 0 to 1."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[int(place * len(distribution.choices))]
    low, high, log = distribution.low, distribution.high, distribution.log
    value = low * (high / low) ** place if log else low + place * (high - low)
    return value if isinstance(distribution, FloatDistribution) else round(value)
