"""What every training must do: go on to the last bit, keep to the files and columns of a trial, predict the test."""

import json

import pandas as pd
import pytest

from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS
from trainables.configuration import resolve
from trainables.trainings import TRAININGS, work
from trainables.trainings.dcgan import Dcgan
from trainables.trainings.dual import Dual
from trainables.trial import ABOUT, CHECKPOINT, EPOCHS, PREDICTIONS

MEL = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20, "batch_size": 8}
PARTS = {**MEL, "segmentation": "parts", "count": 4, "frames": 8, "architecture": "cnn"}
del PARTS["seconds"]
IMAGES = {
    "architecture": "dcgan_discriminator",
    "front_end": "mfcc_image",
    "side": 32,
    "frame": 1024,
    "seconds": 0.25,
    "width": 4,
    "generator_width": 4,
    "latent": 8,
    "batch_size": 4,
    "beta1": 0.5,
    "initialisation": "normal",
    "samples": 4,
    "sounds": 1,
    "judge_epochs": 1,
}
REMEMBERING = {**PARTS, "architecture": "rcnn_1d_fc", "widths": "8", "units": "8", "head_widths": "8", "dropout": 0.3}
# Each training on small inputs, with a network that draws random numbers while it trains.
SMALL = {
    "classification": {**MEL, "architecture": "cnn", "epochs": 3},
    "dual in sample": {**PARTS, "epochs": 4},
    "dual out of fold": {**PARTS, "epochs": 3, "stacking": "out_of_fold", "stack_folds": 2, "stack_share": 0.3},
    "dcgan": {**IMAGES, "epochs": 3, "dropout": 0.3},
    "dcgan spectral_norm": {**IMAGES, "epochs": 2, "spectral_norm": True},
    "stateful": {**REMEMBERING, "epochs": 3},
    "dual logistic": {**PARTS, "epochs": 3, "stack_network": "logistic"},
}
CASES = list(SMALL)


@pytest.fixture(params=CASES)
def settings(request):
    training = request.param.partition(" ")[0]
    return {"training": training, **SMALL[request.param]}


def measured(records):
    return [{name: value for name, value in record.items() if "seconds" not in name} for record in records]


def to_the_end(trial):
    records = []
    while not trial.finished:
        records.append(trial.step())
    return records


def contents(trial):
    paths = [path for path in trial.directory.rglob("*") if path.is_file() and path.name not in (EPOCHS, CHECKPOINT)]
    return {str(path.relative_to(trial.directory)): path.read_bytes() for path in paths}


def test_every_training_is_tested():
    assert {case.partition(" ")[0] for case in CASES} == set(TRAININGS)


def test_reopened_after_any_epoch_it_is_the_same_to_the_last_bit(settings, open_trial, tmp_path):
    whole = open_trial(tmp_path / "whole", settings)
    records = to_the_end(whole)
    whole.evaluate()
    for heard in range(len(records)):
        trial = open_trial(tmp_path / "in parts", settings, heard=heard)
        while trial.next <= len(trial.fit.history):
            trial.step()
        trial.step()
    assert trial.finished
    trial.evaluate()
    # As text, for what is not a number is not equal to itself.
    assert str(measured(trial.fit.history)) == str(measured(records))
    assert contents(trial) == contents(whole)
    last = open_trial(tmp_path / "in parts", settings, heard=len(records))
    assert str(last.step()) == str(trial.fit.history[-1])


def test_records_and_files_are_those_of_every_trial(settings, open_trial, tmp_path):
    trial = open_trial(tmp_path / "one", settings)
    record = trial.step()
    assert set(record) >= set(EPOCH_COLUMNS) - {"trial"}
    assert record["epoch"] == 1
    lines = (trial.directory / EPOCHS).read_text().splitlines()
    assert [str(json.loads(line)) for line in lines] == [str(record)]
    about = json.loads((trial.directory / ABOUT).read_text())
    assert about["parameters"] == trial.fit.parameters > 0
    assert (trial.directory / CHECKPOINT).exists()


def test_predictions_have_the_columns_of_every_trial(settings, open_trial, tmp_path):
    trial = open_trial(tmp_path / "one", settings)
    to_the_end(trial)
    trial.evaluate()
    table = pd.read_parquet(trial.directory / PREDICTIONS)
    assert set(table) >= set(PREDICTION_COLUMNS) - {"trial"}
    assert table["confidence"].between(0, 1).all()
    assert table["item"].is_unique
    names = set(table["label"]) | set(table["prediction"])
    assert len(table["logits"].iloc[0]) >= len(names)


def test_a_checkpoint_of_another_training_is_no_checkpoint(settings, open_trial, tmp_path):
    other = open_trial(tmp_path / "other", {**MEL, "architecture": "lstm", "units": "4", "epochs": 1})
    other.step()
    place = open_trial(tmp_path / "one", settings).directory
    (place / CHECKPOINT).write_bytes((other.directory / CHECKPOINT).read_bytes())
    assert open_trial(place, settings).step()["epoch"] == 1
    assert (place / f"{CHECKPOINT}.unreadable").exists()


def test_the_training_is_part_of_the_id_unless_it_is_the_usual_one(settings):
    name = settings["training"]
    others = {key: value for key, value in settings.items() if key not in {"training", *TRAININGS[name].parameters}}
    same = resolve(settings).trial("data") == resolve(others).trial("data")
    assert same == (name == "classification")


def test_its_work_is_what_its_networks_see_of_the_training_part(settings, open_trial, tmp_path, monkeypatch):
    """For plans: images through networks like the trial's own while training, over those of one network's epoch."""
    trial = open_trial(tmp_path / "one", settings)
    labels = trial.items["train"].table["label"].to_numpy(str)[trial.items["train"].item]
    seen = 0

    def count(network, inputs):
        nonlocal seen
        seen += len(inputs[0]) * network.training

    for network in networks_like_the_trial_s(trial.fit):
        network.register_forward_pre_hook(count)
    monkeypatch.setattr("trainables.trainings.dcgan.judged", lambda *_: {})
    to_the_end(trial)
    assert seen / len(labels) == pytest.approx(work(trial.configuration.settings, list(labels)), rel=0.02)


def networks_like_the_trial_s(training):
    if isinstance(training, Dual):
        return [fit.network for fit in (*training.in_folds, training.first)]
    return list(training.networks.values()) if isinstance(training, Dcgan) else [training.network]


def test_it_cites_its_source(settings):
    entry = TRAININGS[settings["training"]]
    assert entry.sources
    assert entry.summary
