"""A trial: its files, the epochs it says, what it learns from and what it refuses."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from trainables.corpora.store import Store
from trainables.data import features
from trainables.data.batches import CachedPart, StreamedPart
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.data.trial_data import TrialData
from trainables.errors import InvalidSetting, UserError
from trainables.trainings.classification import Classification
from trainables.trial import ABOUT, CHECKPOINT, CONFIG, EPOCHS, EVALUATED, PREDICTIONS, Trial


def test_files_of_a_trial(place):
    trial = place.open()
    record = trial.step()
    assert set(place.files()) == {CONFIG, ABOUT, EPOCHS, CHECKPOINT}
    assert place.lines() == [record]
    about = json.loads((place.directory / ABOUT).read_text())
    assert about["parameters"] == sum(p.numel() for p in trial.fit.network.parameters())
    assert about["device"] == "cpu"


def test_checkpoint_is_what_torch_loads(place):
    trial = place.open()
    trial.step()
    saved = torch.load(place.directory / CHECKPOINT, weights_only=True)["network"]
    state = trial.fit.network.state_dict()
    assert state.keys() == saved.keys()
    assert all(torch.equal(state[name], saved[name]) for name in state)


@pytest.mark.parametrize("reported", [0, 1, 2])
def test_epochs_not_recorded_and_the_last_recorded_are_reported_again(place, reported):
    first = place.open()
    records = [first.step() for _ in range(2)]
    before = place.files()
    second = place.open(reported=reported)
    again = [second.step() for _ in range(max(reported, 1), 3)]
    assert again == records[max(reported, 1) - 1 :]
    assert place.files() == before, "saying again writes nothing"
    assert second.step()["epoch"] == 3
    assert len(place.lines()) == 3


def test_finished_only_when_the_last_epoch_was_reported(place):
    trial = place.open()
    for _ in range(3):
        assert not trial.finished
        trial.step()
    assert trial.finished
    again = place.open(reported=3)
    assert not again.finished
    again.step()
    assert again.finished


@pytest.mark.parametrize("what", ["features", "network", "predictions"])
def test_trial_that_does_not_fit_into_memory_is_a_sentence(place, monkeypatch, what):
    def none(*_, **__):
        raise MemoryError

    trial = place.open() if what == "predictions" else None
    targets = {
        "features": (features, "build"),
        "network": (TrialData, "network"),
        "predictions": (Classification, "answers"),
    }
    monkeypatch.setattr(*targets[what], none)
    with pytest.raises(InvalidSetting, match="do not fit into the memory of the device: choose smaller features"):
        trial.evaluate() if trial else place.open()


def test_impossible_features_are_refused_at_once(place_of):
    with pytest.raises(UserError):
        place_of("lenet", kernel="21x21").open()


def test_test_part_never_influences_training(place_of, small_store, tmp_path, to_the_end, measured):
    """With other audio in the test part, training and validation give the same bits; the predictions differ."""
    places = [place_of("lenet", name) for name in ("one", "other")]
    places[1].store = with_other_test_audio(small_store, tmp_path / "altered", places[0].open())
    curves, predictions = [], []
    for place in places:
        trial = place.open()
        curves.append(measured(to_the_end(trial)))
        trial.evaluate()
        predictions.append(place.files()[PREDICTIONS])
    assert curves[0] == curves[1]
    assert predictions[0] != predictions[1]


def with_other_test_audio(store: Store, path: Path, trial: Trial) -> Store:
    """A copy of a store with noise in the clips that a trial is tested on."""
    shutil.copytree(store.path, path)
    audio = np.array(store.audio)
    clips = store.clips.iloc[Divisions(store).of(trial.configuration).split.test]
    for start, length in zip(clips["start"], clips["length"], strict=True):
        audio[start : start + length] = np.random.default_rng(start).integers(-9000, 9000, length)
    np.save(path / "audio.npy", audio)
    return replace(store, path=path)


@pytest.mark.parametrize("whole", ["lenet"], indirect=True)
def test_predictions_are_one_row_per_test_item(whole, small_store):
    trial = whole.place.open()
    table = pd.read_parquet(whole.place.directory / PREDICTIONS)
    split = Divisions(small_store).of(trial.configuration).split
    clips = small_store.clips.iloc[split.test]
    assert table["item"].to_list() == clips["clip"].to_list()
    assert table["group"].to_list() == clips["group"].to_list()
    assert table["label"].to_list() == clips["label"].to_list()
    logits = np.stack(table["logits"])
    assert logits.shape == (len(clips), small_store.clips["label"].nunique())
    assert table["prediction"].to_list() == trial.classes[logits.argmax(1)].tolist()
    softmax = np.exp(logits - logits.max(1, keepdims=True))
    np.testing.assert_allclose(table["confidence"], (softmax / softmax.sum(1, keepdims=True)).max(1), rtol=1e-5)


def test_accuracy_on_the_training_part_is_that_of_whole_items_in_evaluation_mode(place_of):
    place = place_of("segments")
    trial = place.open()
    trial.step()
    before = trial.fit.state()
    trial.evaluate()
    found = json.loads((place.directory / EVALUATED).read_text())["train_accuracy"]
    train = trial.items["train"]
    best = trial.fit.answers("train").argmax(1).numpy()
    assert found == (trial.classes[best] == train.table["label"].to_numpy()).mean()
    assert len(best) == len(train.table) < len(train.rows)
    assert trial.fit.state() == before, "nothing that the next epoch depends on has changed"


def test_items_of_several_segments_are_one_row_each(place_of):
    tables = {}
    for aggregation in ("sum", "vote", "segment"):
        place = place_of("segments", aggregation, aggregation=aggregation)
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


def test_features_that_are_too_many_are_computed_at_each_step_and_train_the_same(place_of, monkeypatch, measured):
    curves = []
    for most in (features.MOST_KEPT_BYTES["cpu"], 1):
        monkeypatch.setitem(features.MOST_KEPT_BYTES, "cpu", most)
        trial = place_of("segments", str(most)).open()
        curves.append(measured([trial.step() for _ in range(2)]))
        assert isinstance(trial.fit.train, CachedPart if most > 1 else StreamedPart)
    assert curves[0] == curves[1]


def test_a_trial_keeps_its_own_features_where_those_of_all_clips_are_too_many(place_of, monkeypatch, measured):
    curves, predicted = [], []
    for kept in (True, False):
        monkeypatch.setattr(features.Features, "kept", property(lambda _, kept=kept: kept))
        place = place_of("segments", str(kept))
        trial = place.open()
        curves.append(measured([trial.step() for _ in range(2)]))
        trial.evaluate()
        predicted.append((place.directory / PREDICTIONS).read_bytes())
        rows = trial.fit.train.rows
        assert (rows is not None) == kept and trial.features.known.any() == kept
    assert curves[0] == curves[1] and predicted[0] == predicted[1]


def test_augmentation_is_of_the_training_part_alone(place_of):
    plain, noisy = (place_of("lenet", f"with {names}", augmentation=names).open() for names in ("", "noise"))
    assert isinstance(noisy.fit.train, StreamedPart)
    assert isinstance(noisy.fit.validation, CachedPart)
    assert plain.step()["train_loss"] != noisy.step()["train_loss"]


def test_classes_are_those_of_every_part(place, small_store):
    trial = place.open()
    rows = np.concatenate(list(vars(Divisions(small_store).of(trial.configuration).split).values()))
    assert trial.classes.tolist() == sorted(set(small_store.clips["label"].iloc[rows]))
    assert trial.features.shape == build(small_store, trial.configuration, torch.device("cpu")).shape
