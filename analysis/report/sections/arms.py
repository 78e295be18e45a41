"""What each arm chose beside what was printed, and where each arm ends under each protocol."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from analysis.confirmed import Confirmed
from analysis.figures.values import Summary, level
from analysis.protocols import CHOSEN, shown
from analysis.report.embed import Embed
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.runs import Run
from analysis.text import searched, setting
from analysis.verdicts.collapse import chance, collapsed

ON_EXCERPTS = {"micro_f1": "Micro F1", "macro_f1": "Macro F1", "ranking_precision": "Label ranking precision"}


@dataclass(frozen=True)
class Choice:
    """What one arm chose for a tuned setting, beside the value of the document and what was searched.

    `guessed`: the document does not print the value. `chosen` is "" where the arm has not chosen.
    """

    arm: str
    setting: str
    printed: str
    guessed: bool
    chosen: str
    searched: str


@dataclass(frozen=True)
class End:
    """Where an arm ends under a protocol with a configuration, in points, but `collapsed`, which counts seeds.

    `chance` is what always naming the largest class of the test part would score. `excerpts` are the metrics of
    `ON_EXCERPTS`, by their names for a reader, of published test excerpts (B3); {} without such.
    """

    arm: str
    protocol: str
    configuration: str
    accuracy: Summary
    macro_f1: float
    chance: float
    collapsed: int
    excerpts: Mapping[str, float]


@dataclass(frozen=True)
class ArmsSection(Section):
    """The tables."""

    id: ClassVar[str] = "arms"
    title: ClassVar[str] = "The arms"

    choices: Sequence[Choice]
    ends: Sequence[End]

    @property
    def excerpts(self) -> list[End]:
        """The ends that were measured on published excerpts too."""
        return [end for end in self.ends if end.excerpts]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a study that tunes nothing and has tested nothing, and for results that name no classes."""
        if results.run.given and not results.run.labels:
            return None
        chosen, ended = choices(results.run), ends(results)
        return cls(*cls.drawn(results, embed), chosen, ended) if chosen or ended else None


def choices(run: Run) -> list[Choice]:
    """Every tuned setting that an arm has, of each arm."""
    chosen = run.trials[run.trials["configuration"] == CHOSEN].drop_duplicates("arm").set_index("arm")["settings"]
    guessed, tuned = " ".join(run.study["study"].get("guessed", [])), run.study["study"].get("tuned", {})
    return [
        Choice(
            arm,
            name.replace("_", " "),
            setting(printed[name]),
            name.replace("_", " ") in guessed,
            setting(json.loads(chosen[arm]).get(name, "")) if arm in chosen else "",
            searched(dimension),
        )
        for arm, printed in ((str(arm["name"]), arm["settings"]) for arm in run.study["study"]["arms"])
        for name, dimension in tuned.items()
        if name in printed
    ]


def ends(results: Results) -> list[End]:
    """Each arm under each protocol with each configuration that was tested, the judged one first."""
    run = results.run
    cells = [(results.confirmed[each.name], Confirmed(run, each.name, each.other)) for each in shown()]
    return [end for pair in cells for data in pair for end in ends_of(data, run.arms)]


def ends_of(data: Confirmed, arms: Sequence[str]) -> list[End]:
    found = {arm: level(data, arm) for arm in arms if arm in set(data.rows["arm"])}
    fell = collapsed(data).groupby("arm")["repetition"].nunique()
    configuration = str(data.rows["configuration"].iloc[0]) if len(data.rows) else ""
    return [
        End(
            arm,
            data.protocol,
            configuration.replace("_", " "),
            accuracy,
            macro_f1(data, arm),
            float(chance(data, arm).mean()),
            int(fell.get(arm, 0)),
            on_excerpts(data, arm),
        )
        for arm, accuracy in found.items()
        if accuracy.n
    ]


def macro_f1(data: Confirmed, arm: str) -> float:
    """Mean over the repetitions of the macro F1 of an arm, in points."""
    repetitions = data.items(arm).groupby("repetition")
    return 100 * float(np.mean([f1_of_classes(each["label"], each["prediction"]) for _, each in repetitions]))


def on_excerpts(data: Confirmed, arm: str) -> dict[str, float]:
    """Means over the repetitions of the metrics of published excerpts, in points; {} without such."""
    if data.items(arm, of_excerpts=True).empty:
        return {}
    found = {name: data.cells((arm,), metric).per_repetition()[arm] for metric, name in ON_EXCERPTS.items()}
    return {name: float(values.mean()) for name, values in found.items()}


def f1_of_classes(labels: pd.Series, predictions: pd.Series) -> float:
    """Mean over the classes that are a label or predicted of 2 right / (labelled + predicted), a share."""
    codes, classes = pd.factorize(np.concatenate([labels.astype(str), predictions.astype(str)]))
    label, prediction = codes[: len(labels)], codes[len(labels) :]
    right, labelled, predicted = (
        np.bincount(each, minlength=len(classes)) for each in (label[label == prediction], label, prediction)
    )
    return float(np.mean(2 * right / (labelled + predicted)))
