"""TPE at a cost that does not grow with the history of a study."""

from typing import Any

from optuna import Study
from optuna.distributions import BaseDistribution
from optuna.samplers import TPESampler
from optuna.samplers._tpe.sampler import _split_trials
from optuna.trial import FrozenTrial, TrialState

HISTORY = 1000
# As many as TPE at most takes for the good ones (Optuna's default_gamma).
BEST = 25


class BoundedTPESampler(TPESampler):
    """TPE that models the last 1,000 trials and the 25 best of all, and so up to 1,000 trials all of them.

    A new trial costs a density over every trial that is modelled.
    """

    modelled: tuple[int, frozenset[int]] = (-1, frozenset())

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Optuna's, over a part of the history."""
        return super().infer_relative_search_space(self._view(study, trial), trial)

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
        if self.modelled[0] != trial.number:
            self.modelled = (trial.number, part(study))
        return View(study, self.modelled[1])


class View:
    """A study, as a sampler sees it, with only some of its finished trials; those that run are all there."""

    def __init__(self, study: Study, modelled: frozenset[int]):
        self.study, self.modelled = study, modelled

    def __getattr__(self, name: str) -> Any:
        return getattr(self.study, name)

    def _get_trials(self, *arguments: Any, **options: Any) -> list[FrozenTrial]:
        trials = self.study._get_trials(*arguments, **options)
        return [trial for trial in trials if trial.number in self.modelled or not trial.state.is_finished()]


def part(study: Study) -> frozenset[int]:
    """The numbers of the finished trials to model."""
    trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
    best = _split_trials(study, trials[:-HISTORY], BEST)[0] if len(trials) > HISTORY else []
    return frozenset(trial.number for trial in [*best, *trials[-HISTORY:]])
