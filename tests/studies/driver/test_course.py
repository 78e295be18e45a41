"""The order of a run that stops when it is decided: steps of epochs, then looks at repetitions, none of them twice."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_study import small_study
from written import train

from analysis.claims import Equal, Level
from analysis.looks import Open
from analysis.runs import STUDY as DESCRIPTION
from search_spaces import joined
from search_spaces.optimisation import learning_rate
from studies.driver import course
from studies.driver.course import looks
from studies.driver.journal import Explore
from studies.driver.launch import phases_of
from studies.driver.phases import Phases
from studies.driver.run import progress_of, write_progress
from studies.driver.steps import explored_at, steps
from studies.scale import Scale
from studies.study import arm
from trainables.trial import has_predictions

SQUARE, WIDE = arm("square", kernel="5x5"), arm("wide", kernel="3x8")
CLAIM = Equal(finding="S4-F3", first="square", second="wide", protocols=("corrected",))
STUDY = small_study(SQUARE, WIDE, tuned=joined(learning_rate()), claims=(CLAIM,))
SCALE = Scale(name="test", trials=2, repetitions=1).until_the_first_look()
UNDECIDED = {name: Open(name, "corrected", "is undecided") for name in ("square", "wide")}
FOUND = [(Open("wide", "corrected", "moves"),), (), tuple(UNDECIDED.values()), (UNDECIDED["wide"],), ()]
"""What the looks find: one step is not enough, the second is; the arms are decided after 12 and 16 repetitions."""


@dataclass
class Driven:
    """A run in a folder, driven as often as asked, and the looks that were taken, by their number."""

    directory: Path
    taken: Counter = field(default_factory=Counter)

    def look(self, directory: Path) -> tuple[Open, ...]:
        number = len(looks(directory))
        self.taken[number] += 1
        return FOUND[number]

    def begin(self, patch: pytest.MonkeyPatch) -> Phases:
        patch.setattr(course, "gather", lambda *_: None)
        patch.setattr(course, "Run", SimpleNamespace(load=lambda directory: directory))
        patch.setattr(course, "moving", self.look)
        patch.setattr(course, "open_claims", self.look)
        self.directory.mkdir(parents=True, exist_ok=True)
        if not (self.directory / DESCRIPTION).exists():
            (self.directory / DESCRIPTION).write_text("{}")
        explore = Explore(self.directory, STUDY, explored_at(STUDY, SCALE), "digest")
        store = SimpleNamespace(digest="digest")
        request = SimpleNamespace(study=STUDY, scale=SCALE, directory=self.directory, store=store)
        return phases_of(request, explore)

    def roles(self) -> list[dict[str, object]]:
        return json.loads((self.directory / "confirm.json").read_text())


def test_steps_begin_with_a_third_of_the_most_epochs_and_are_sixths():
    assert steps(STUDY, SCALE) == [2, 3, 4, 5, 6]
    assert steps(STUDY.model_copy(update={"epochs": 1}), SCALE) == [1]
    assert steps(STUDY, SCALE.at(5)) == [5]
    assert steps(STUDY, SCALE.model_copy(update={"until_decided": False})) == [6]


@pytest.mark.parametrize(
    "changes",
    [
        {"claims": (CLAIM, Level(finding="S4-F3", arm="wide", printed=50, protocols=("as_published",)))},
        {"claims": (CLAIM, CLAIM.model_copy(update={"metric": "epochs_to_90", "margin": 1.0}))},
        {"claims": ()},
        {"fixed": {"architecture": "lenet", "schedule": "cosine"}},
        {"exploration": "sobol"},
    ],
)
def test_what_needs_the_printed_epochs_has_one_step(changes):
    assert steps(STUDY.model_copy(update=changes), SCALE) == [6]


def test_epochs_grow_before_anything_is_tested_and_then_repetitions_of_undecided_arms(tmp_path, monkeypatch, capsys):
    run = Driven(tmp_path / "storage" / "run")
    queue, handed_out = run.begin(monkeypatch), []
    while task := queue.next():
        epochs = json.loads((task.directory / "config.json").read_text())["epochs"]
        handed_out.append((queue.owners[task.name].title, epochs, task.evaluate))
        train(queue, task)
        if queue.done == queue.planned and not queue.exhausted:
            write_progress(run.directory, progress_of(queue))
            assert not json.loads((run.directory / DESCRIPTION).read_text())["progress"]["finished"]
    assert list(dict.fromkeys(handed_out)) == [
        ("explore", 2, False),
        ("choose", 2, False),
        ("confirm, 8 repetitions of 2 epochs, untested", 2, False),
        ("choose", 3, False),
        ("confirm, 8 repetitions of 3 epochs, untested", 3, False),
        ("confirm, 8 repetitions of 3 epochs", 3, True),
        ("confirm, 12 repetitions of 3 epochs", 3, True),
        ("confirm, 16 repetitions of 3 epochs", 3, True),
    ]
    assert queue.exhausted and queue.done == queue.planned
    assert Counter(role["arm"] for role in run.roles()) == {"square": 12, "wide": 16}
    assert all(has_predictions(run.directory / "trials" / role["trial"]) for role in run.roles())
    found = [(look.epochs, look.repetitions, look.tested, look.next_epochs) for look in looks(run.directory)]
    assert found == [(2, 8, False, 3), (3, 8, False, 3), (3, 8, True, 3), (3, 12, True, 3), (3, 16, True, 3)]
    assert [look.open for look in looks(run.directory)] == FOUND
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(FOUND)
    assert said[0] == "Looked after 8 repetitions of 2 epochs: wide (corrected) moves."


def test_a_run_that_ended_plans_the_same_and_looks_no_more(tmp_path, monkeypatch):
    run = Driven(tmp_path / "storage" / "run")
    queue = run.begin(monkeypatch)
    while task := queue.next():
        train(queue, task)
    roles, taken = run.roles(), looks(run.directory)
    again = run.begin(monkeypatch)
    assert again.exhausted and again.done == again.planned
    assert again.next() is None
    assert (run.roles(), looks(run.directory)) == (roles, taken)
    assert set(run.taken.values()) == {1}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False), stops=st.sets(st.integers(0, 120), max_size=4))
def test_stopped_at_any_trial_it_comes_to_the_same_looks_and_none_is_taken_twice(tmp_path_factory, order, stops):
    run, running, step = Driven(tmp_path_factory.mktemp("storage") / "run"), [], 0
    with pytest.MonkeyPatch.context() as patch:
        queue = run.begin(patch)
        while True:
            if step in stops:
                queue, running = run.begin(patch), []
            step += 1
            while len(running) < 3 and (task := queue.next()):
                running.append(task)
            if not running:
                break
            train(queue, running.pop(order.randrange(len(running))))
    assert queue.exhausted and queue.done == queue.planned
    assert run.taken == Counter(range(len(FOUND)))
    assert Counter(role["arm"] for role in run.roles()) == {"square": 12, "wide": 16}
