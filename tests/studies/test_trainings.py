"""Arms of different trainings in one run: explored, confirmed, gathered and reported like any other."""

import json
from pathlib import Path

import pandas as pd
import pytest
import torch
from plainly import Plainly

from analysis.claims import Equal
from analysis.runs import EPOCH_COLUMNS, Run
from search_spaces import where
from search_spaces.optimisation import learning_rate
from studies.checks.probing import memory_of, probe
from studies.driver import launch
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, arm
from trainables.corpora.store import Store
from trainables.data.splitting import Divisions
from trainables.trainings.inversion import MEASURES

SCALE = Scale(name="tiny", trials=2, epochs=2, reduction=2, repetitions=1)
MEL = {"front_end": "log_mel", "frame": 512, "hop": 256, "bands": 16, "frames": 8, "architecture": "cnn"}
IMAGES = {"front_end": "mfcc_image", "frame": 1024, "side": 32, "architecture": "dcgan_discriminator", "width": 4}
BACK = {"front_end": "mfcc", "normalise": "none", "frame": 512, "hop": 256, "bands": 16, "coefficients": 8}
STUDY = Study(
    document="yun_bi",
    section="",
    title="Trainings side by side",
    question="Does every training run like any other?",
    corpus="philharmonia",
    epochs=2,
    fixed={"segmentation": "parts", "count": 4, "batch_size": 16},
    tuned=where(learning_rate(1e-4, 1e-2), training=("classification", "dual")),
    arms=(
        arm("one network", **MEL),
        arm("out of fold", **MEL, training="dual", stacking="out_of_fold", stack_folds=2),
        arm("gan", **IMAGES, training="dcgan", generator_width=4, latent=8, samples=4, sounds=1, judge_epochs=1),
        arm("inversion", **BACK, training="inversion"),
    ),
    claims=(Equal(finding="S4-F3", first="one network", second="out of fold"),),
)


@pytest.fixture(scope="module")
def run(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    request = launch.Launch("trainings/study", STUDY, SCALE, store, tmp_path_factory.mktemp("trainings"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launch, "train_all", Plainly())
        launch.launch([request], Resources(), lambda queue: None)
    return request.directory


def test_every_arm_is_confirmed_and_those_that_tune_something_are_explored(run):
    trials = Run.load(run, finished=True).trials
    states = trials.groupby(["phase", "arm"])["state"].agg(set)
    assert set(states["confirm"].index) == {"one network", "out of fold", "gan", "inversion"}
    assert set(states["explore"].index) == set(states["choose"].index) == {"one network", "out of fold"}
    assert (states["confirm"] == {"complete"}).all()
    assert all(state <= {"complete", "stopped"} for state in states["explore"])
    accuracies = trials[trials["phase"] == "confirm"].set_index("arm")["test_accuracy"]
    silent = ["gan", "inversion"]
    assert accuracies.drop(silent).between(0, 1).all() and accuracies[silent].isna().all()


def test_an_arm_that_tunes_nothing_chooses_what_is_printed(run):
    trials = pd.read_parquet(run / "trials.parquet")
    gans = trials[trials["arm"] == "gan"]
    assert set(gans["configuration"]) == {"as_printed", "chosen"}
    changing = {"protocol", "seed", "split_seed", "fold", "folds", "per_class", "reading"}
    settings = [{k: v for k, v in json.loads(text).items() if k not in changing} for text in gans["settings"]]
    assert all(each == settings[0] for each in settings)


def test_what_a_training_records_beside_is_gathered(run):
    epochs = pd.read_parquet(run / "epochs.parquet")
    assert set(epochs) > {*EPOCH_COLUMNS, "train_entropy", "generator_loss", "flatness_generated"}
    arms = pd.read_parquet(run / "trials.parquet").drop_duplicates("trial").set_index("trial")["arm"]
    recorded = epochs.groupby(epochs["trial"].map(arms))[["train_entropy", "generator_loss", "recordings"]].count() > 0
    for column, training in {
        "train_entropy": "out of fold",
        "generator_loss": "gan",
        "recordings": "inversion",
    }.items():
        assert recorded.index[recorded[column]].to_list() == [training]
    predictions = Run.load(run, finished=True).predictions
    measured = predictions[list(MEASURES)].notna().groupby(predictions["trial"].map(arms)).all()
    assert measured.loc["inversion"].all() and not measured.drop("inversion").any(axis=None)


def test_further_files_lie_in_the_directory_of_the_trial(run):
    gans = [
        path.parent for path in run.glob("trials/*/config.json") if json.loads(path.read_text())["training"] == "dcgan"
    ]
    assert gans
    finished = [path for path in gans if (path / "predictions.parquet").exists()]
    assert all((path / "steps.parquet").exists() for path in gans)
    assert all((path / "generated-0.wav").exists() for path in finished)


def test_losses_of_every_step_and_one_trial_s_sounds_of_each_arm_are_gathered(run):
    found = Run.load(run, finished=True)
    confirmed = found.trials[found.trials["phase"] == "confirm"].drop_duplicates("trial").set_index("trial")["arm"]
    assert set(found.steps["trial"]) == set(confirmed.index[confirmed == "gan"])
    assert set(found.steps["epoch"]) == {1, 2}
    made = [(sound["arm"], sound["kind"]) for sound in found.sounds]
    assert sorted(made) == [
        ("gan", "generated"),
        ("gan", "recorded"),
        ("inversion", "inverted"),
        ("inversion", "recorded"),
    ]
    assert all((run / sound["file"]).exists() for sound in found.sounds)


def test_what_only_measures_has_no_network_no_curve_and_no_accuracy_on_the_page(run):
    page = (run / "report.html").read_text()
    assert "Learning curves of one network." in page and "Confusion matrix of one network" in page
    for absent in ("Learning curves of inversion", "Confusion matrix of inversion", "Layers of inversion"):
        assert absent not in page


def test_a_plan_times_a_recording_of_what_only_measures(store):
    (inversion,) = [each for each in STUDY.arms if each.name == "inversion"]
    found = probe(STUDY, Divisions(store), inversion, torch.device("cpu"))
    assert found.epoch > 0 and found.parameters == 0
    assert memory_of(STUDY, Divisions(store), inversion) == found.memory


def test_a_plan_times_the_judge_of_what_makes_sounds_and_no_other(store):
    divisions, cpu = Divisions(store), torch.device("cpu")
    judges = {each.name: probe(STUDY, divisions, each, cpu).judge for each in STUDY.arms}
    assert {name for name, seconds in judges.items() if seconds > 0} == {"gan"}
