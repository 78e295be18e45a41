"""The Trainable, called as Tune calls it: it reports records, and errors that a user can mend instead of crashing."""

import json
from dataclasses import asdict

import pytest

from trainables.classifier import Assignment, Classifier
from trainables.resolving import resolve
from trainables.storage import files
from trainables.trial import CONFIG, OWNER, PREDICTIONS

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
