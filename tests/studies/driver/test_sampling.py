"""TPE over a long history: the same proposals while it is short, at a bounded cost when it is long."""

import random

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.samplers import TPESampler
from optuna.samplers._tpe.sampler import _split_trials
from optuna.trial import TrialState, create_trial

from studies.driver import sampling
from studies.driver.sampling import BoundedTPESampler, part

SPACE = {"rate": FloatDistribution(1e-4, 1, log=True), "kind": CategoricalDistribution(("a", "b", "c"))}


def study(sampler: optuna.samplers.BaseSampler, trials: int) -> optuna.Study:
    """A study with a made-up history, a third of it pruned."""
    chance = random.Random(3)
    made = optuna.create_study(direction="maximize", sampler=sampler)
    for number in range(trials):
        parameters = {"rate": 10 ** chance.uniform(-4, 0), "kind": chance.choice("abc")}
        pruned, value = number % 3 == 2, chance.random()
        made.add_trial(
            create_trial(
                params=parameters,
                distributions=SPACE,
                state=TrialState.PRUNED if pruned else TrialState.COMPLETE,
                value=None if pruned else value,
                intermediate_values={1: value},
            )
        )
    return made


@pytest.mark.parametrize("trials", [0, 9, 10, 60])
def test_short_history_gives_what_optuna_gives(trials):
    ours, theirs = study(BoundedTPESampler(seed=5), trials), study(TPESampler(seed=5), trials)
    assert [ours.ask(SPACE).params for _ in range(5)] == [theirs.ask(SPACE).params for _ in range(5)]


def test_long_history_is_modelled_in_part(monkeypatch):
    monkeypatch.setattr(sampling, "HISTORY", 40)
    made = study(BoundedTPESampler(seed=5), 100)
    below, _ = _split_trials(made, made.trials[:-40], sampling.BEST)
    assert part(made.trials) == [*below, *made.trials[-40:]]
    # With so few that were trained to the end, some of those that were stopped are among the best.
    few = [trial for trial in study(TPESampler(), 150).trials if trial.number % 5 == 0 or trial.number % 3 == 2]
    below, above = _split_trials(made, few[:-40], sampling.BEST)
    assert {trial.state for trial in below} == {TrialState.COMPLETE, TrialState.PRUNED}
    assert above
    assert part(few) == [*below, *few[-40:]]
    assert made.ask(SPACE).params.keys() == SPACE.keys()
