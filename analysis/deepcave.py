"""The two CSV files that DeepCAVE's converter of data frames reads: what was searched, and the explored trials.

The format is that of https://automl.github.io/DeepCAVE/main/converters/dataframe.html. It knows no conditions, so a
setting that some trial has outside of what was searched is left out. Choices are written as "setting=value": bare
numbers would be read as numbers in one file and as texts in the other.
"""

import ast
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.errors import RunError
from analysis.runs import Run

CONFIGSPACE, TRIALS = "configspace.csv", "trials.csv"
ARM = "arm"
METRIC = "metric:validation_accuracy [0; 1] (maximize)"
TYPES = {"FloatDistribution": "float", "IntDistribution": "integer", "CategoricalDistribution": "categorical"}


class Exported(NamedTuple):
    """Both tables, and the settings that were searched and could not be written."""

    configspace: pd.DataFrame
    trials: pd.DataFrame
    left_out: tuple[str, ...]


class Dimension(NamedTuple):
    """A setting that is searched, as the converter has it; `choices` are those of a categorical one."""

    name: str
    type: str
    lower: float | None = None
    upper: float | None = None
    log: bool = False
    choices: tuple[Any, ...] = ()

    def holds(self, value: Any) -> bool:
        """Whether a trial can have this value."""
        if self.type == "categorical":
            return value in self.choices
        number = isinstance(value, int | float) and self.lower is not None and self.upper is not None
        return number and self.lower <= value <= self.upper

    def written(self, value: Any) -> Any:
        return f"{self.name}={value}" if self.type == "categorical" else value

    @property
    def row(self) -> Mapping[str, Any]:
        """Its line of configspace.csv."""
        items = [self.written(choice) for choice in self.choices]
        known = {"name": self.name, "type": self.type, "log": self.log, "lower": self.lower, "upper": self.upper}
        default = {"default": items[0] if items else None, "distribution": None if items else "uniform"}
        return {**known, **default, "ordered": False, **{f"item_{number}": item for number, item in enumerate(items)}}


def exported(run: Run) -> Exported:
    """What DeepCAVE reads of a run: all arms in one space, in which the arm is a choice.

    A trial begins when the one before has ended: a run keeps how long each took and not when. Raises RunError for a
    run that explored nothing.
    """
    rows = run.trials[run.trials["phase"] == "explore"].drop_duplicates("trial")
    if rows.empty:
        raise RunError(f"The run in {run.path} has explored no trial: there is nothing that DeepCAVE could show.")
    settings = [{**json.loads(row["settings"]), ARM: row["arm"]} for row in rows.to_dict("records")]
    searched = [dimension(name, text) for name, text in run.study["study"]["tuned"].items()]
    space = [each for each in searched if all(each.holds(found.get(each.name)) for found in settings)]
    space.append(Dimension(ARM, "categorical", choices=tuple(run.arms)))
    ended = rows["seconds"].fillna(0.0).cumsum()
    columns = {
        "config_id": range(len(rows)),
        **{each.name: [each.written(found[each.name]) for found in settings] for each in space},
        METRIC: rows["validation_accuracy"].to_numpy(),
        "status": rows["state"].isin(["complete", "stopped"]).map({True: "success", False: "crashed"}).to_numpy(),
        "start_time": (ended - rows["seconds"].fillna(0.0)).to_numpy(),
        "end_time": ended.to_numpy(),
        "budget": rows["epochs"].to_numpy(),
        "seed": [found.get("seed", -1) for found in settings],
        "trial": rows["trial"].to_numpy(),
    }
    left_out = tuple(each.name for each in searched if each not in space)
    return Exported(pd.DataFrame([each.row for each in space]), pd.DataFrame(columns), left_out)


def dimension(name: str, text: str) -> Dimension:
    """A dimension of study.json, such as "FloatDistribution(high=0.01, log=True, low=0.0001, step=None)"."""
    # Conditions and shares follow in words.
    own = re.split(r"\)(?: as | where |$)", text)[0]
    call, kind = ast.parse(f"{own})", mode="eval").body, own.partition("(")[0]
    known = {each.arg: ast.literal_eval(each.value) for each in call.keywords} if isinstance(call, ast.Call) else {}
    log = bool(known.get("log", False))
    return Dimension(name, TYPES[kind], known.get("low"), known.get("high"), log, tuple(known.get("choices", ())))
