"""Several runs as one queue: what they share is trained once, and each comes to the same end as alone."""

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import train

from studies.driver.batch import Batch
from studies.driver.journal import Explore
from studies.driver.launch import phases_of
from studies.driver.phases import Phases
from studies.scale import Scale
from studies.study import Study
from studies.yun_bi.kernel_shape import STUDY
from trainables.trial import EPOCHS

SCALE = Scale(name="test", trials=2, epochs=3, repetitions=2)
SQUARE, WIDE = STUDY.arms
# The same arm under another name, beside one of its own.
OTHER = STUDY.model_copy(
    update={
        "arms": (
            SQUARE.model_copy(update={"name": "five"}),
            WIDE.model_copy(update={"settings": {**WIDE.settings, "bands": 128}}),
        ),
        "claims": (),
        "inflation": (),
    }
)


def phases(storage: Path, name: str, study: Study) -> Phases:
    store = SimpleNamespace(digest="digest")
    request = SimpleNamespace(study=study, scale=SCALE, directory=storage / name, store=store)
    return phases_of(request, Explore(storage / name, study, SCALE, "digest"))


def batch(storage: Path) -> Batch:
    return Batch([phases(storage, "first", STUDY), phases(storage, "second", OTHER)])


def trials(run: Phases) -> set[str]:
    return {*run.explore.owners, *run.choose.configurations, *run.confirm.configurations}


@settings(max_examples=10, deadline=None)
@given(order=st.randoms(use_true_random=False), places=st.integers(1, 6), stops=st.sets(st.integers(0, 60), max_size=3))
def test_each_trial_is_trained_once_whatever_the_order_and_the_stops(tmp_path_factory, order, places, stops):
    storage, trained, running, steps = tmp_path_factory.mktemp("storage"), Counter(), [], 0
    queue = batch(storage)
    while True:
        if steps in stops:
            queue, running = batch(storage), []
        steps += 1
        while len(running) < places and (task := queue.next()):
            assert task.name not in [each.name for each in running]
            running.append(task)
        assert queue.running == {task.name for task in running}
        if not running:
            break
        task = running.pop(order.randrange(len(running)))
        trained[task.name] += not (task.directory / EPOCHS).exists()
        train(queue, task)
    assert queue.exhausted and queue.done == queue.planned
    first, second = (trials(run) for run in queue.runs)
    assert first & second
    assert set(trained) == first | second and set(trained.values()) == {1}


@pytest.mark.parametrize("study", [STUDY, OTHER])
def test_a_run_of_a_batch_ends_as_it_does_alone(study, tmp_path):
    queue = batch(tmp_path / "together")
    while task := queue.next():
        train(queue, task)
    alone = phases(tmp_path / "alone", "run", study)
    while task := alone.next():
        train(alone, task)
    assert trials(alone) == trials(queue.runs[0 if study is STUDY else 1])


def test_a_run_that_cannot_go_on_stops_no_other(tmp_path):
    """All finalists of an arm fail: nothing more of its run is trained, now and when the command is given again."""
    queue = batch(tmp_path)
    first, second = queue.runs
    while task := queue.next():
        if task.name in first.choose.configurations and first.choose.configurations[task.name]["kernel"] == "3x8":
            queue.close(task.name, "its loss was not a number")
        else:
            train(queue, task)
    assert "has no trial that was trained to the end" in first.trouble and not second.trouble
    assert queue.exhausted and queue.done == queue.planned
    assert second.awaited is None and second.confirm.done == second.confirm.planned > 0
    again = batch(tmp_path)
    assert again.next() is None and again.runs[0].trouble == first.trouble
