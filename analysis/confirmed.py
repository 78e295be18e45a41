"""The confirmed numbers of a claim's arms, side by side: one (repetition x group) table per arm."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import NotRun, Untestable
from analysis.explored import Explored
from analysis.metrics import ACCURACY, METRICS, Metric, Tested, Totals, TrialResult, shared_level
from analysis.metrics.metric import OF_TRAINING
from analysis.metrics.totals import Of, cells_of
from analysis.protocols import protocol_named
from analysis.runs import Run, answers_of, confirm
from analysis.statistics import Interval, two_way, two_way_covariance
from analysis.statistics.intervals import FIXED, Floats, Levels
from analysis.statistics.spending import levels_at

Coefficients = Mapping[str, float]
Places = NDArray[np.intp]
Repetitions = Mapping[str, set[int]]
KEYS = ("repetition", "group")


@dataclass(frozen=True)
class Cells:
    """Values (S, G) of each arm and items (S, G) of each cell; per-run scalars have one group of weight 1.

    Only repetitions that every arm completed, and groups of which every arm predicted items, are in it. Weighted by the
    items, the mean of an arm's values in a repetition is its metric over these groups.
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
        """Number of held-out groups; 0 for per-run scalars, and for results that were given without test items."""
        return sum(map(bool, self.groups))

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
    # Of an arm, by its name, the metric's name and the level as text.
    _scalars_of: dict[tuple[str, str, str], "pd.Series[float]"] = field(default_factory=dict, init=False)
    _tables: dict[tuple[str, str], "Table"] = field(default_factory=dict, init=False)
    _items: dict[tuple[str, bool], pd.DataFrame] = field(default_factory=dict, init=False)
    _predictions: dict[str, pd.DataFrame] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        trials = self.run.trials
        self._planned = trials[(trials["phase"] == "confirm") & (trials["protocol"] == self.protocol)]
        rows = confirm(self.run, self.protocol, self.configuration)
        self.rows = rows[~rows["trial"].isin(self.left_out)]

    def cells(self, arms: Sequence[str], metric: str = ACCURACY) -> Cells:
        """The arms' numbers side by side; raises NotRun where an arm, or any common repetition, is missing."""
        asked = tuple(arms), metric
        if asked not in self._cells:
            self._cells[asked] = self._computed(tuple(arms), METRICS[metric])
        return self._cells[asked]

    def _computed(self, arms: tuple[str, ...], metric: Metric) -> Cells:
        ran = set(self.rows["arm"])
        if missing := [arm for arm in arms if arm not in ran]:
            raise NotRun(f"No completed confirm trial of '{missing[0]}' under {self.protocol}.")
        tested = metric.totals is not None
        cells = side_by_side({arm: self.table(arm, metric) for arm in arms}) if tested else self._scalars(arms, metric)
        if not cells.n:
            done = "was completed by" if metric.name == ACCURACY else f"has '{metric.name}' of"
            why = f": {metric.without}" if metric.without else ""
            raise NotRun(f"No repetition {done} all of {', '.join(arms)} under {self.protocol}{why}.")
        return replace(cells, levels=self.levels(arms))

    def planned(self, arms: Sequence[str]) -> int:
        """How many repetitions are planned for all of these arms."""
        planned = [self._planned_of.get(arm, set()) for arm in arms]
        return len(set.intersection(*planned)) if planned else 0

    @cached_property
    def _planned_of(self) -> Repetitions:
        return repetitions_of(self._planned)

    @cached_property
    def done(self) -> Repetitions:
        """The repetitions of each arm that are complete."""
        return repetitions_of(self.rows)

    @cached_property
    def failed(self) -> Repetitions:
        """The repetitions of each arm, in the configuration that is looked at, in which a trial failed."""
        judged = self.configuration or protocol_named(self.protocol).judged_by
        of = self._planned["configuration"] == judged
        return repetitions_of(self._planned[of & (self._planned["state"] == "failed")])

    def levels(self, arms: Sequence[str]) -> Levels:
        """The levels that decide on these arms: those of the look after the planned repetitions, or the fixed ones."""
        return levels_at(self.planned(arms)) if self.run.until_decided and arms else FIXED

    @cached_property
    def answers(self) -> dict[str, "pd.Series[bool]"]:
        """Of each arm whether each item is right, by repetition, group and item."""
        table = answers_of(self.run, self.rows).set_index(["repetition", "group", "item"])
        return {str(arm): table.loc[table["arm"] == arm, "correct"] for arm in self.rows["arm"].unique()}

    @cached_property
    def losses(self) -> Mapping[str, Floats]:
        """The validation losses of all epochs of each arm, by repetition and fold."""
        epochs, ordered = self.run.epochs_of, self.rows.sort_values(["repetition", "fold"])
        return {
            str(arm): epochs.together(trials)["validation_loss"].to_numpy(float)
            for arm, trials in ordered.groupby("arm")["trial"]
        }

    def table(self, arm: str, metric: Metric) -> "Table":
        """The totals of an arm's test items that a metric is a function of, by repetition and group."""
        asked = arm, metric.name
        if asked not in self._tables:
            assert metric.totals is not None
            items = self.items(arm, of_excerpts=metric.of_excerpts)
            self._tables[asked] = Table.of_items(items, metric.totals(Tested(items, self.run.labels)))
        return self._tables[asked]

    def items(self, arm: str, *, of_excerpts: bool = False) -> pd.DataFrame:
        """The test items of an arm, or published excerpts, with what is known of training.

        Those of all folds of a repetition stand together.
        """
        asked = arm, of_excerpts
        if asked not in self._items:
            self._items[asked] = self._tested(arm, of_excerpts)
        return self._items[asked]

    def predictions(self, arm: str) -> pd.DataFrame:
        """What an arm predicted of each item in each repetition, in the order of both."""
        if arm not in self._predictions:
            items = self.items(arm)[["repetition", "item", "prediction"]]
            self._predictions[arm] = items.sort_values(["repetition", "item"], kind="stable", ignore_index=True)
        return self._predictions[arm]

    def _tested(self, arm: str, of_excerpts: bool) -> pd.DataFrame:
        found = self.run.excerpts_of if of_excerpts else self.run.predictions_of
        rows = self.rows.loc[self.rows["arm"] == arm].reindex(columns=["trial", "repetition", *OF_TRAINING])
        items = found.together(rows["trial"]).reset_index(drop=True)
        # A merge by the names of trials takes longer than all else here.
        each = np.repeat(np.arange(len(rows)), [found.count(trial) for trial in rows["trial"]])
        return pd.concat([items, rows.drop(columns="trial").iloc[each].reset_index(drop=True)], axis=1)

    def _scalars(self, arms: Sequence[str], metric: Metric) -> Cells:
        rows = self.rows[self.rows["arm"].isin(arms)]
        finals = rows.groupby("arm")["validation_accuracy"].mean()
        level = shared_level(finals) if metric.shared else math.nan
        # An arm of which the metric could never be computed has no value: then no repetition has all arms.
        table = pd.DataFrame({arm: self._means(arm, metric, level) for arm in dict.fromkeys(arms)}).dropna()
        columns = {arm: table[arm].to_numpy(float)[:, None] for arm in dict.fromkeys(arms)}
        return Cells(columns, np.ones((len(table), 1)), tuple(map(int, table.index)), ())

    def _means(self, arm: str, metric: Metric, level: float) -> "pd.Series[float]":
        """The metric in each repetition of an arm, the mean of its folds."""
        asked = arm, metric.name, str(level)
        if asked not in self._scalars_of:
            rows = self.rows[self.rows["arm"] == arm]
            values = pd.Series([metric.compute(self._record(row, level)) for _, row in rows.iterrows()], dtype=float)
            self._scalars_of[asked] = values.groupby(rows["repetition"].to_numpy()).mean()
        return self._scalars_of[asked]

    def _record(self, row: "pd.Series[float]", level: float) -> TrialResult:
        trial = str(row["trial"])
        epochs = self.run.epochs_of.get(trial, self.run.epochs.iloc[:0])
        if epochs.empty:
            raise Untestable(f"The epochs of trial {trial} are missing.")
        predictions = self.run.predictions_of.get(trial, self.run.predictions.iloc[:0])
        return TrialResult(row, epochs, predictions, level, self.run.labels, self.run.excerpts_of.get(trial))

    def explored(self, arm: str) -> Explored:
        """The explored trials of an arm; raises as `Explored.of` does."""
        return Explored.of(self.run, arm)

    def missing(self, arms: Sequence[str]) -> int:
        """How many planned repetitions of these arms are not complete in all of them."""
        done = [self.done.get(arm, set()) for arm in arms]
        return self.planned(arms) - len(set(self.rows["repetition"]).intersection(*done))


def repetitions_of(rows: pd.DataFrame) -> Repetitions:
    """The repetitions of each arm in rows of the trial table."""
    return {str(arm): set(each) for arm, each in rows.groupby("arm")["repetition"]}


@dataclass(frozen=True)
class Table:
    """Sums over the test items of each (repetition, group), the number of items, and the function of the sums."""

    sums: pd.DataFrame
    items: "pd.Series[int]"
    of: Of | None

    @classmethod
    def of_items(cls, items: pd.DataFrame, totals: Totals) -> "Table":
        """Add up totals over items, which have a `repetition` and a `group`."""
        keys = [items["repetition"].rename("repetition"), items["group"].astype(str).rename("group")]
        summed = pd.DataFrame(totals.columns, index=items.index).groupby(keys)
        return cls(summed.sum(skipna=False), summed.size(), totals.of)


def side_by_side(tables: Mapping[str, Table]) -> Cells:
    """The metric of several arms over the groups of which all of them tested items, in each repetition.

    Arms may be scored over different items, as segments or as clips: they are paired by repetition and group. A cell
    weighs as many items as the arms have in it on average; where one has another share of its items there, what it
    adds to the arm's number is divided by the common weight instead.
    """
    common = reduce(pd.Index.intersection, [table.items.index for table in tables.values()])
    repetitions, groups = (pd.Index(sorted(common.unique(level))) for level in KEYS)
    places = _places(common, repetitions, groups)
    shape = len(repetitions), len(groups)
    found = {name: (*_grid(table, common, places, shape), table.of) for name, table in tables.items()}
    weights = np.mean([items for _, items, _ in found.values()], axis=0)
    values = {name: _reweighed(cells_of(*each), each[1], weights) for name, each in found.items()}
    known = np.all([(np.isfinite(each) | (weights == 0)).all(axis=1) for each in values.values()], axis=0)
    kept = [int(each) for each, has in zip(repetitions, known, strict=True) if has]
    return Cells({name: each[known] for name, each in values.items()}, weights[known], tuple(kept), tuple(groups))


def _places(common: pd.Index, repetitions: pd.Index, groups: pd.Index) -> tuple[Places, Places]:
    """The row and the column (cells,) of each (repetition, group) in a table of these repetitions and groups."""
    first, second = (common.get_level_values(level) for level in KEYS)
    return repetitions.get_indexer(first), groups.get_indexer(second)


def _grid(
    table: Table, common: pd.Index, places: tuple[Places, Places], shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """The sums (S, G, K) and the items (S, G) of some cells of a table; 0 for a group that a repetition lacks."""
    rows = table.items.index.get_indexer(common)
    sums, items = np.zeros((*shape, table.sums.shape[1])), np.zeros(shape)
    sums[places], items[places] = table.sums.to_numpy(float)[rows], table.items.to_numpy(float)[rows]
    return sums, items


def _reweighed(values: Floats, items: Floats, weights: Floats) -> Floats:
    """Values whose mean by `items` is the same by `weights`, (S, G) each, cell by cell what a cell adds to it."""
    own, common = (each / each.sum(axis=1, keepdims=True) for each in (items, weights))
    ratio = np.divide(own, common, out=np.ones(own.shape), where=common > 0)
    mean = np.nansum(own * values, axis=1, keepdims=True)
    return np.asarray(values * ratio + mean * (1 - ratio))
