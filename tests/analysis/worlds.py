"""Worlds of which the truth is known: functions from random numbers to what a claim reads of a simulated study.

Test parts rotate: repetition r tests fold r mod 5 of the groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.confirmed import Cells

REPETITIONS, FOLDS, GROUPS, ITEMS = 10, 5, 100, 3
SEED, GROUP, REST = 1.4, 6.0, 10.0
"""Standard deviations of an arm's accuracy, in points: between seeds, between groups, and of a group in one seed."""
EIGHT = tuple("abcdefgh")
FIVE = tuple("abcde")
PAIRS = tuple((f"{n}+", f"{n}-") for n in range(12))
CLASSES = tuple("klmnopqrst")
World = Callable[[np.random.Generator], Any]


@dataclass
class Trials:
    """What the kinds of claim read of a run's confirmed trials."""

    tables: Cells | None = None
    answers: dict[str, Any] | None = None
    rows: Any = None
    run: Any = None
    protocol: str = "as_published"
    configuration: str | None = None
    failed: Mapping[str, set[int]] = field(default_factory=dict)

    def cells(self, arms: Sequence[str], metric: str = "accuracy") -> Cells:
        assert self.tables is not None
        return replace(self.tables, values={arm: self.tables.values[arm] for arm in arms})

    def items(self, arm: str, *, of_excerpts: bool = False) -> pd.DataFrame:
        assert not of_excerpts
        return self.run.predictions.merge(self.rows.loc[self.rows["arm"] == arm], on="trial")


STUDY = SimpleNamespace(study={"protocols": {}})


@cache
def rotation(repetitions: int = REPETITIONS, groups: int = GROUPS) -> np.ndarray:
    """Whether a repetition tests a group (S, G)."""
    return np.arange(repetitions)[:, None] % FOLDS == np.arange(groups)[None] % FOLDS


def means(*levels: float, names: Sequence[str] = EIGHT) -> World:
    """Accuracies of arms about these levels, in points."""

    def made(generator: np.random.Generator) -> Trials:
        tested, size = rotation(), len(levels)
        noise = SEED * generator.standard_normal((size, REPETITIONS, 1))
        noise = noise + GROUP * generator.standard_normal((size, 1, GROUPS))
        noise += REST * generator.standard_normal((size, REPETITIONS, GROUPS))
        values = np.where(tested, np.array(levels)[:, None, None] + noise, np.nan)
        table = Cells(
            dict(zip(names, values, strict=False)),
            np.where(tested, float(ITEMS), 0.0),
            tuple(range(REPETITIONS)),
            tuple(map(str, range(GROUPS))),
        )
        return Trials(table, run=STUDY)

    return made


def pairs(share: float, size: float = 8.0) -> World:
    """Pairs of arms, of which each is up by `size` points with this probability, else down."""

    def made(generator: np.random.Generator) -> Trials:
        ups = np.where(generator.random(len(PAIRS)) < share, size, -size)
        names = [name for pair in PAIRS for name in pair]
        found: Trials = means(*np.column_stack([ups, 0 * ups]).ravel(), names=names)(generator)
        return found

    return made


def scalars(**columns: Callable[[np.random.Generator], np.ndarray]) -> World:
    """A number of each repetition and arm, which has no groups."""

    def made(generator: np.random.Generator) -> Trials:
        values = {name: make(generator)[:, None] for name, make in columns.items()}
        n = len(next(iter(values.values())))
        keys = [(name, r) for name in values for r in range(n)]
        rows = pd.DataFrame(keys, columns=["arm", "repetition"]).assign(state="complete")
        trials = rows.assign(phase="confirm", protocol="as_published", configuration="as_printed")
        return Trials(
            Cells(values, np.ones((n, 1)), tuple(range(n)), ()), rows=rows, run=SimpleNamespace(trials=trials)
        )

    return made


def costs(ratio: float) -> World:
    """Seconds of two arms, the second's this many times the first's in the median."""
    noisy = {"a": 1.0, "b": ratio}
    return scalars(
        **{
            name: lambda g, middle=middle: middle * np.exp(0.05 * g.standard_normal(12))
            for name, middle in noisy.items()
        }
    )


def ends(share: float, arms: int = 1, together: float = 0.0) -> World:
    """Runs that end at 60 with this probability, else at 40; a share of the repetitions is the same in all arms."""

    def made(generator: np.random.Generator) -> Trials:
        alike, common = generator.random(16) < together, generator.random(16)
        column = {
            name: lambda g: np.where(np.where(alike, common, g.random(16)) < share, 60.0, 40.0) for name in EIGHT[:arms]
        }
        found: Trials = scalars(**column)(generator)
        return found

    return made


HELD = 6
"""Groups of each class."""
HARDNESS, SEED_ODDS, OWN = 0.7, 0.2, 0.5
"""Standard deviations of the log odds of a right answer: between groups, between seeds, and of a group in one arm."""


def recall_gained(lift: float) -> float:
    """The points of recall that a class gains whose log odds are lifted by so much."""
    spread = float(np.hypot(np.hypot(HARDNESS, SEED_ODDS), OWN))
    z = stats.norm.ppf((np.arange(10_000) + 0.5) / 10_000) * spread
    return 100 * float(np.mean(1 / (1 + np.exp(-z - lift)) - 1 / (1 + np.exp(-z))))


@cache
def items_tested() -> tuple[pd.MultiIndex, np.ndarray, np.ndarray, pd.DataFrame]:
    """The tested items: their index, class and group as numbers, and their labels."""
    groups = len(CLASSES) * HELD
    tested = np.arange(REPETITIONS)[:, None] % 2 == np.arange(groups)[None] % 2
    repetition, group = (np.repeat(each, ITEMS) for each in np.nonzero(tested))
    item = group * ITEMS + np.tile(np.arange(ITEMS), len(group) // ITEMS)
    names = [repetition, group.astype(str), np.char.add("i", item.astype(str))]
    index = pd.MultiIndex.from_arrays(names, names=["repetition", "group", "item"])
    labels = pd.DataFrame({"item": names[2], "label": np.array(CLASSES)[group // HELD]})
    return index, group, repetition, labels.drop_duplicates("item")


def recognised(*lifts: Callable[[np.random.Generator], Sequence[float]]) -> World:
    """Answers of arms whose log odds are lifted by so much on each class, besides what seeds and groups do."""

    def made(generator: np.random.Generator) -> Trials:
        index, group, repetition, labels = items_tested()
        hard = generator.normal(0, HARDNESS, len(CLASSES) * HELD)
        answers = {}
        for arm, lift in zip(EIGHT, lifts, strict=False):
            odds = np.repeat(lift(generator), HELD) + hard + generator.normal(0, OWN, len(hard))
            logit = odds[group] + generator.normal(0, SEED_ODDS, REPETITIONS)[repetition]
            answers[arm] = pd.Series(generator.random(len(logit)) < 1 / (1 + np.exp(-logit)), index=index)
        groups = tuple(map(str, range(len(hard))))
        table = Cells(dict.fromkeys(answers, np.zeros((1, 1))), np.ones((1, 1)), tuple(range(REPETITIONS)), groups)
        return Trials(table, answers=answers, run=SimpleNamespace(predictions=labels))

    return made


def fixed(first: float, others: float = 0.0) -> Callable[[np.random.Generator], Sequence[float]]:
    """The first half of the classes lifted by so much, and the others by another."""
    half = len(CLASSES) // 2
    return lambda generator: [first] * half + [others] * half


def signs(share: float) -> Callable[[np.random.Generator], Sequence[float]]:
    """Each class lifted or lowered, the former with this probability."""
    return lambda generator: np.where(generator.random(len(CLASSES)) < share, 1.5, -1.5).tolist()


def slopes(steep: float, others: float | None = None) -> World:
    """Answers whose log odds rise by so much with a covariate, and by another on the second half of the classes."""

    def made(generator: np.random.Generator) -> Trials:
        index, group, repetition, labels = items_tested()
        place = pd.factorize(index.get_level_values("item"))[0]
        x = generator.standard_normal(len(labels))[place]
        seeds = generator.normal(0, 0.1, REPETITIONS)
        here = np.where(group // HELD < len(CLASSES) // 2, steep, steep if others is None else others)
        logit = (here + seeds[repetition]) * x + generator.normal(0, HARDNESS, len(CLASSES) * HELD)[group]
        right = generator.random(len(logit)) < 1 / (1 + np.exp(-logit))
        label = np.array(CLASSES)[group // HELD]
        said = np.where(right, label, "none")
        table = {"trial": repetition.astype(str), "group": group.astype(str), "label": label, "prediction": said}
        rows = pd.DataFrame({"arm": "a", "trial": np.arange(REPETITIONS).astype(str), "repetition": range(REPETITIONS)})
        run = SimpleNamespace(predictions=pd.DataFrame(table | {"loudness": x}))
        cells = Cells({"a": np.zeros((REPETITIONS, 1))}, np.ones((REPETITIONS, 1)), tuple(range(REPETITIONS)), ("0",))
        return Trials(cells, rows=rows, run=run)

    return made
