"""Finalists: the printed configuration against the best explored ones, on the same fresh seeds."""

import json
import math

import pytest
from optuna.trial import TrialState
from small_study import small_study

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.adoption import FAILED
from studies.driver.choosing import Choose, choices, choose_plan, finalists
from studies.driver.journal import Explore
from studies.scale import Scale
from studies.seeds import SEEDS
from studies.study import arm
from trainables.trial import CONFIG, EPOCHS

SCALE = Scale(name="test", trials=4, epochs=2, repetitions=1, finalists=2)
TUNED = joined(learning_rate(1e-4, 1e-1), batch_size(16, 32))
STUDY = small_study(arm("square", kernel="5x5"), arm("wide", kernel="3x8"), tuned=TUNED)


@pytest.fixture
def explored(tmp_path):
    """An exploration in which the accuracy rises with the number of the trial."""
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    while task := explore.next():
        number = explore.owners[task.name].numbers[task.name]
        for epoch in (1, 2):
            if explore.tell(task.name, {"epoch": epoch, "validation_accuracy": 0.1 + 0.1 * number}):
                break
        explore.close(task.name)
    return explore


def train(directory, configuration, trial, accuracy):
    folder = directory / "trials" / trial
    folder.mkdir(parents=True)
    (folder / CONFIG).write_text(json.dumps(dict(configuration.settings)))
    record = {"train_loss": 1.0, "validation_accuracy": accuracy, "seconds": 1.0, "cpu_seconds": 1.0}
    (folder / EPOCHS).write_text("".join(json.dumps({"epoch": e, **record}) + "\n" for e in (1, 2)))
    return folder


def test_the_printed_configuration_is_a_finalist_and_the_best_explored_ones_are(explored):
    found = finalists(STUDY, SCALE, explored)
    for each in STUDY.arms:
        printed, *others = found[each.name]
        assert printed == STUDY.printed_choice(each)
        assert others == [c for c in explored.arms[each.name].ranked() if c != printed][: SCALE.finalists]


def test_stopped_trials_are_finalists_where_too_few_were_trained_to_the_end(tmp_path):
    """The first trial is the best by far, so that all others are stopped: the arm has as many finalists as any."""
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    while task := explore.next():
        number = explore.owners[task.name].numbers[task.name]
        for epoch in (1, 2):
            if explore.tell(task.name, {"epoch": epoch, "validation_accuracy": 0.9 if number == 0 else 0.1 * number}):
                break
        explore.close(task.name)
    states = [trial.state for trial in explore.arms["square"].optuna.get_trials()]
    assert states == [TrialState.COMPLETE, *[TrialState.PRUNED] * 3]
    best = [trial.params for trial in explore.arms["square"].optuna.get_trials()[:1:-1]]
    printed, *others = finalists(STUDY, SCALE, explore)["square"]
    assert others == [c for c in (explore.arms["square"].optuna.get_trials()[0].params, *best) if c != printed][:2]


def test_rivals_share_fresh_seeds_the_division_of_explore_and_the_epochs_of_confirm(explored):
    plan = choose_plan(STUDY, SCALE, explored, "digest")
    assert len({role.trial for role, _ in plan}) == len(plan)
    assert {configuration["seed"] for _, configuration in plan} == set(SEEDS)
    assert {tuple(c[name] for name in ("split_seed", "fold", "folds", "epochs")) for _, c in plan} == {(0, 0, 1, 2)}
    assert {role.configuration for role, _ in plan} == {"finalist"}


def test_the_best_mean_over_the_seeds_is_chosen_and_the_printed_one_in_a_tie(explored, tmp_path):
    plan = choose_plan(STUDY, SCALE, explored, "digest")
    best = finalists(STUDY, SCALE, explored)["wide"][-1]
    for role, configuration in plan:
        wins = role.arm == "wide" and all(configuration[name] == value for name, value in best.items())
        # One seed of the winner is worse than all others: the mean decides.
        accuracy = 0.5 if not wins else 0.45 if role.repetition == SEEDS[0] else 0.7
        train(tmp_path, configuration, role.trial, accuracy)
    chosen = choices(STUDY, SCALE, explored, tmp_path, "digest")
    assert chosen == {"square": STUDY.printed_choice(STUDY.arms[0]), "wide": best}


def test_a_finalist_with_a_failed_seed_is_not_chosen(explored, tmp_path):
    for role, configuration in choose_plan(STUDY, SCALE, explored, "digest"):
        printed = all(configuration[name] == v for name, v in finalists(STUDY, SCALE, explored)[role.arm][0].items())
        folder = train(tmp_path, configuration, role.trial, 0.9 if printed else 0.5)
        if printed and role.repetition == SEEDS[1]:
            (folder / FAILED).write_text("{}")
    chosen = choices(STUDY, SCALE, explored, tmp_path, "digest")
    assert all(chosen[each.name] != STUDY.printed_choice(each) for each in STUDY.arms)


def test_a_finalist_without_an_accuracy_is_not_chosen(explored, tmp_path):
    """As one is that another run has trained to the end with an infinite validation loss."""
    for role, configuration in choose_plan(STUDY, SCALE, explored, "digest"):
        printed = all(configuration[name] == v for name, v in finalists(STUDY, SCALE, explored)[role.arm][0].items())
        train(tmp_path, configuration, role.trial, math.nan if printed else 0.5)
    chosen = choices(STUDY, SCALE, explored, tmp_path, "digest")
    assert all(chosen[each.name] != STUDY.printed_choice(each) for each in STUDY.arms)


def test_finalists_are_never_tested(explored, tmp_path):
    queue = Choose(tmp_path, choose_plan(STUDY, SCALE, explored, "digest"), "digest")
    assert not queue.next().evaluate
    assert (tmp_path / "choose.json").exists()


def test_an_arm_with_nothing_to_choose_trains_no_finalist(tmp_path):
    """Its single draw is the printed configuration."""
    scale = SCALE.model_copy(update={"trials": 1})
    explore = Explore(tmp_path, STUDY, scale, "digest")
    while task := explore.next():
        explore.tell(task.name, {"epoch": 2, "validation_accuracy": 0.5})
        explore.close(task.name)
    assert choose_plan(STUDY, scale, explore, "digest") == []
    assert choices(STUDY, scale, explore, tmp_path, "digest") == {a.name: STUDY.printed_choice(a) for a in STUDY.arms}


def test_an_arm_whose_single_draw_failed_tries_the_printed_configuration(tmp_path):
    scale = SCALE.model_copy(update={"trials": 1})
    explore = Explore(tmp_path, STUDY, scale, "digest")
    while task := explore.next():
        explore.close(task.name, "it crashed")
    assert len(choose_plan(STUDY, scale, explore, "digest")) == len(SEEDS) * len(STUDY.arms)
