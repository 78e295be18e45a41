"""Explored trials from which importances can be estimated: drawn without regard to results, all trained to one epoch.

Trials of TPE lie where it expects good results, and stopped ones have the accuracy of an earlier epoch. Both distort:
a parameter of share .93 was given .68 from 60 trials of TPE.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import NotRun, Untestable
from analysis.runs import Run
from analysis.statistics.importance import FEWEST_TRIALS, Importances, importances
from analysis.statistics.intervals import Floats

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution


@dataclass(frozen=True)
class Explored:
    """The trials of an arm that reached the last epoch, `epochs`: one row of `settings` for each of the `values`.

    `values` are validation accuracies (shares), `dimensions` what each setting was drawn from, `exploration` how.
    `lost` trials failed or are unfinished.
    """

    settings: pd.DataFrame
    values: Floats
    dimensions: "dict[str, BaseDistribution]"
    exploration: str
    epochs: int
    lost: int

    @classmethod
    def of(cls, run: Run, arm: str) -> "Explored":
        """Raises Untestable where results decided what was drawn or stopped, and NotRun for fewer than 40 trials."""
        # Optuna takes a second to import, and a claim, which every study names, names this class.
        from optuna.distributions import json_to_distribution  # noqa: PLC0415

        study, epochs = run.study["study"], run.budget[0]
        if "exploration" not in study:
            raise Untestable(
                "The explored trials were drawn by TPE and stopped early, which distorts importances: give the study "
                "exploration='random' or exploration='sobol'."
            )
        trials = run.trials[(run.trials["phase"] == "explore") & (run.trials["arm"] == arm)].drop_duplicates("trial")
        last = run.epochs[run.epochs["epoch"] == epochs].set_index("trial")["validation_accuracy"]
        whole = trials[trials["state"] == "complete"].set_index("trial")
        values = last.reindex(whole.index).dropna()
        if len(values) < FEWEST_TRIALS:
            raise NotRun(
                f"{len(values)} explored trials of {arm} reached epoch {epochs}, where importances need "
                f"{FEWEST_TRIALS}: run the study with --trials {FEWEST_TRIALS} or more."
            )
        dimensions = {name: json_to_distribution(text) for name, text in study["dimensions"].items()}
        settings = pd.DataFrame(map(json.loads, whole.loc[values.index, "settings"]))
        found = values.to_numpy(float), dimensions, str(study["exploration"]), epochs
        return cls(settings[list(dimensions)], *found, len(trials) - len(values))

    def importances(self) -> Importances:
        """The importance of each dimension; the same trials always have the same.

        Raises Untestable where all trials end alike.
        """
        if np.ptp(self.values) == 0:
            raise Untestable("All explored trials end at the same accuracy: no parameter makes a difference.")
        return importances(self.settings, self.values, self.dimensions, np.random.default_rng(0))

    @property
    def in_words(self) -> str:
        """How many trials there are and how they were drawn: "60 random trials of 20 epochs"."""
        drawn = {"sobol": "Sobol"}.get(self.exploration, self.exploration)
        lost = f" ({self.lost} more failed or are unfinished)" if self.lost else ""
        return f"{len(self.values)} {drawn} trials of {self.epochs} epoch{'s' if self.epochs != 1 else ''}{lost}"
