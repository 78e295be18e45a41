"""Explore and confirm as one queue: nothing waits that could be trained, nothing is given out twice."""

import json
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from written import train

from studies.driver.choosing import choices, choose_plan
from studies.driver.journal import Explore
from studies.driver.launch import phases_of
from studies.driver.phases import Phases
from studies.driver.run import progress_of
from studies.scale import Scale
from studies.tasks import confirm_plan
from studies.yun_bi.kernel_shape import STUDY

SCALE = Scale(name="test", trials=2, epochs=3, repetitions=2)


def phases(directory) -> Phases:
    store = SimpleNamespace(digest="digest")
    request = SimpleNamespace(study=STUDY, scale=SCALE, directory=directory, store=store)
    return phases_of(request, Explore(directory, STUDY, SCALE, "digest"))


def test_printed_trials_are_given_out_while_the_last_explore_trials_run(tmp_path):
    queue = phases(tmp_path)
    explored = [queue.next() for _ in range(queue.explore.planned)]
    early = []
    while task := queue.next():
        early.append(task)
    assert explored and early and not queue.exhausted
    printed = {role["trial"] for role in json.loads((tmp_path / "confirm.json").read_text())}
    assert {task.name for task in early} == printed
    for task in explored:
        train(queue, task)
    finals = []
    while task := queue.next():
        assert not task.evaluate
        finals.append(task)
    roles = json.loads((tmp_path / "choose.json").read_text())
    assert {task.name for task in finals} == {role["trial"] for role in roles}
    for task in finals:
        train(queue, task)
    rest = []
    while task := queue.next():
        rest.append(task)
    assert queue.exhausted
    roles = json.loads((tmp_path / "confirm.json").read_text())
    assert {role["configuration"] for role in roles if role["trial"] in {task.name for task in rest}} == {"chosen"}
    assert sorted(task.name for task in early + rest) == sorted({role["trial"] for role in roles})


@settings(max_examples=10, deadline=None)
@given(order=st.randoms(use_true_random=False), places=st.integers(1, 6), stops=st.sets(st.integers(0, 30), max_size=3))
def test_whatever_the_order_and_the_stops_every_trial_is_trained_once(tmp_path_factory, order, places, stops):
    directory, trained, out, steps = tmp_path_factory.mktemp("storage") / "run", [], [], 0
    queue = phases(directory)
    while True:
        if steps in stops:
            queue, out = phases(directory), []
        steps += 1
        while len(out) < places and (task := queue.next()):
            out.append(task)
        if not out:
            break
        task = out.pop(order.randrange(len(out)))
        train(queue, task)
        trained.append(task.name)
    assert queue.exhausted
    assert queue.done == queue.planned == len(trained) == len(set(trained))
    chosen = choices(STUDY, SCALE, queue.explore, directory, "digest")
    whole = confirm_plan(STUDY, SCALE, chosen, "digest")
    finals = choose_plan(STUDY, SCALE, queue.explore, "digest")
    assert {role.trial for role, _ in whole + finals} | set(queue.explore.owners) == set(trained)


def test_an_arm_without_a_finished_trial_stops_the_run(tmp_path):
    queue = phases(tmp_path / "storage" / "run")
    explored = [queue.next() for _ in range(queue.explore.planned)]
    for task in explored:
        queue.close(task.name, "it crashed")
    finals = [queue.next() for _ in range(4)]
    for task in finals:
        queue.close(task.name, "it crashed")
    assert queue.next() is None
    assert "has no trial that was trained to the end (it crashed)" in queue.trouble
    assert queue.exhausted and queue.done == queue.planned and not progress_of(queue)["finished"]
    assert queue.trouble == phases(tmp_path / "storage" / "run").trouble
