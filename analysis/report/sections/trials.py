"""All trials of a run in one table, with what they were for, what they reached, and the settings that differ."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import pandas as pd

from analysis.report.embed import Embed
from analysis.report.links import TRIALS
from analysis.report.sections.section import Section
from analysis.report.tables import Column, DataTable, Form
from analysis.results import Results
from analysis.runs import Run
from analysis.text import setting

TEXTS = {"trial": "Trial", "phase": "Phase", "arm": "Arm", "configuration": "Configuration", "protocol": "Protocol"}
NUMBERS: Mapping[str, tuple[str, Form]] = {
    "repetition": ("Repetition", "number"),
    "fold": ("Fold", "number"),
    "epochs": ("Epochs", "number"),
    "validation_accuracy": ("Validation accuracy", "share"),
    "test_accuracy": ("Test accuracy", "share"),
    "train_accuracy": ("Training accuracy", "share"),
    "cpu_seconds": ("CPU time", "duration"),
    "seconds": ("Time", "duration"),
    "parameters": ("Parameters", "number"),
}
FILTERED = ("phase", "arm", "configuration", "protocol", "state", "device")
HIDDEN = ("fold", "train_accuracy", "seconds", "parameters", "device")


@dataclass(frozen=True)
class TrialsSection(Section):
    """The table."""

    id: ClassVar[str] = "all-trials"
    title: ClassVar[str] = "All trials"

    table: DataTable

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None before anything has been trained."""
        return cls(*cls.drawn(results, embed), trial_table(results.run)) if len(results.run.trials) else None


def trial_table(run: Run) -> DataTable:
    """A row for each trial and what it is for, as `Run.trials` has them."""
    trials = run.trials
    columns = [text(trials, name, title) for name, title in TEXTS.items()]
    columns += [text(trials, "state", "State")]
    columns += [number(trials, name, title, form) for name, (title, form) in NUMBERS.items()]
    columns += [*settings(trials), text(trials, "device", "Device")]
    caption = "Every trial and what it is for. Accuracies are those after its last epoch; a dash: not measured."
    return DataTable(TRIALS, "All trials", caption, columns)


def text(trials: pd.DataFrame, name: str, title: str) -> Column:
    values = trials[name].fillna("").astype(str).tolist()
    return Column(name, title, values, filtered=name in FILTERED, hidden=name in HIDDEN)


def number(trials: pd.DataFrame, name: str, title: str, form: Form) -> Column:
    return Column(name, title, trials[name].astype(float).tolist(), form, hidden=name in HIDDEN)


def settings(trials: pd.DataFrame) -> list[Column]:
    """A column for each setting in which trials differ."""
    found = [json.loads(each) for each in trials["settings"]]
    names = dict.fromkeys(name for each in found for name in each)
    values = {name: [each.get(name) for each in found] for name in names}
    return [setting_column(name, each) for name, each in values.items() if len(set(map(str, each))) > 1]


def setting_column(name: str, values: Sequence[Any]) -> Column:
    """Numbers as such where all that is known is one."""
    known = [value for value in values if value is not None]
    plain = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    shown = list(values) if plain else ["" if value is None else setting(value) for value in values]
    return Column(f"set.{name}", name.replace("_", " ").capitalize(), shown)
