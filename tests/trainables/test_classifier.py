"""The Trainable, called as Tune calls it: it reports records, and errors that a user can mend instead of crashing."""

import json
from contextlib import contextmanager
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from trainables import classifier
from trainables.classifier import Assignment, Classifier
from trainables.resolving import resolve
from trainables.storage import files
from trainables.trial import CONFIG, OWNER, PREDICTIONS, Trial

SETTINGS = {"architecture": "lenet", "kernel": "3x5", "seconds": 0.25, "frame": 512, "hop": 256, "bands": 16}


@pytest.fixture
def handed_out(small_store, tmp_path):
    """`handed_out(**settings)` is what a driver gives a worker for a new trial."""
    (tmp_path / OWNER).write_text("token")

    def task(**settings):
        configuration = resolve({**SETTINGS, "frames": 20, "epochs": 2, **settings})
        directory = tmp_path / "trials" / f"trial-{len(list(tmp_path.glob('trials/*')))}"
        directory.mkdir(parents=True)
        (directory / CONFIG).write_text(json.dumps(dict(configuration.settings)))
        assignment = Assignment(
            name=directory.name,
            directory=directory,
            reported=0,
            evaluate=True,
            store=small_store.path,
            run=tmp_path,
            remote="",
            token="token",
            device="cpu",
            threads=1,
            limit=60.0,
        )
        return asdict(assignment)

    return task


def test_one_worker_trains_trial_after_trial_and_evaluates_each_at_its_end(handed_out):
    first, second = handed_out(), handed_out(seed=1)
    worker = Classifier(first)
    features = worker.trial.features
    for task in (first, second):
        records = [worker.step() for _ in range(2)]
        assert [record["epoch"] for record in records] == [1, 2]
        assert (worker.trial.directory / PREDICTIONS).exists()
        assert worker.trial.directory == task["directory"]
        worker.reset_config(second) if task is first else None
    assert worker.trial.features is features


def test_an_epoch_in_which_what_was_made_is_judged_may_take_longer_than_those_before(handed_out, monkeypatch):
    timed = []
    monkeypatch.setattr(classifier, "patience", lambda finished, most: timed.append(len(finished)) or most)
    monkeypatch.setattr(Trial, "lasts_longer", property(lambda trial: trial.next == 4))
    worker = Classifier(handed_out(epochs=4))
    assert [worker.step()["epoch"] for _ in range(4)] == [1, 2, 3, 4]
    assert timed == [0, 0, 1, 0]


def test_full_disk_is_reported_not_raised_and_is_not_the_trials_own(handed_out, monkeypatch):
    worker = Classifier(handed_out())

    def full(path, content):
        raise files.unwritable(path, OSError(28, "No space left on device"))

    monkeypatch.setattr(files, "replace", full)
    result = worker.step()
    assert result["trouble"].startswith("Cannot write ")
    assert (result["epoch"], result["fatal"]) == (0, False)


def test_setting_that_cannot_be_is_reported_as_the_trials_own(handed_out):
    worker = Classifier(handed_out(kernel="99x99"))
    result = worker.step()
    assert "99" in result["trouble"]
    assert (result["epoch"], result["fatal"]) == (0, True)


def test_run_that_another_driver_has_taken_over_is_not_written(handed_out, tmp_path):
    worker = Classifier(handed_out())
    (tmp_path / OWNER).write_text("another")
    result = worker.step()
    assert result["trouble"]
    assert not list(tmp_path.rglob("checkpoint"))


OWN = """
from torch import nn
from trainables.architectures import ARCHITECTURES

@ARCHITECTURES()
def only_in_a_file(shape, classes, *, own_units: int = 3):
    mean = nn.AdaptiveAvgPool2d(1), nn.Flatten()
    return nn.Sequential(*mean, nn.Linear(shape[0], own_units), nn.Linear(own_units, classes))
"""


def test_worker_that_was_given_the_file_of_a_study_knows_what_it_registers(handed_out):
    """The file itself is not there: a worker may be on another machine."""
    task = handed_out()
    settings = {name: value for name, value in SETTINGS.items() if name != "kernel"}
    (task["directory"] / CONFIG).write_text(
        json.dumps({**settings, "frames": 20, "epochs": 1, "architecture": "only_in_a_file", "own_units": 5})
    )
    without = Classifier(task).step()
    assert without["trouble"].startswith("Unknown architecture 'only_in_a_file'") and without["fatal"]
    worker = Classifier({**task, "extension": ("/elsewhere/my_study.py", OWN)})
    assert worker.step()["epoch"] == 1 and worker.trial.finished
    assert worker.trial.fit.network[2].out_features == 5


def test_file_that_a_machine_cannot_execute_ends_the_run_in_a_sentence(handed_out):
    worker = Classifier({**handed_out(), "extension": ("/elsewhere/my_study.py", "import not_installed_here")})
    result = worker.step()
    assert "/elsewhere/my_study.py cannot be executed on " in result["trouble"]
    assert "No module named 'not_installed_here'" in result["trouble"] and not result["fatal"]


def test_an_epoch_may_take_twenty_times_those_of_its_trial_and_what_comes_before_them_is_not_counted(
    handed_out, monkeypatch
):
    """By a made clock: each epoch takes 100 s; the first, which computes the features, took 5,000."""
    limits: list[float] = []

    @contextmanager
    def noted(seconds):
        limits.append(seconds)
        yield

    clock = iter([0.0, 5000.0, 5100.0, 5100.0, 5200.0, 5200.0, 5300.0])
    monkeypatch.setattr(classifier, "limited", noted)
    monkeypatch.setattr(classifier, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    task = handed_out(epochs=4)
    worker = Classifier({**task, "limit": 10_000.0})
    for _ in range(4):
        worker.step()
    # The last limit is that of the test, which is no epoch.
    assert limits == [10_000.0, 10_000.0, 2000.0, 2000.0, 10_000.0]
