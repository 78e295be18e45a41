"""TPE over a long history, and draws that honour conditions, can be repeated, and can be trained."""

import inspect
import math
import random
from collections import Counter
from itertools import islice

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import RandomSampler, TPESampler
from optuna.samplers._tpe.sampler import _split_trials
from optuna.trial import TrialState, create_trial

from search_spaces import joined, where
from search_spaces.optimisation import batch_size, learning_rate, momentum, optimiser
from search_spaces.signal import HOP_SHARES, bands, frame, frame_and_hop
from studies.driver import sampling
from studies.driver.sampling import (
    MOST_DRAWS,
    POINTS,
    draws,
    part,
    sobol_draws,
    tpe,
    valid_draw,
    value_at,
)
from studies.seeds import MOST_TRIALS
from trainables.errors import InvalidSetting

SPACE = {"rate": FloatDistribution(1e-4, 1, log=True), "kind": CategoricalDistribution(("a", "b", "c"))}
CONDITIONAL = joined(optimiser("adam", "sgd"), where(momentum(0.5, 0.9), optimiser="sgd"), learning_rate())
GRID = joined(frame(256, 512, 1024), bands(32, 64, 128))

optuna.logging.set_verbosity(optuna.logging.ERROR)


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


def proposals(sampler: optuna.samplers.BaseSampler, trials: int) -> list[dict[str, object]]:
    """Of five trials that run at once."""
    made = study(sampler, trials)
    return [made.ask(SPACE).params for _ in range(5)]


@pytest.mark.parametrize("trials", [0, 9, 10, 60])
def test_short_history_gives_what_optuna_gives(trials):
    assert proposals(tpe(5), trials) == proposals(TPESampler(seed=5), trials)


@pytest.mark.parametrize(
    ("setting", "other"),
    [("multivariate", False), ("constant_liar", False), ("n_ei_candidates", 2), ("n_startup_trials", 50)],
)
def test_proposals_do_not_follow_the_defaults_of_optuna(setting, other, monkeypatch):
    before = proposals(tpe(5), 40)
    monkeypatch.setitem(inspect.unwrap(TPESampler.__init__).__kwdefaults__, setting, other)
    assert proposals(TPESampler(seed=5), 40) != before
    assert proposals(tpe(5), 40) == before


def test_long_history_is_modelled_in_part(monkeypatch):
    monkeypatch.setattr(sampling, "HISTORY", 40)
    made = study(tpe(5), 100)
    below, _ = _split_trials(made, made.trials[:-40], sampling.BEST)
    assert part(made.trials) == [*below, *made.trials[-40:]]
    # With so few that were trained to the end, some of those that were stopped are among the best.
    few = [trial for trial in study(TPESampler(), 150).trials if trial.number % 5 == 0 or trial.number % 3 == 2]
    below, above = _split_trials(made, few[:-40], sampling.BEST)
    assert {trial.state for trial in below} == {TrialState.COMPLETE, TrialState.PRUNED}
    assert above
    assert part(few) == [*below, *few[-40:]]
    assert made.ask(SPACE).params.keys() == SPACE.keys()


def candidates(space, seed=1, sampler=RandomSampler):
    study = optuna.create_study()
    study.ask()
    return draws(sampler(seed=seed), study, study.get_trials()[0], space)


@given(seed=st.integers(0, 200))
def test_dimension_is_drawn_exactly_where_it_applies(seed):
    values = next(candidates(CONDITIONAL, seed))
    assert set(values) == {"optimiser", "learning_rate"} | ({"momentum"} if values["optimiser"] == "sgd" else set())
    assert not CONDITIONAL.lacks(values)


@pytest.mark.parametrize("sampler", [RandomSampler, TPESampler])
def test_seed_decides(sampler):
    assert next(candidates(CONDITIONAL, 3, sampler)) == next(candidates(CONDITIONAL, 3, sampler))
    drawn = [next(candidates(CONDITIONAL, seed, sampler))["learning_rate"] for seed in range(5)]
    assert len(set(drawn)) == 5


def too_many(values):
    return "empty bands" if values["bands"] * 4 > values["frame"] else None


def test_what_cannot_be_trained_is_never_drawn_and_the_rest_evenly():
    found = Counter(tuple(valid_draw(candidates(GRID, seed), {}, too_many).values()) for seed in range(900))
    allowed = {(frame, bands) for frame in (256, 512, 1024) for bands in (32, 64, 128) if bands * 4 <= frame}
    assert set(found) == allowed
    assert min(found.values()) > 0.7 * 900 / len(allowed)


@given(seed=st.integers(0, 200))
def test_parts_are_drawn_with_their_whole(seed):
    values = next(candidates(frame_and_hop(), seed))
    assert values["hop"] / values["frame"] in HOP_SHARES


def test_sobol_points_fill_the_space_evenly():
    space = joined(learning_rate(1e-4, 1e-2), batch_size(16, 32, 64, 128))
    drawn = [next(sobol_draws(space, trial, 7)) for trial in range(32)]
    assert Counter(values["batch_size"] for values in drawn) == dict.fromkeys((16, 32, 64, 128), 8)
    eighths = Counter(int(4 * (math.log10(values["learning_rate"]) + 4)) for values in drawn)
    assert eighths == dict.fromkeys(range(8), 4)


def test_no_sobol_point_belongs_to_two_trials():
    assert MOST_TRIALS <= POINTS
    space = learning_rate()
    drawn = [value["learning_rate"] for trial in (0, 1, 999) for value in islice(sobol_draws(space, trial, 7), 5)]
    assert len(set(drawn)) == len(drawn)
    assert next(sobol_draws(space, 3, 7)) == next(sobol_draws(space, 3, 7)) != next(sobol_draws(space, 3, 8))


@pytest.mark.parametrize(
    ("distribution", "values"),
    [
        (FloatDistribution(1, 3), [1, 1.5, 3]),
        (FloatDistribution(1, 16, log=True), [1, 2, 16]),
        (IntDistribution(1, 4), [1, 2, 4]),
        (CategoricalDistribution(("a", "b", "c", "d")), ["a", "b", "d"]),
    ],
)
def test_values_lie_at_their_share_of_a_distribution(distribution, values):
    found = [value_at(distribution, share) for share in (0.0, 0.25, 1.0)]
    assert found == (values if isinstance(values[0], str) else pytest.approx(values))


def test_known_values_are_kept_and_the_same_draw_is_found_again():
    whole = valid_draw(candidates(GRID, 5), {}, too_many)
    for name in GRID:
        assert valid_draw(candidates(GRID, 5), {name: whole[name]}, too_many) == whole


def test_known_values_that_no_draw_has_replace_those_of_one():
    values = valid_draw(candidates(CONDITIONAL, 5), {"learning_rate": 0.00123}, lambda _: None)
    assert values["learning_rate"] == 0.00123
    assert not CONDITIONAL.lacks(values)


def test_space_in_which_nothing_can_be_trained_is_a_sentence():
    with pytest.raises(InvalidSetting, match=f"none of {2 * MOST_DRAWS} draws can be trained, the last because: never"):
        valid_draw(candidates(GRID), {}, lambda _: "never")


def test_draws_of_tpe_are_those_that_optuna_asks_for():
    """Also once it has a model, which draws the dimensions together."""
    space = joined(learning_rate(), batch_size(8, 16, 32))
    ours, theirs = (optuna.create_study(direction="maximize", sampler=TPESampler(seed=0)) for _ in range(2))
    for number in range(15):
        theirs.sampler = TPESampler(seed=number)
        asked = theirs.ask(dict(space))
        trial = ours.ask()
        values = next(draws(TPESampler(seed=number), ours, ours.get_trials()[number], space))
        assert values == asked.params
        for name, distribution in space.items():
            ours._storage.set_trial_param(
                trial._trial_id, name, distribution.to_internal_repr(values[name]), distribution
            )
        for study in (ours, theirs):
            study.tell(number, asked.params["learning_rate"])


def test_draws_of_a_seed_are_all_different():
    assert len({values["learning_rate"] for values in islice(candidates(CONDITIONAL), 50)}) == 50
