"""A trial goes on exactly from what its directory holds, wherever it was cut short."""

import pytest

from trainables.storage import files
from trainables.trial import CHECKPOINT, PREDICTIONS


def test_reopened_after_its_first_epoch_it_is_the_same_to_the_last_bit(same, whole, measured, to_the_end):
    same.open().step()
    second = same.open(reported=1)
    assert measured(to_the_end(second)) == measured(whole.records)
    second.evaluate()
    whole.check(second, same)
    assert same.files()[PREDICTIONS] == whole.predictions


def test_reopened_after_every_epoch(same, whole):
    """Also after the last one: then it is tested by a process that has not trained it."""
    for reported in range(len(whole.records)):
        trial = same.open(reported=reported)
        while trial.next <= len(trial.fit.history):
            trial.step()
        trial.step()
    last = same.open(reported=len(whole.records))
    last.evaluate()
    whole.check(last, same)
    assert same.files()[PREDICTIONS] == whole.predictions


def test_lines_are_written_before_the_checkpoint(place, monkeypatch, measured):
    trial = place.open()
    trial.step()

    class Dies(Exception):
        pass

    def dies(path, data):
        if path.name == CHECKPOINT:
            raise Dies
        write(path, data)

    write = files.replace
    monkeypatch.setattr(files, "replace", dies)
    with pytest.raises(Dies):
        trial.step()
    monkeypatch.undo()
    lines = place.lines()
    assert len(lines) == 2
    again = place.open(reported=1)
    assert [again.step()["epoch"] for _ in range(2)] == [1, 2]
    assert measured(place.lines()) == measured(lines), "the epoch is trained again, and is the same"


def test_leftovers_of_a_killed_process_are_removed(place):
    place.open().step()
    torn = place.directory / f"{CHECKPOINT}.4711.tmp"
    torn.write_bytes(b"half")
    place.open(reported=1)
    assert not torn.exists()
