"""What every training must do: go on to the last bit, keep to the files and columns of a trial, predict the test."""

import json
import math

import pandas as pd
import pytest

from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS
from trainables.architectures.layers import layer_table
from trainables.data.splitting import Divisions
from trainables.resolving import resolve
from trainables.trainings import TRAININGS, grows, held_in_a_step, judge_of, networks_of, trains, work
from trainables.trainings.dcgan import Dcgan
from trainables.trainings.dual import Dual
from trainables.trainings.inversion import Inversion
from trainables.trial import ABOUT, CHECKPOINT, CONFIG, EPOCHS, EVALUATED, PREDICTIONS, TIMES, has_predictions, read

MEL = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20, "batch_size": 8}
PARTS = {**MEL, "segmentation": "parts", "count": 4, "frames": 8, "architecture": "cnn"}
del PARTS["seconds"]
REMEMBERING = {**PARTS, "architecture": "rcnn_1d_fc", "widths": "8", "units": "8", "head_widths": "8", "dropout": 0.3}
INVERTING = {"front_end": "mfcc", "normalise": "none", "seconds": 0.1, "frame": 512, "hop": 256, "bands": 16}
INVERTING |= {"coefficients": 8}
# Each training on small inputs, with a network that draws random numbers while it trains.
SMALL = {
    "classification": {**MEL, "architecture": "cnn", "epochs": 3},
    "dual in sample": {**PARTS, "epochs": 4},
    # Where the second network's inputs come from is nothing to how it is trained: each way once.
    "dual by a rule": {**PARTS, "epochs": 4, "stack_network": "vote"},
    "dual out of fold": {
        **PARTS,
        "epochs": 3,
        "stacking": "out_of_fold",
        "stack_folds": 2,
        "stack_share": 0.3,
        "stack_network": "logistic",
    },
    "dcgan": {"dropout": 0.3},
    "dcgan spectral_norm": {"spectral_norm": True},
    "stateful": {**REMEMBERING, "epochs": 3},
    "inversion": {**INVERTING, "epochs": 2},
}
CASES = list(SMALL)
MEASURED = (EPOCHS, CHECKPOINT, EVALUATED)
"""Files that hold times."""


@pytest.fixture(scope="module", params=CASES)
def settings(request, images):
    training = request.param.partition(" ")[0]
    return {"training": training, **(images if training == "dcgan" else {}), **SMALL[request.param]}


def items(inputs):
    """How many inputs a network computes for; for its memory it is asked without values."""
    return 0 if inputs.is_meta else len(inputs)


@pytest.fixture(scope="module")
def finished(settings, open_trial, tmp_path_factory, to_the_end):
    """A trial that nothing interrupted, tested, its records, and how many inputs its networks saw while it trained."""
    trial = open_trial(tmp_path_factory.mktemp("finished") / "trial", settings)
    seen = []
    for network in networks_like_the_trial_s(trial.fit):
        network.register_forward_pre_hook(lambda network, inputs: seen.append(items(inputs[0]) * network.training))
    records = to_the_end(trial)
    trial.evaluate()
    return trial, records, sum(seen)


def contents(trial):
    paths = [path for path in trial.directory.rglob("*") if path.is_file() and path.name not in MEASURED]
    evaluated = read(trial.directory / EVALUATED)
    accuracy = json.dumps(evaluated["train_accuracy"] if evaluated else None).encode()
    return {EVALUATED: accuracy, **{str(path.relative_to(trial.directory)): path.read_bytes() for path in paths}}


def test_only_a_last_epoch_may_take_longer_than_those_before(settings, open_trial, tmp_path):
    trial, found = open_trial(tmp_path / "trial", settings), []
    while not trial.finished:
        found.append(trial.lasts_longer)
        trial.step()
    assert found == [False] * (len(found) - 1) + [judge_of(trial.configuration) is not None]
    assert (judge_of(trial.configuration) is not None) == ("judge_accuracy" in trial.fit.history[-1])


def test_every_training_is_tested():
    assert {case.partition(" ")[0] for case in CASES} == set(TRAININGS)


def test_reopened_after_any_epoch_it_is_the_same_to_the_last_bit(settings, finished, open_trial, tmp_path, measured):
    whole, records, _ = finished
    for reported in range(len(records)):
        trial = open_trial(tmp_path / "in parts", settings, reported=reported)
        while trial.next <= len(trial.fit.history):
            trial.step()
        trial.step()
    assert trial.finished
    trial.evaluate()
    # As text, for what is not a number is not equal to itself.
    assert str(measured(trial.fit.history)) == str(measured(records))
    assert contents(trial) == contents(whole)
    last = open_trial(tmp_path / "in parts", settings, reported=len(records))
    assert str(last.step()) == str(trial.fit.history[-1])


def test_a_trial_of_fewer_epochs_goes_on_as_one_of_more_unless_it_depends_on_them(
    settings, finished, open_trial, tmp_path, measured, to_the_end
):
    whole, records, _ = finished
    shorter = open_trial(tmp_path / "one", {**settings, "epochs": settings["epochs"] - 1})
    begun = measured(to_the_end(shorter))
    assert (str(begun) == str(measured(records[:-1]))) == grows(whole.configuration)
    if grows(whole.configuration):
        (shorter.directory / CONFIG).write_bytes((whole.directory / CONFIG).read_bytes())
        trial = open_trial(tmp_path / "one", settings)
        assert str(measured(to_the_end(trial))) == str(measured(records))
        trial.evaluate()
        assert contents(trial) == contents(whole)


def test_records_and_files_are_those_of_every_trial(finished):
    trial, records, _ = finished
    needed = set(EPOCH_COLUMNS) - {"trial"} if trains(trial.configuration) else {"epoch", *TIMES}
    assert all(set(record) >= needed for record in records)
    assert [record["epoch"] for record in records] == list(range(1, len(records) + 1))
    lines = (trial.directory / EPOCHS).read_text().splitlines()
    assert [str(json.loads(line)) for line in lines] == [str(record) for record in records]
    about = json.loads((trial.directory / ABOUT).read_text())
    assert about["parameters"] == trial.fit.parameters
    assert (about["parameters"] > 0) == trains(trial.configuration)
    assert about["input_bytes"] == 4 * math.prod(trial.features.shape)
    assert json.loads((trial.directory / EVALUATED).read_text())["front_end_milliseconds"] > 0
    assert about["peak_memory"] is None
    assert (about["step_bytes"] or 0) > about["input_bytes"] or trial.configuration["training"] != "classification"
    assert (trial.directory / CHECKPOINT).exists()


def test_the_networks_that_are_described_are_those_that_are_trained(finished):
    trial = finished[0]
    if not trains(trial.configuration):
        return
    division = Divisions(trial.store).of(trial.configuration)
    networks = networks_of(trial.configuration, trial.features.shape, division)
    rows = [row for network, shape in networks.values() for row in layer_table(network, shape)]
    assert sum(int(row["parameters"]) for row in rows) == trial.fit.parameters
    held = held_in_a_step(trial.configuration, networks[""][0], trial.features.shape)
    assert held == trial.about()["step_bytes"]


def test_predictions_have_the_columns_of_every_trial(finished):
    table = pd.read_parquet(finished[0].directory / PREDICTIONS)
    assert set(table) >= set(PREDICTION_COLUMNS) - {"trial"}
    assert table["item"].is_unique
    assert has_predictions(finished[0].directory)
    if trains(finished[0].configuration):
        assert table["confidence"].between(0, 1).all()
        names = set(table["label"]) | set(table["prediction"].dropna())
        assert len(table["logits"].iloc[0]) >= len(names)


@pytest.fixture(scope="module")
def other_checkpoint(open_trial, tmp_path_factory):
    """The checkpoint of a training of another network."""
    other = open_trial(
        tmp_path_factory.mktemp("other") / "trial", {**MEL, "architecture": "lstm", "units": "4", "epochs": 1}
    )
    other.step()
    return (other.directory / CHECKPOINT).read_bytes()


def test_a_checkpoint_of_another_training_is_no_checkpoint(settings, other_checkpoint, open_trial, tmp_path):
    place = open_trial(tmp_path / "one", settings).directory
    (place / CHECKPOINT).write_bytes(other_checkpoint)
    assert open_trial(place, settings).step()["epoch"] == 1
    assert (place / f"{CHECKPOINT}.unreadable").exists()


def test_the_training_is_part_of_the_id_unless_it_is_the_usual_one(settings):
    name = settings["training"]
    others = {key: value for key, value in settings.items() if key not in {"training", *TRAININGS[name].parameters}}
    same = resolve(settings).trial("data") == resolve(others).trial("data")
    assert same == (name == "classification")


def test_its_work_is_what_its_networks_see_of_the_training_part(settings, finished):
    """For plans: images through networks like the trial's own while training, over those of one network's epoch."""
    trial, _, seen = finished
    labels = trial.items["train"].table["label"].to_numpy(str)[trial.items["train"].item]
    assert seen / len(labels) == pytest.approx(work(trial.configuration.settings, list(labels)), rel=0.02)


def networks_like_the_trial_s(training):
    if isinstance(training, Dual):
        return [fit.network for fit in (*training.in_folds, training.first)]
    if isinstance(training, Inversion):
        return []
    return list(training.networks.values()) if isinstance(training, Dcgan) else [training.network]


def test_it_cites_its_source(settings):
    entry = TRAININGS[settings["training"]]
    assert entry.sources
    assert entry.summary
