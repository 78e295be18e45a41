"""Importance of tuned parameters, by fANOVA (Hutter et al. 2014) and Optuna's PED-ANOVA (Watanabe et al. 2023)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.statistics.intervals import Floats

if TYPE_CHECKING:
    # They need pandas and optuna, which no command that only names a claim waits for.
    import pandas as pd
    from optuna.distributions import BaseDistribution

    Dimensions = Mapping[str, BaseDistribution]

Places = np.ndarray
FEWEST_TRIALS = 40
# Of 60 trials the lower limit of an interval of .6 to .9 varied by .044 with 25 resamples, .035 with 50, .026 with 100.
RESAMPLES = 50
# Of the forest that is fitted to all trials, and of each that is fitted to a resample.
TREES, TREES_OF_RESAMPLE = 64, 8


@dataclass(frozen=True)
class Importances:
    """What P parameters are worth, those with the largest shares first.

    `shares` (P,) are those of the variance over the space that is due to each parameter by itself (fANOVA); they sum to
    1, because a forest that is fitted to some dozens of trials has interactions even where the truth has none: of an
    additive function of which two parameters carry .95, their shares of the forest's whole variance were .63 of 40
    trials and .69 of 80, those of all main effects .83 and .93. `main` is the share of all main effects in the forest's
    variance. `resampled` (B, P) are the shares of bootstrap resamples of the trials. `best` (P,) is how far the values
    of the best tenth differ from those of all (PED-ANOVA): its order has a meaning, its size has none.
    """

    parameters: tuple[str, ...]
    shares: Floats
    main: float
    resampled: Floats
    best: Floats

    @property
    def limits(self) -> Floats:
        """The 95 % interval of each share, (2, P): percentiles of the resamples."""
        return percentiles(self.resampled)

    @property
    def ranks(self) -> Floats:
        """Places by PED-ANOVA (P,), 1 for the most important; ties have their mean place."""
        from scipy.stats import rankdata

        return np.asarray(rankdata(-self.best), dtype=np.float64)

    def together(self, parameters: Sequence[str]) -> tuple[float, float, float]:
        """What some parameters carry together, with its 95 % interval."""
        places = [self.parameters.index(name) for name in parameters]
        return self._summed(self.resampled[:, places].sum(axis=1), places)

    def largest(self, count: int) -> tuple[float, float, float]:
        """What the `count` most important parameters carry together, with its 95 % interval.

        Each resample has its own most important ones: the interval knows that they were chosen for their shares.
        """
        return self._summed(np.sort(self.resampled, axis=1)[:, -count:].sum(axis=1), range(count))

    def _summed(self, resampled: Floats, places: Sequence[int]) -> tuple[float, float, float]:
        low, high = percentiles(resampled)
        return float(self.shares[list(places)].sum()), float(low), float(high)


def percentiles(resampled: Floats) -> Floats:
    return np.asarray(np.quantile(resampled, (0.025, 0.975), axis=0), dtype=np.float64)


def importances(
    settings: "pd.DataFrame", values: Floats, dimensions: "Dimensions", generator: np.random.Generator
) -> Importances:
    """The importance of each of the `dimensions`, which are columns of `settings` (n rows), for the `values` (n,).

    The settings must be random or quasi-random draws, and the values not all the same.
    """
    from optuna._transform import _SearchSpaceTransform

    # What was drawn evenly in its logarithm is weighed in it, which Optuna's own evaluator does not do.
    space = _SearchSpaceTransform(dict(dimensions), transform_log=True, transform_step=False)
    inputs = np.stack([space.transform(trial) for trial in as_trials(settings, dimensions)])
    parts, bounds = space.column_to_encoded_columns, space.bounds
    fractions = fanova(inputs, values, parts, bounds, TREES)
    resampled: list[Floats] = []
    while len(resampled) < RESAMPLES:
        rows = generator.integers(len(values), size=len(values))
        # A resample whose values are all the same has no shares.
        if np.ptp(values[rows]):
            found = fanova(inputs[rows], values[rows], parts, bounds, TREES_OF_RESAMPLE)
            resampled.append(found / found.sum())
    best, order, main = ped_anova(settings, values, dimensions), np.argsort(-fractions), fractions.sum()
    names = tuple(list(dimensions)[place] for place in order)
    return Importances(names, fractions[order] / main, float(main), np.stack(resampled)[:, order], best[order])


def as_trials(settings: "pd.DataFrame", dimensions: "Dimensions") -> list[dict[str, Any]]:
    """One mapping of names to values for each row, in Python's own types."""
    columns = {name: settings[name].tolist() for name in dimensions}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def fanova(inputs: Floats, values: Floats, parts: Sequence[Places], bounds: Floats, trees: int) -> Floats:
    """The fraction of a forest's variance that is due to each of P parameters by itself, (P,).

    `inputs` (n, C) lie within `bounds` (C, 2); `parts` are the columns of each parameter. It is what Optuna's
    FanovaImportanceEvaluator computes of the same forest, leaf by leaf.
    """
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(trees, max_depth=64, random_state=0).fit(inputs, values)
    fractions = [fractions_of(*boxes(each.tree_, bounds), parts) for each in forest.estimators_]
    return np.asarray(np.mean([each for each in fractions if each is not None], axis=0), dtype=np.float64)


def boxes(tree: Any, bounds: Floats) -> tuple[Floats, Floats, Floats]:
    """Lower and upper corners (L, C) of the leaves of a tree, and their values (L,)."""
    low, high = (np.tile(bounds[:, end], (tree.node_count, 1)) for end in (0, 1))
    for node in np.flatnonzero(tree.feature >= 0):
        left, right, feature = tree.children_left[node], tree.children_right[node], tree.feature[node]
        low[[left, right]], high[[left, right]] = low[node], high[node]
        high[left, feature] = low[right, feature] = tree.threshold[node]
    leaves = tree.feature < 0
    return low[leaves], high[leaves], tree.value[leaves, 0, 0]


def fractions_of(low: Floats, high: Floats, values: Floats, parts: Sequence[Places]) -> Floats | None:
    """The variance of each parameter's marginal over that of the whole tree; None where that is 0.

    A marginal is constant between the edges of boxes: there it is the mean of the boxes, each weighted by its extent in
    all other columns.
    """
    extent = high - low
    volume = extent.prod(axis=1)
    mean = np.average(values, weights=volume)
    whole = np.average((values - mean) ** 2, weights=volume)
    if not whole:
        return None
    variances = []
    for columns in parts:
        edges = [np.unique([low[:, column], high[:, column]]) for column in columns]
        grid = np.stack(np.meshgrid(*[(e[1:] + e[:-1]) / 2 for e in edges], indexing="ij"), axis=-1)
        points = grid.reshape(-1, 1, len(columns))
        sizes = np.prod(np.stack(np.meshgrid(*[np.diff(e) for e in edges], indexing="ij"), axis=-1), axis=-1).ravel()
        within = ((low[:, columns] < points) & (points < high[:, columns])).all(axis=2)
        others = volume / extent[:, columns].prod(axis=1)
        marginal = within @ (others * values) / (within @ others)
        variances.append(np.average((marginal - mean) ** 2, weights=sizes))
    return np.array(variances) / whole


def ped_anova(settings: "pd.DataFrame", values: Floats, dimensions: "Dimensions") -> Floats:
    """How far the values of each parameter in the best tenth of the trials, at least five, differ from those in all."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study, known = optuna.create_study(direction="maximize"), dict(dimensions)
    for params, value in zip(as_trials(settings, dimensions), values.tolist(), strict=True):
        study.add_trial(optuna.trial.create_trial(params=params, distributions=known, value=value))
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=max(0.1, 5 / len(values)))
    found = evaluator.evaluate(study)
    return np.array([found[name] for name in dimensions], dtype=np.float64)
