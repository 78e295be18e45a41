"""With several trials at once and kills at any moment, every decision is the one of an uninterrupted study."""

import json
import math
from hashlib import blake2b
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.trial import TrialState
from small_study import small_study
from written import write_trial

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.driver.journal import Explore
from studies.scale import Scale
from studies.study import arm
from studies.tasks import Task

SCALE = Scale(name="test", trials=6, epochs=6, reduction=2, repetitions=1)
TUNED = joined(learning_rate(1e-4, 1e-1), batch_size(16, 32))
STUDY = small_study(arm("square", kernel="5x5"), tuned=TUNED)
PLACES = 3


class Worker:
    """Reports the epochs of one trial, one at a time; those trained before a kill are in `trained`."""

    def __init__(self, task: Task, trained: dict[str, int]):
        self.task, self.trained, self.epoch = task, trained, max(task.reported, 1)
        self.configuration = (task.directory / "config.json").read_bytes()

    def report(self) -> dict[str, float]:
        self.trained[self.task.name] = max(self.epoch, self.trained.get(self.task.name, 0))
        write_trial(self.task.directory, self.trained[self.task.name])
        draw = blake2b(self.configuration + bytes([self.epoch]), digest_size=4).digest()
        record = {"epoch": self.epoch, "validation_accuracy": int.from_bytes(draw, "big") / 2**32}
        self.epoch += 1
        return record


def drive(directory: Path, turns: list[int], trained: dict[str, int]) -> None:
    """Run the study; `turns` are the workers that report, one after another, and at the end the driver dies."""
    explore = Explore(directory, STUDY, SCALE, "digest")
    workers: list[Worker] = []
    for turn in turns:
        while len(workers) < PLACES and (task := explore.next()):
            workers.append(Worker(task, trained))
        if not workers:
            return
        worker = workers[turn % len(workers)]
        record = worker.report()
        if turn == PLACES:
            return  # killed between the commit of the epoch and its record
        ends = explore.tell(worker.task.name, record)
        if turn > PLACES:
            return  # killed between recording the value and the state
        if ends:
            explore.close(worker.task.name)
            workers.remove(worker)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions=st.lists(st.lists(st.integers(0, PLACES + 1), min_size=1, max_size=25), max_size=6))
def test_decisions_are_those_of_an_uninterrupted_study(replaying, tmp_path_factory, sessions):
    directory = tmp_path_factory.mktemp("storage") / "run"
    trained: dict[str, int] = {}
    for turns in [*sessions, [0] * 100]:
        drive(directory, turns, trained)
    explore = Explore(directory, STUDY, SCALE, "digest")
    (square,) = explore.arms.values()
    fresh = replaying.replayed(directory / "journal" / "square", directory / "fresh", STUDY, "square", SCALE, "digest")
    assert replaying.decisions(square) == replaying.decisions(fresh)
    assert square.rungs == fresh.rungs
    assert explore.done == explore.planned
    assert all(trained[name] == len(values) for name, (_, values) in replaying.decisions(square).items())


def test_trial_at_a_rung_is_judged_by_the_rivals_it_had(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    names = [explore.next().name for _ in range(3)]
    for name, value in zip(names, (0.5, 0.6, 0.7), strict=True):
        for epoch in (1, 2):
            record = {"epoch": epoch, "validation_accuracy": value}
            assert not explore.tell(name, record)
    again = Explore(tmp_path, STUDY, SCALE, "digest")
    assert [again.next().name for _ in range(3)] == names
    assert not again.tell(names[0], {"epoch": 2, "validation_accuracy": 0.5})
    assert again.arms["square"].rungs[2] == dict(zip(names, (0.5, 0.6, 0.7), strict=True))


def test_value_that_is_no_number_is_in_no_rung(tmp_path):
    explore = Explore(tmp_path, STUDY, SCALE, "digest")
    name = explore.next().name
    explore.tell(name, {"epoch": 1, "validation_accuracy": 0.5})
    assert explore.tell(name, {"epoch": 2, "validation_accuracy": math.nan})
    explore.close(name)
    again = Explore(tmp_path, STUDY, SCALE, "digest")
    assert again.arms["square"].frozen(0).state is TrialState.FAIL
    assert again.arms["square"].rungs == {2: {}, 4: {}}
    assert json.loads((tmp_path / "trials" / name / "config.json").read_text())["seed"] == 0
