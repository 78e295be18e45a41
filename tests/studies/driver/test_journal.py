"""Explore survives being killed at any moment: same trials, same rungs, nothing trained twice."""

import json
import math
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.trial import TrialState
from small_study import small_study

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.driver import journal
from studies.driver.history import open_study, read
from studies.driver.journal import Explore
from studies.scale import Scale
from studies.study import arm
from trainables.errors import UserError

SCALE = Scale(name="test", trials=6, epochs=6, reduction=2, repetitions=1)
TUNED = joined(learning_rate(1e-4, 1e-1), batch_size(16, 32))
STUDY = small_study(arm("square", kernel="5x5"), arm("wide", kernel="3x8"), tuned=TUNED)


class Killed(Exception):
    """The driver dies here."""


def curve(settings: dict, epoch: int) -> float:
    """A made-up accuracy that depends on every setting, and grows."""
    noise = (
        int.from_bytes(blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=4).digest(), "big") / 2**32
    )
    return (1 - math.exp(-epoch / 3)) * (0.5 + 0.5 * noise)


class Trainer:
    """One worker: trains what the queue hands out, from what has been trained before; may be killed after any act."""

    def __init__(self, directory: Path, kill_after: int | None = None):
        self.directory, self.left = directory, kill_after
        self.trained: dict[str, list[float]] = {}

    def act(self):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed

    def run(self, explore: Explore) -> None:
        while task := explore.next():
            self.act()
            values = json.loads((task.directory / "config.json").read_text())
            history = self.trained.setdefault(task.name, [])
            epoch = max(task.reported, 1)
            while True:
                if epoch > len(history):
                    history.append(curve(values, epoch))
                    self.act()
                record = {"epoch": epoch, "validation_accuracy": history[epoch - 1]}
                self.act()
                ends = explore.tell(task.name, record)
                self.act()
                if ends:
                    explore.close(task.name)
                    break
                epoch += 1


def outcome(explore: Explore) -> dict:
    return {
        name: (
            [(t.params, t.state, t.intermediate_values) for t in journal.optuna.get_trials(deepcopy=False)],
            journal.rungs,
        )
        for name, journal in explore.arms.items()
    }


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    directory = tmp_path_factory.mktemp("whole")
    explore = Explore(directory, STUDY, SCALE, "digest")
    Trainer(directory).run(explore)
    return outcome(Explore(directory, STUDY, SCALE, "digest"))


def test_whole_study(uninterrupted):
    for trials, rungs in uninterrupted.values():
        assert len(trials) == SCALE.trials
        states = [state for _, state, _ in trials]
        assert set(states) == {TrialState.COMPLETE, TrialState.PRUNED}
        assert all(len(values) in (2, 4, 6) for _, _, values in trials)
        assert sum(len(values) >= 2 for _, _, values in trials) == len(rungs[2]) == SCALE.trials
        assert sum(len(values) >= 4 for _, _, values in trials) == len(rungs[4])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kills=st.lists(st.integers(0, 25), min_size=1, max_size=6))
def test_killed_study_equals_the_whole_one(uninterrupted, tmp_path_factory, kills):
    directory = tmp_path_factory.mktemp("killed")
    trained: dict[str, list[float]] = {}
    for left in [*kills, None]:
        trainer = Trainer(directory, left)
        trainer.trained = trained
        try:
            trainer.run(Explore(directory, STUDY, SCALE, "digest"))
        except Killed:
            continue
    assert outcome(Explore(directory, STUDY, SCALE, "digest")) == uninterrupted
    recorded = sum(len(values) for trials, _ in uninterrupted.values() for _, _, values in trials)
    assert recorded <= sum(len(history) for history in trained.values()) <= recorded + len(kills)


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_torn_last_line_costs_one_line(tmp_path, cut):
    directory = tmp_path / "run"
    explore = Explore(directory, STUDY, SCALE, "digest")
    explore.next()
    journal = directory / "journal" / "square"
    whole = journal.read_bytes()
    last = len(whole.splitlines()[-1])
    journal.write_bytes(whole[: -min(cut, last)])
    again = Explore(directory, STUDY, SCALE, "digest")
    Trainer(directory).run(again)
    assert again.done == again.planned
    assert len(list((directory / "trials").iterdir())) == again.planned


def test_half_asked_trial_is_finished_not_lost(tmp_path, uninterrupted):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    explore.next()
    journal = tmp_path / "journal" / "square"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    Trainer(tmp_path).run(Explore(tmp_path, STUDY, SCALE, "digest"))
    assert outcome(Explore(tmp_path, STUDY, SCALE, "digest")) == uninterrupted


def test_opening_a_finished_study_writes_nothing(tmp_path):
    Trainer(tmp_path).run(Explore(tmp_path, STUDY, SCALE, "digest"))
    before = {path: path.read_bytes() for path in (tmp_path / "journal").iterdir()}
    Explore(tmp_path, STUDY, SCALE, "digest")
    assert {path: path.read_bytes() for path in (tmp_path / "journal").iterdir()} == before


@pytest.mark.parametrize("acts", [7, 40, 10_000])
def test_what_is_read_is_what_optuna_replays(tmp_path, acts):
    """At any time, also of trials that are half asked for, run, were stopped, or were trained to the end."""
    with suppress(Killed):
        Trainer(tmp_path, acts).run(Explore(tmp_path, STUDY, SCALE, "digest"))
    for path in (tmp_path / "journal").iterdir():
        replayed = open_study(path).get_trials(deepcopy=False)
        assert replayed
        for known in ("number", "_trial_id", "state", "values", "params", "distributions", "intermediate_values"):
            assert [getattr(trial, known) for trial in read(path).trials] == [getattr(t, known) for t in replayed]


def test_a_journal_to_which_nothing_is_added_is_not_replayed(tmp_path, monkeypatch):
    before = Explore(tmp_path, STUDY, SCALE, "digest")
    Trainer(tmp_path).run(before)
    monkeypatch.setattr(journal, "open_study", None)
    # No worker has left anything here.
    monkeypatch.setattr(journal, "intact", lambda *_: True)
    after = Explore(tmp_path, STUDY, SCALE, "digest")
    assert after.done == after.planned
    assert after.next() is None
    for name, one in before.arms.items():
        again = after.arms[name]
        assert (again.ranked(), again.rungs, again.numbers) == (one.ranked(), one.rungs, one.numbers)
        assert {again.frozen(n).state for n in again.numbers.values()} == {TrialState.COMPLETE, TrialState.PRUNED}


@pytest.mark.parametrize(
    ("line", "instead", "where"),
    [
        (2, b"{", "in line 3"),
        (2, b"[]", "in line 3"),
        (3, b'{"op_code":7,"trial_id":99}', "in line 4"),
        (0, b"{}", "1"),
    ],
)
def test_a_damaged_line_is_named(tmp_path, line, instead, where):
    Explore(tmp_path, STUDY, SCALE, "digest").next()
    path = tmp_path / "journal" / "square"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:line], instead, *lines[line + 1 :], b""]))
    with pytest.raises(UserError, match=f"square is damaged .*{where}"):
        Explore(tmp_path, STUDY, SCALE, "digest")


def test_a_journal_without_its_first_line_is_damaged(tmp_path):
    Explore(tmp_path, STUDY, SCALE, "digest").next()
    path = tmp_path / "journal" / "square"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(UserError, match="square is damaged in line 1"):
        _ = Explore(tmp_path, STUDY, SCALE, "digest").arms["square"].optuna


def test_nan_fails_a_trial_at_once(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    task = explore.next()
    record = {"epoch": 1, "validation_accuracy": math.nan}
    assert explore.tell(task.name, record)
    explore.close(task.name)
    assert explore.arms["square"].frozen(0).state is TrialState.FAIL
    assert explore.done == 1


def test_a_trial_whose_value_differs_when_it_is_reported_again_has_failed(tmp_path, capsys):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    task = explore.next()
    explore.tell(task.name, {"epoch": 1, "validation_accuracy": 0.5})
    explore.tell(task.name, {"epoch": 1, "validation_accuracy": 0.5})
    assert not capsys.readouterr().err
    assert explore.tell(task.name, {"epoch": 1, "validation_accuracy": 0.5000001})
    assert "did not continue exactly" in "".join(capsys.readouterr())
    explore.close(task.name)
    trial = explore.arms["square"].frozen(0)
    assert trial.state is TrialState.FAIL and trial.intermediate_values == {1: 0.5}
    assert explore.next().name != task.name


def test_printed_configuration_is_tried_first(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    explore.next()
    assert explore.arms["square"].frozen(0).params == {"learning_rate": 1e-3, "batch_size": 32}


@pytest.mark.parametrize("exploration", ["random", "sobol"])
class TestWhatIsDrawnForImportances:
    def explore(self, tmp_path, exploration):
        return Explore(tmp_path, STUDY.model_copy(update={"exploration": exploration}), SCALE, "digest")

    def test_every_trial_is_trained_to_the_end(self, tmp_path, exploration):
        explore = self.explore(tmp_path, exploration)
        Trainer(tmp_path).run(explore)
        trials = [trial for arm in explore.arms.values() for trial in arm.optuna.get_trials(deepcopy=False)]
        assert {(trial.state, max(trial.intermediate_values)) for trial in trials} == {(TrialState.COMPLETE, 6)}
        assert len(trials) == explore.planned == 12

    def test_no_draw_depends_on_results(self, tmp_path, exploration):
        explore = self.explore(tmp_path / "trained", exploration)
        Trainer(tmp_path / "trained").run(explore)
        asked = self.explore(tmp_path / "asked", exploration)
        while asked.next():
            pass
        assert all(
            [trial.params for trial in explore.arms[name].optuna.get_trials()]
            == [trial.params for trial in asked.arms[name].optuna.get_trials()]
            for name in ("square", "wide")
        )
        # The printed values are no draw.
        assert asked.arms["square"].frozen(0).params != {"learning_rate": 1e-3, "batch_size": 32}


def test_interrupted_trial_stays_open(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    task = explore.next()
    explore.close(task.name)
    again = Explore(tmp_path, STUDY, SCALE, "digest")
    assert again.next() == task


def test_arms_get_equal_budgets_in_turn(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    tasks = [explore.next() for _ in range(4)]
    assert [explore.owners[task.name].arm.name for task in tasks] == ["square", "wide"] * 2


def test_the_best_trials_come_first_and_each_once(uninterrupted, tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    assert explore.arms["square"].ranked() == []
    Trainer(tmp_path).run(explore)
    journal = explore.arms["square"]
    trials, ranked = journal.optuna.get_trials(), journal.ranked()
    complete = [trial for trial in trials if trial.state is TrialState.COMPLETE]
    assert ranked[0] == max(complete, key=lambda trial: trial.value).params
    assert sorted(map(str, ranked)) == sorted({str(trial.params) for trial in trials})
    stopped = [str(trial.params) for trial in trials if trial.state is TrialState.PRUNED]
    assert stopped and set(map(str, ranked[-len(stopped) :])) == set(stopped)


def test_an_arm_of_more_epochs_is_stopped_and_ends_later(tmp_path):
    study = small_study(arm("square", kernel="5x5"), arm("long", times=2, kernel="3x8"), tuned=TUNED)
    explore = Explore(tmp_path, study, SCALE, "digest")
    square, long = explore.arms.values()
    assert (square.epochs, list(square.rungs)) == (6, [2, 4])
    assert (long.epochs, list(long.rungs)) == (12, [4, 8])
    task = next(task for task in iter(explore.next, None) if task.name in long.numbers)
    assert json.loads((task.directory / "config.json").read_text())["epochs"] == 12
