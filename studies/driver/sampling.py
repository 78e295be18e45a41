"""Draws from a search space: TPE at a cost that does not grow with the history, Sobol points, the first valid draw.

The sampler is our own because Optuna's TPESampler models every trial of a study, while the driver must ask for a trial
within 100 ms after 5,000 trials (measured in tests/benchmarks/test_ask.py).
"""

import heapq
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from optuna import Study
from optuna._transform import _SearchSpaceTransform
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState
from scipy.stats.qmc import Sobol

from search_spaces import Space
from trainables.errors import InvalidSetting
from trainables.registry import Value

Values = Mapping[str, Value]
WhyNot = Callable[[Values], str | None]

HISTORY = 250
# As many as TPE at most takes for the good ones (Optuna's default_gamma).
BEST = 25
MOST_DRAWS = 1000
# Sobol points that trials have first: a power of two that is at least `studies.seeds.MOST_TRIALS`.
POINTS = 1024


# Trials before TPE begins to model: independent random draws, the same in every study that has the arm.
RANDOM_TRIALS = 10


def tpe(seed: int) -> "BoundedTPESampler":
    """TPE that models all parameters together, and takes a trial that runs for one of the bad ones.

    Every setting that a release of Optuna may change the default of is written out.
    """
    return BoundedTPESampler(
        seed=seed,
        n_startup_trials=RANDOM_TRIALS,
        n_ei_candidates=24,
        multivariate=True,
        group=False,
        constant_liar=True,
    )


class BoundedTPESampler(TPESampler):
    """TPE that models the last 250 trials and the 25 best of all earlier ones, for a study that maximises.

    Up to 250 trials these are all trials, and the proposals are Optuna's own. The cost of a proposal is proportional to
    the number of modelled trials.
    """

    view: "View | None" = None

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The parameters that every modelled trial has.

        Optuna's own also compares all their distributions, which takes as long as the rest together; here a study has
        one distribution per name.
        """
        modelled = self._view(study, trial).modelled
        if not modelled:
            return {}
        common = set.intersection(*(set(each.params) for each in modelled))
        known = modelled[-1].distributions
        return {name: known[name] for name in sorted(common) if not known[name].single()}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Optuna's, over a part of the history."""
        return super().sample_relative(self._view(study, trial), trial, search_space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Optuna's, over a part of the history."""
        return super().sample_independent(self._view(study, trial), trial, param_name, param_distribution)

    def _view(self, study: Study, trial: FrozenTrial) -> Any:
        if self.view is None or self.view.trial != trial.number:
            self.view = View(study, trial.number)
        return self.view


class View:
    """A study as the sampler sees it for one trial: the modelled finished trials and all running ones."""

    def __init__(self, study: Study, trial: int):
        self.study, self.trial = study, trial
        trials = study.get_trials(deepcopy=False)
        self.modelled = part([trial for trial in trials if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)])
        running = [trial for trial in trials if not trial.state.is_finished()]
        self.trials = sorted([*self.modelled, *running], key=lambda trial: trial.number)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.study, name)

    def _get_trials(self, deepcopy: bool, states: Container[TrialState], use_cache: bool) -> list[FrozenTrial]:
        return [trial for trial in self.trials if trial.state in states]


def part(trials: list[FrozenTrial]) -> list[FrozenTrial]:
    """The finished trials that are modelled, in order."""
    older, last = trials[:-HISTORY], trials[-HISTORY:]
    return sorted([*heapq.nsmallest(BEST, older, key=rank), *last], key=lambda trial: trial.number)


def rank(trial: FrozenTrial) -> tuple[int, int, float]:
    """TPE's order, the best first: complete trials by their values, then the pruned ones by their last epochs."""
    if trial.state is TrialState.COMPLETE:
        return 0, 0, -(trial.value or 0.0)
    step, value = max(trial.intermediate_values.items(), default=(0, 0.0))
    return 1, -step, -value


def draws(sampler: BaseSampler, study: Study, trial: FrozenTrial, space: Space) -> Iterator[dict[str, Value]]:
    """Draws for a trial, one after another, as Optuna makes them; a dimension that does not apply is left out."""
    relative = sampler.infer_relative_search_space(study, trial)
    while True:
        together = sampler.sample_relative(study, trial, relative)
        values: dict[str, Value] = {}
        for name, distribution in space.items():
            if not space.applies(name, values):
                continue
            known = name in together
            values[name] = together[name] if known else sampler.sample_independent(study, trial, name, distribution)
        if space.allows(values):
            yield values


def sobol_draws(space: Space, trial: int, seed: int) -> Iterator[dict[str, Value]]:
    """Draws for a trial: the point of its number in a scrambled Sobol sequence, then every 1024th point after it.

    No other trial has any of these, so that no draw depends on how many others could not be trained. All dimensions of
    the space must always apply; the `seed` of the scrambling is the same for all trials of an arm.
    """
    points = Sobol(len(space), rng=seed)
    if trial:  # SciPy cannot skip no points.
        points.fast_forward(trial)
    while True:
        (point,) = points.random(1)
        yield {name: value_at(each, float(share)) for (name, each), share in zip(space.items(), point, strict=True)}
        points.fast_forward(POINTS - 1)


def value_at(distribution: BaseDistribution, share: float) -> Value:
    """The value below which a share (0 to 1) of what is drawn evenly from a distribution lies."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[min(int(share * len(distribution.choices)), len(distribution.choices) - 1)]
    one = _SearchSpaceTransform({"": distribution}, transform_0_1=True)
    value: Value = one.untransform(np.array([share]))[""]
    return value


def valid_draw(candidates: Iterator[dict[str, Value]], known: Values, why_not: WhyNot) -> dict[str, Value]:
    """The first of the candidates that can be trained and has the `known` values.

    A candidate that cannot be trained is skipped and costs no trial. The known values are those that a crash left of
    this very draw. If no candidate has them, because another version drew them, they replace those of a candidate.
    Raises InvalidSetting if no candidate can be trained.
    """
    reason: str | None = None
    for replaced in (False, True):
        for candidate in islice(candidates, MOST_DRAWS):
            values = {**candidate, **known} if replaced else candidate
            if known.items() <= values.items() and (reason := why_not(values)) is None:
                return values
    raise InvalidSetting(f"none of {2 * MOST_DRAWS} draws can be trained, the last because: {reason}")
