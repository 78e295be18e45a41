"""TPE at a cost that does not grow with the history of a study."""

import heapq
from collections.abc import Container
from typing import Any

from optuna import Study
from optuna.distributions import BaseDistribution
from optuna.samplers import TPESampler
from optuna.trial import FrozenTrial, TrialState

HISTORY = 250
# As many as TPE at most takes for the good ones (Optuna's default_gamma).
BEST = 25


class BoundedTPESampler(TPESampler):
    """TPE that models the last 250 trials and the 25 best of all, and so up to 250 trials all of them.

    A new trial costs a density over every trial that is modelled. Of a study that maximises.
    """

    view: "View | None" = None

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The parameters that every trial modelled has.

        Optuna's own compares all their distributions too, which takes as long as all the rest; here a study has one
        distribution for each name.
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
    """A study as a sampler sees it for a trial: only some of its finished trials, and all those that run."""

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
    """Those of the finished trials that are modelled, in order."""
    older, last = trials[:-HISTORY], trials[-HISTORY:]
    return sorted([*heapq.nsmallest(BEST, older, key=rank), *last], key=lambda trial: trial.number)


def rank(trial: FrozenTrial) -> tuple[int, int, float]:
    """TPE's order, the best first: trials trained to the end by their values, then the others by how far they came."""
    if trial.state is TrialState.COMPLETE:
        return 0, 0, -(trial.value or 0.0)
    step, value = max(trial.intermediate_values.items(), default=(0, 0.0))
    return 1, -step, -value
