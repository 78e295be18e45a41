"""A file of a trial that is damaged is known as such, and made again."""

import json

import numpy as np
import pytest

from trainables.trial import ABOUT, CHECKPOINT, EPOCHS, EVALUATED, PREDICTIONS, has_predictions, intact, parquet


def cut(share: float):
    return lambda content: content[: int(len(content) * share)]


def garbled(content: bytes) -> bytes:
    return np.random.default_rng(1).integers(0, 256, len(content), np.uint8).tobytes()


def changed(content: bytes) -> bytes:
    """A disk that returns one other bit."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGE = {
    "empty": cut(0),
    "a byte": lambda content: content[:1],
    "a tenth": cut(0.1),
    "half": cut(0.5),
    "all but a byte": lambda content: content[:-1],
    "garbage": garbled,
    "zeros": lambda content: bytes(len(content)),
    "text": lambda content: b"this is no checkpoint\n",
    "changed": changed,
}


@pytest.mark.parametrize("whole", ["noisy"], indirect=True)
@pytest.mark.parametrize("damage", DAMAGE)
def test_unreadable_checkpoint_is_kept_and_training_begins_again(finished, damage):
    """Whatever the network: the checksum of the bytes tells, before anything is made of them."""
    checkpoint = finished.directory / CHECKPOINT
    broken = DAMAGE[damage](checkpoint.read_bytes())
    checkpoint.write_bytes(broken)
    trial = finished.open(reported=2)
    assert (finished.directory / f"{CHECKPOINT}.unreadable").read_bytes() == broken
    assert not checkpoint.exists()
    assert not trial.fit.history


def test_training_that_begins_again_comes_to_the_same(same, whole, measured, to_the_end):
    same.open().step()
    checkpoint = same.directory / CHECKPOINT
    checkpoint.write_bytes(changed(checkpoint.read_bytes()))
    trial = same.open(reported=1)
    assert measured(to_the_end(trial)) == measured(whole.records)
    whole.check(trial, same)


def test_checkpoint_of_another_network_is_no_checkpoint(place, place_of):
    other = place_of("lenet", "other", kernel="5x5")
    other.open().step()
    (place.directory / CHECKPOINT).write_bytes((other.directory / CHECKPOINT).read_bytes())
    assert place.open().step()["epoch"] == 1
    assert (place.directory / f"{CHECKPOINT}.unreadable").exists()


def cut_line(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:-1]) + lines[-1][: len(lines[-1]) // 2]


LINES = {
    **{name: DAMAGE[name] for name in ("empty", "half", "garbage")},
    "last line cut": cut_line,
    "gone": None,
    "a line of something else": lambda content: b"3\n" + content,
    "a line twice": lambda content: content.splitlines(keepends=True)[0] + content,
}


@pytest.mark.parametrize("whole", ["lenet"], indirect=True)
@pytest.mark.parametrize("name", [EPOCHS, ABOUT])
@pytest.mark.parametrize("damage", LINES)
def test_damaged_lines_are_written_again_from_the_checkpoint(finished, monkeypatch, name, damage):
    before, path = finished.files(), finished.directory / name
    path.unlink() if LINES[damage] is None else path.write_bytes(LINES[damage](before[name]))
    assert not intact(finished.directory, 3)
    again = finished.open(reported=3)
    monkeypatch.setattr(again.fit, "epoch", lambda: pytest.fail("trained again"))
    assert again.step()["epoch"] == 3
    assert intact(finished.directory, 3)
    assert untimed(finished.files()) == untimed(before)


def untimed(files):
    """The files of a trial; what the front end takes is measured anew where evaluated.json is written again."""
    evaluated = json.loads(files[EVALUATED])
    assert evaluated.pop("front_end_milliseconds") > 0
    return {**files, EVALUATED: evaluated}


@pytest.mark.parametrize("whole", ["lenet"], indirect=True)
@pytest.mark.parametrize("damage", ["empty", "half", "all but a byte", "garbage", "other columns"])
def test_damaged_predictions_are_made_again(finished, damage):
    before = finished.files()
    damaged = DAMAGE.get(damage, lambda _: parquet({"item": ["a"]}))
    (finished.directory / PREDICTIONS).write_bytes(damaged(before[PREDICTIONS]))
    assert not has_predictions(finished.directory)
    finished.open(reported=3).evaluate()
    assert untimed(finished.files()) == untimed(before)
