"""The confirmed numbers of a claim's arms, side by side: one (repetition x group) table per arm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.errors import NotRun, Untestable
from analysis.metrics import ACCURACY, METRICS, TrialResult, shared_level
from analysis.runs import Run, answers_of, confirm
from analysis.statistics import Interval, two_way, two_way_covariance
from analysis.statistics.intervals import FIXED, Floats, Levels
from analysis.statistics.spending import levels_at

Coefficients = Mapping[str, float]


@dataclass(frozen=True)
class Cells:
    """Values (S, G) of each arm and items (S, G) of each cell; per-run scalars have one group of weight 1.

    Only repetitions that every arm completed, and items that every arm predicted, are in it.
    """

    values: Mapping[str, Floats]
    weights: Floats
    repetitions: tuple[int, ...]
    groups: tuple[str, ...]
    levels: Levels = FIXED

    @property
    def n(self) -> int:
        """Number of paired repetitions."""
        return len(self.repetitions)

    @property
    def held_out(self) -> int:
        """Number of held-out groups; 0 for per-run scalars."""
        return len(self.groups)

    def contrast(self, coefficients: Coefficients, constant: float = 0.0) -> Floats:
        """The (S, G) table of sum_a c_a value_a - constant."""
        total = sum((c * self.values[arm] for arm, c in coefficients.items()), np.zeros(self.weights.shape))
        return np.asarray(total - constant, dtype=np.float64)

    def interval(self, coefficients: Coefficients, constant: float = 0.0) -> Interval:
        return two_way(self.contrast(coefficients, constant), self.weights, self.levels)

    def joint(self, contrasts: Sequence[Coefficients]) -> tuple[Floats, Floats]:
        return two_way_covariance(np.stack([self.contrast(c) for c in contrasts]), self.weights)

    def per_repetition(self) -> pd.DataFrame:
        """One row per repetition, one column per arm: the item-weighted mean over the groups."""
        share = self.weights / self.weights.sum(axis=1, keepdims=True)
        columns = {arm: np.nansum(share * values, axis=1) for arm, values in self.values.items()}
        return pd.DataFrame(columns, index=pd.Index(self.repetitions, name="repetition"))


@dataclass
class Confirmed:
    """The confirm trials of one protocol, but those left out, with the tables of its arms read once."""

    run: Run
    protocol: str
    configuration: str | None = None
    left_out: frozenset[str] = frozenset()
    _cells: dict[tuple[tuple[str, ...], str], Cells] = field(default_factory=dict, init=False)
    # Of a trial, by its id, the metric's name and the level as text.
    _values: dict[tuple[str, str, str], float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        trials = self.run.trials
        self._planned = trials[(trials["phase"] == "confirm") & (trials["protocol"] == self.protocol)]
        rows = confirm(self.run, self.protocol, self.configuration)
        self.rows = rows[~rows["trial"].isin(self.left_out)]

    def cells(self, arms: Sequence[str], metric: str = ACCURACY) -> Cells:
        """The arms' numbers side by side; raises NotRun where an arm, or any common repetition, is missing."""
        asked = tuple(arms), metric
        if asked not in self._cells:
            self._cells[asked] = self._computed(*asked)
        return self._cells[asked]

    def _computed(self, arms: tuple[str, ...], metric: str) -> Cells:
        ran = set(self.rows["arm"])
        if missing := [arm for arm in arms if arm not in ran]:
            raise NotRun(f"No completed confirm trial of '{missing[0]}' under {self.protocol}.")
        cells = (
            side_by_side({arm: self.answers[arm] for arm in arms})
            if metric == ACCURACY
            else self._scalars(arms, metric)
        )
        if not cells.n:
            done = "was completed by" if metric == ACCURACY else f"has '{metric}' of"
            raise NotRun(f"No repetition {done} all of {', '.join(arms)} under {self.protocol}.")
        return replace(cells, levels=self.levels(arms))

    def planned(self, arms: Sequence[str]) -> int:
        """How many repetitions are planned for all of these arms."""
        planned = [set(self._planned.loc[self._planned["arm"] == arm, "repetition"]) for arm in arms]
        return len(set.intersection(*planned)) if planned else 0

    def levels(self, arms: Sequence[str]) -> Levels:
        """The levels that decide on these arms: those of the look after the planned repetitions, or the fixed ones."""
        return levels_at(self.planned(arms)) if self.run.until_decided and arms else FIXED

    @cached_property
    def answers(self) -> dict[str, "pd.Series[bool]"]:
        """Of each arm whether each item is right, by repetition, group and item."""
        table = answers_of(self.run, self.rows).set_index(["repetition", "group", "item"])
        return {str(arm): table.loc[table["arm"] == arm, "correct"] for arm in self.rows["arm"].unique()}

    def _scalars(self, arms: Sequence[str], metric: str) -> Cells:
        rows = self.rows[self.rows["arm"].isin(arms)]
        finals = rows.groupby("arm")["validation_accuracy"].mean()
        level = shared_level(finals) if metric == "seconds_to_share" else float("nan")
        values = rows.assign(value=[self._value(metric, row, level) for _, row in rows.iterrows()])
        table = values.pivot_table(index="repetition", columns="arm", values="value")
        # An arm of which the metric could never be computed has no column: then no repetition has all arms.
        table = table.reindex(columns=list(dict.fromkeys(arms))).dropna()
        columns = {arm: table[arm].to_numpy(float)[:, None] for arm in arms}
        return Cells(columns, np.ones((len(table), 1)), tuple(map(int, table.index)), ())

    def _value(self, metric: str, row: "pd.Series[float]", level: float) -> float:
        asked = str(row["trial"]), metric, str(level)
        if asked not in self._values:
            self._values[asked] = METRICS[metric].compute(self._record(row, level))
        return self._values[asked]

    def _record(self, row: "pd.Series[float]", level: float) -> TrialResult:
        trial = str(row["trial"])
        epochs = self.run.epochs_of.get(trial, self.run.epochs.iloc[:0])
        if epochs.empty:
            raise Untestable(f"The epochs of trial {trial} are missing.")
        return TrialResult(row, epochs, self.run.predictions_of.get(trial, self.run.predictions.iloc[:0]), level)

    def missing(self, arms: Sequence[str]) -> int:
        """How many planned repetitions of these arms are not complete in all of them."""
        planned = self._planned[self._planned["arm"].isin(arms)]["repetition"].nunique()
        done = set(zip(self.rows["arm"], self.rows["repetition"], strict=True))
        return planned - sum(all((arm, each) in done for arm in arms) for each in set(self.rows["repetition"]))


def side_by_side(answers: Mapping[str, "pd.Series[bool]"]) -> Cells:
    """Accuracies in points of several columns of answers, over the items that all of them hold."""
    items = pd.concat(dict(answers), axis=1).dropna().astype(float)
    grouped = items.groupby(level=["repetition", "group"])
    sizes = grouped.size().unstack("group")
    means = 100 * grouped.mean()
    values = {name: means[name].unstack("group").to_numpy(float) for name in answers}
    weights = sizes.fillna(0).to_numpy(float)
    return Cells(values, weights, tuple(map(int, sizes.index)), tuple(map(str, sizes.columns)))
