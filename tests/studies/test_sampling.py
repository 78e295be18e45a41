"""TPE over a long history: the same proposals while it is short, at a bounded cost when it is long."""

import random

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.samplers import TPESampler
from optuna.trial import TrialState, create_trial

from studies import sampling
from studies.sampling import BoundedTPESampler, part

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
    old = [trial for trial in made.trials[:-40] if trial.state is TrialState.COMPLETE]
    best = {trial.number for trial in sorted(old, key=lambda trial: trial.value)[-sampling.BEST :]}
    finished = {trial.number for trial in made.trials[-40:]}
    assert part(made) == best | finished
    assert made.ask(SPACE).params.keys() == SPACE.keys()
