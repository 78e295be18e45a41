"""A trial writes nothing half, nothing twice, and nothing once another process owns the run."""

import errno
import os
from pathlib import Path

import pytest

from trainables.errors import UserError
from trainables.trial import PREDICTIONS, Fenced, owner_fence


@pytest.mark.parametrize("whole", ["lenet"], indirect=True)
def test_predictions_are_written_once(finished):
    path = finished.directory / PREDICTIONS
    before = path.stat()
    again = finished.open(reported=3)
    again.evaluate()
    again.evaluate()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.fixture
def owned(place):
    """A trial that begins under one owner, a way to replace the owner, and its place."""
    owner = place.directory.parent / "owner"
    owner.write_text("first")
    trial = place.open(fence=owner_fence(owner, "first"))
    return trial, lambda: owner.write_text("second"), place


def test_trial_with_another_owner_trains_and_writes_nothing(owned):
    trial, take_over, place = owned
    trial.step()
    before = place.files()
    take_over()
    with pytest.raises(Fenced, match="taken over by another run of the same command; this one stops"):
        trial.step()
    with pytest.raises(Fenced):
        trial.evaluate()
    assert place.files() == before
    assert len(trial.fit.history) == 1


def test_owner_that_changes_during_an_epoch(owned, monkeypatch):
    trial, take_over, place = owned
    trial.step()
    before = place.files()
    epoch = trial.fit.epoch
    monkeypatch.setattr(trial.fit, "epoch", lambda: (take_over(), epoch())[1])
    with pytest.raises(Fenced):
        trial.step()
    assert place.files() == before


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("whole", ["noisy"], indirect=True)
@pytest.mark.parametrize("broken", [(os, "fsync"), (Path, "replace")], ids=["write", "rename"])
@pytest.mark.parametrize("done", [0, 1])
def test_full_disk_is_a_sentence_and_leaves_nothing_half_written(
    same, whole, monkeypatch, broken, done, measured, to_the_end
):
    """Of the network whose training a lost random state would change; all write their files alike."""
    trial = same.open()
    for _ in range(done):
        trial.step()
    before = same.files()
    monkeypatch.setattr(*broken, full)
    with pytest.raises(UserError, match=r"^Cannot write .*: the disk is full; make room there, then run the same"):
        trial.step()
    assert same.files() == before
    monkeypatch.undo()
    again = same.open(reported=done)
    assert measured(to_the_end(again)) == measured(whole.records)
    whole.check(again, same)


def test_full_disk_at_the_predictions(place, monkeypatch, to_the_end):
    trial = place.open()
    to_the_end(trial)
    before = place.files()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        trial.evaluate()
    assert place.files() == before
    monkeypatch.undo()
    trial.evaluate()
    assert (place.directory / PREDICTIONS).exists()
