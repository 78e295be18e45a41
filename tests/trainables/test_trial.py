"""A trial goes on exactly from what its directory holds, whatever was cut short, and writes nothing half."""

import errno
import json
import math
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from trainables import features, files
from trainables.architectures import ARCHITECTURES
from trainables.configuration import resolve
from trainables.corpora.store import Store
from trainables.errors import InvalidSetting, UserError
from trainables.features import FeatureCache, build
from trainables.fit import Record
from trainables.items import split_of
from trainables.material import Material
from trainables.parts import HeardPart, KeptPart
from trainables.registry import Entry
from trainables.trainings.classification import Classification
from trainables.trial import (
    ABOUT,
    CHECKPOINT,
    CONFIG,
    EPOCHS,
    PREDICTIONS,
    Fenced,
    Trial,
    has_predictions,
    intact,
    owner_fence,
    parquet,
)

LAST = 4
SETTINGS = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20, "batch_size": 4, "epochs": LAST}
NETWORKS = {
    "lenet": {"architecture": "lenet", "kernel": "3x5", "optimiser": "sgd", "learning_rate": 0.03},
    "lstm": {"architecture": "lstm", "units": "8"},
    "noisy": {"architecture": "noisy"},
    "segments": {"segmentation": "windows", "frames": 8, "seconds": 0.2, "architecture": "lstm", "units": "8"},
    "augmented": {"augmentation": "noise+volume", "architecture": "lstm", "units": "8"},
}


def noisy(shape: tuple[int, int, int], classes: int) -> nn.Module:
    """A network that draws random numbers while it trains: a checkpoint without the random state would show."""
    return nn.Sequential(nn.Flatten(), nn.Dropout(0.4), nn.Linear(math.prod(shape), 8), nn.Linear(8, classes))


@pytest.fixture(autouse=True, scope="module")
def noisy_registered():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES._entries, "noisy", Entry("noisy", noisy, (), {}, {}))
        yield


class Place:
    """A trial's directory, and the trial opened in it as often as is asked, each time as a new process would."""

    def __init__(self, directory: Path, store: Store, **settings: object):
        self.directory, self.store = directory, store
        directory.mkdir(parents=True)
        configuration = resolve({**SETTINGS, **settings})
        (directory / CONFIG).write_text(json.dumps(dict(configuration.settings)))

    def open(self, **options: object) -> Trial:
        torch.rand(5)  # whatever this process did before must not matter
        return Trial(self.directory, self.store.path, FeatureCache(), **options)

    def lines(self) -> list[Record]:
        return [json.loads(line) for line in (self.directory / EPOCHS).read_text().splitlines()]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir()}


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def place(tmp_path, small_store):
    return Place(tmp_path / "trials" / "one", small_store, **NETWORKS["lenet"])


@pytest.fixture(scope="module", params=NETWORKS)
def whole(request, tmp_path_factory, small_store):
    """Settings, records, weights and predictions of a trial that nothing interrupted."""
    place = Place(tmp_path_factory.mktemp("whole") / "trial", small_store, **NETWORKS[request.param])
    trial = place.open()
    records = [trial.step() for _ in range(LAST)]
    trial.evaluate()
    return NETWORKS[request.param], measured(records), trial.fit.network.state_dict(), place.files()[PREDICTIONS]


@pytest.fixture
def same(whole, tmp_path, small_store):
    """The place of a trial of the same settings, and what it must come to."""
    settings, *rest = whole
    return Place(tmp_path / "trials" / "same", small_store, **settings), *rest


def measured(records: list[Record]) -> list[Record]:
    return [{name: record[name] for name in record if "seconds" not in name} for record in records]


def assert_equal_weights(trial: Trial, weights: dict[str, torch.Tensor]) -> None:
    state = trial.fit.network.state_dict()
    assert state.keys() == weights.keys()
    assert all(torch.equal(state[name], weights[name]) for name in weights)


def test_files_of_a_trial(place):
    trial = place.open()
    record = trial.step()
    assert set(place.files()) == {CONFIG, ABOUT, EPOCHS, CHECKPOINT}
    assert place.lines() == [record]
    about = json.loads((place.directory / ABOUT).read_text())
    assert about["parameters"] == sum(p.numel() for p in trial.fit.network.parameters())
    assert about["device"] == "cpu"


@pytest.mark.parametrize("stop", range(1, LAST + 1))
def test_reopened_after_any_epoch_it_is_the_same_to_the_last_bit(same, stop):
    place, records, weights, predictions = same
    first = place.open()
    for _ in range(stop):
        first.step()
    second = place.open(heard=stop)
    said = []
    while not second.finished:
        said.append(second.step())
    second.evaluate()
    assert measured(said) == records[stop - 1 :]
    assert measured(place.lines()) == records
    assert_equal_weights(second, weights)
    assert place.files()[PREDICTIONS] == predictions


def test_reopened_after_every_epoch(same):
    place, records, weights, _ = same
    for heard in range(LAST):
        trial = place.open(heard=heard)
        while trial.next <= len(trial.fit.history):
            trial.step()
        trial.step()
    assert measured(place.lines()) == records
    assert_equal_weights(trial, weights)


@pytest.mark.parametrize("heard", range(LAST))
def test_epochs_not_heard_and_the_last_heard_are_said_again(place, heard):
    first = place.open()
    records = [first.step() for _ in range(3)]
    before = place.files()
    second = place.open(heard=heard)
    again = [second.step() for _ in range(max(heard, 1), 4)]
    assert again == records[max(heard, 1) - 1 :]
    assert place.files() == before, "saying again writes nothing"
    assert second.step()["epoch"] == LAST
    assert len(place.lines()) == LAST


def test_finished_only_when_the_last_epoch_was_said(place):
    trial = place.open()
    for _ in range(LAST):
        assert not trial.finished
        trial.step()
    assert trial.finished
    again = place.open(heard=LAST)
    assert not again.finished
    again.step()
    assert again.finished


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


@pytest.mark.parametrize("damage", DAMAGE)
def test_unreadable_checkpoint_is_kept_and_training_begins_again(same, damage):
    place, records, weights, _ = same
    first = place.open()
    for _ in range(2):
        first.step()
    checkpoint = place.directory / CHECKPOINT
    broken = DAMAGE[damage](checkpoint.read_bytes())
    checkpoint.write_bytes(broken)
    trial = place.open(heard=2)
    assert (place.directory / f"{CHECKPOINT}.unreadable").read_bytes() == broken
    assert not checkpoint.exists()
    assert measured([trial.step() for _ in range(LAST)]) == records
    assert measured(place.lines()) == records
    assert_equal_weights(trial, weights)


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


@pytest.fixture
def trained(place):
    """The place of a trial that was trained to its end and tested, and its files."""
    trial = place.open()
    while not trial.finished:
        trial.step()
    trial.evaluate()
    return place, place.files()


@pytest.mark.parametrize("name", [EPOCHS, ABOUT])
@pytest.mark.parametrize("damage", LINES)
def test_damaged_lines_are_written_again_from_the_checkpoint(trained, monkeypatch, name, damage):
    place, before = trained
    path = place.directory / name
    path.unlink() if LINES[damage] is None else path.write_bytes(LINES[damage](before[name]))
    assert not intact(place.directory, LAST)
    again = place.open(heard=LAST)
    monkeypatch.setattr(again.fit, "epoch", lambda: pytest.fail("trained again"))
    assert again.step()["epoch"] == LAST
    assert intact(place.directory, LAST)
    assert place.files() == before


@pytest.mark.parametrize("damage", ["empty", "half", "all but a byte", "garbage", "other columns"])
def test_damaged_predictions_are_made_again(trained, damage):
    place, before = trained
    damaged = DAMAGE.get(damage, lambda _: parquet({"item": ["a"]}))
    (place.directory / PREDICTIONS).write_bytes(damaged(before[PREDICTIONS]))
    assert not has_predictions(place.directory)
    place.open(heard=LAST).evaluate()
    assert place.files() == before


@pytest.mark.parametrize("what", ["features", "network", "predictions"])
def test_trial_that_does_not_fit_into_memory_is_a_sentence(place, monkeypatch, what):
    def none(*_, **__):
        raise MemoryError

    trial = place.open() if what == "predictions" else None
    targets = {
        "features": (features, "build"),
        "network": (Material, "network"),
        "predictions": (Classification, "answers"),
    }
    monkeypatch.setattr(*targets[what], none)
    with pytest.raises(InvalidSetting, match="do not fit into the memory of the device: choose smaller features"):
        trial.evaluate() if trial else place.open()


def test_checkpoint_is_what_torch_loads(place):
    trial = place.open()
    trial.step()
    saved = torch.load(place.directory / CHECKPOINT, weights_only=True)
    assert_equal_weights(trial, saved["network"])


def test_checkpoint_of_another_network_is_no_checkpoint(place, small_store, tmp_path):
    other = Place(tmp_path / "other", small_store, **{**NETWORKS["lenet"], "kernel": "5x5"})
    other.open().step()
    (place.directory / CHECKPOINT).write_bytes((other.directory / CHECKPOINT).read_bytes())
    assert place.open().step()["epoch"] == 1
    assert (place.directory / f"{CHECKPOINT}.unreadable").exists()


def test_lines_are_written_before_the_checkpoint(place, monkeypatch):
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
    again = place.open(heard=1)
    assert [again.step()["epoch"] for _ in range(2)] == [1, 2]
    assert measured(place.lines()) == measured(lines), "the epoch is trained again, and is the same"


def test_leftovers_of_a_killed_process_are_removed(place):
    place.open().step()
    torn = place.directory / f"{CHECKPOINT}.4711.tmp"
    torn.write_bytes(b"half")
    place.open(heard=1)
    assert not torn.exists()


def test_predictions_are_one_row_per_test_item(place, small_store):
    trial = place.open()
    while not trial.finished:
        trial.step()
    trial.evaluate()
    table = pd.read_parquet(place.directory / PREDICTIONS)
    split = split_of(small_store, trial.configuration)
    clips = small_store.clips.iloc[split.test]
    assert table["item"].to_list() == clips["clip"].to_list()
    assert table["group"].to_list() == clips["group"].to_list()
    assert table["label"].to_list() == clips["label"].to_list()
    logits = np.stack(table["logits"])
    assert logits.shape == (len(clips), small_store.clips["label"].nunique())
    assert table["prediction"].to_list() == trial.classes[logits.argmax(1)].tolist()
    softmax = np.exp(logits - logits.max(1, keepdims=True))
    np.testing.assert_allclose(table["confidence"], (softmax / softmax.sum(1, keepdims=True)).max(1), rtol=1e-5)


def test_predictions_are_written_once(place):
    trial = place.open()
    while not trial.finished:
        trial.step()
    trial.evaluate()
    path = place.directory / PREDICTIONS
    before = path.stat()
    trial.evaluate()
    place.open(heard=LAST).evaluate()
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


@pytest.mark.parametrize("broken", [(os, "fsync"), (Path, "replace")], ids=["write", "rename"])
@pytest.mark.parametrize("done", [0, 1])
def test_full_disk_is_a_sentence_and_leaves_nothing_half_written(same, monkeypatch, broken, done):
    place, records, weights, _ = same
    trial = place.open()
    for _ in range(done):
        trial.step()
    before = place.files()
    monkeypatch.setattr(*broken, full)
    with pytest.raises(UserError, match=r"^Cannot write .*: the disk is full; make room there, then run the same"):
        trial.step()
    assert place.files() == before
    monkeypatch.undo()
    again = place.open(heard=done)
    assert measured([again.step() for _ in range(max(done, 1), LAST + 1)]) == records[max(done, 1) - 1 :]
    assert_equal_weights(again, weights)


def test_full_disk_at_the_predictions(place, monkeypatch):
    trial = place.open()
    while not trial.finished:
        trial.step()
    before = place.files()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        trial.evaluate()
    assert place.files() == before
    monkeypatch.undo()
    trial.evaluate()
    assert (place.directory / PREDICTIONS).exists()


def test_test_part_never_influences_training(tmp_path, small_store):
    """With other audio in the test part, training and validation give the same bits; the predictions differ."""
    places = [Place(tmp_path / name, small_store, **NETWORKS["lenet"]) for name in ("one", "other")]
    places[1].store = with_other_test_audio(small_store, tmp_path / "altered", places[0].open())
    curves, predictions = [], []
    for place in places:
        trial = place.open()
        curves.append(measured([trial.step() for _ in range(LAST)]))
        trial.evaluate()
        predictions.append(place.files()[PREDICTIONS])
    assert curves[0] == curves[1]
    assert predictions[0] != predictions[1]


def with_other_test_audio(store: Store, path: Path, trial: Trial) -> Store:
    """A copy of a store with noise in the clips that a trial is tested on."""
    shutil.copytree(store.path, path)
    audio = np.array(store.audio)
    clips = store.clips.iloc[split_of(store, trial.configuration).test]
    for start, length in zip(clips["start"], clips["length"], strict=True):
        audio[start : start + length] = np.random.default_rng(start).integers(-9000, 9000, length)
    np.save(path / "audio.npy", audio)
    return replace(store, path=path)


def test_impossible_features_are_refused_at_once(tmp_path, small_store):
    place = Place(tmp_path / "trial", small_store, **{**NETWORKS["lenet"], "kernel": "21x21"})
    with pytest.raises(UserError):
        place.open()


def test_items_of_several_segments_are_one_row_each(tmp_path, small_store):
    tables = {}
    for aggregation in ("sum", "vote", "segment"):
        place = Place(tmp_path / aggregation, small_store, **NETWORKS["segments"], aggregation=aggregation)
        trial = place.open()
        trial.step()
        trial.evaluate()
        tables[aggregation] = pd.read_parquet(place.directory / PREDICTIONS)
        clips = trial.items["test"].table["clip"]
        assert tables[aggregation]["item"].tolist() == clips.tolist()
    assert len(tables["segment"]) == len(trial.items["test"].rows) > len(tables["sum"]) == len(tables["vote"])
    clips = tables["segment"]["item"].str.partition("#")[0]
    shares = torch.tensor(tables["segment"]["logits"].map(list).tolist()).softmax(1)
    expected = torch.stack([shares[(clips == item).to_numpy(copy=True)].mean(0) for item in tables["sum"]["item"]])
    found = torch.tensor(tables["sum"]["logits"].map(list).tolist()).exp()
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


def test_features_that_are_too_many_are_computed_at_each_step_and_train_the_same(tmp_path, small_store, monkeypatch):
    curves = []
    for most in (features.MOST_KEPT_BYTES["cpu"], 1):
        monkeypatch.setitem(features.MOST_KEPT_BYTES, "cpu", most)
        trial = Place(tmp_path / str(most), small_store, **NETWORKS["segments"]).open()
        curves.append(measured([trial.step() for _ in range(2)]))
        assert isinstance(trial.fit.train, KeptPart if most > 1 else HeardPart)
    assert curves[0] == curves[1]


def test_augmentation_is_of_the_training_part_alone(tmp_path, small_store):
    plain, noisy = (
        Place(tmp_path / (names or "none"), small_store, **NETWORKS["lenet"], augmentation=names).open()
        for names in ("", "noise")
    )
    assert isinstance(noisy.fit.train, HeardPart)
    assert isinstance(noisy.fit.validation, KeptPart)
    assert plain.step()["train_loss"] != noisy.step()["train_loss"]


def test_classes_are_those_of_every_part(place, small_store):
    trial = place.open()
    rows = np.concatenate(list(vars(split_of(small_store, trial.configuration)).values()))
    assert trial.classes.tolist() == sorted(set(small_store.clips["label"].iloc[rows]))
    assert trial.features.shape == build(small_store, trial.configuration, torch.device("cpu")).shape
