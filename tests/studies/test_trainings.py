"""Arms of different trainings in one run: explored, confirmed, gathered and reported like any other."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.runs import EPOCH_COLUMNS, Run

pytestmark = pytest.mark.slow

STUDY = Path(__file__).with_name("trainings_study.py")


@pytest.fixture(scope="module")
def run(driving, corpora, tmp_path_factory) -> Path:
    home = driving.Home(tmp_path_factory.mktemp("trainings"), corpora)
    where = ("--rendered", "--scale", "tiny", "--home", str(home.path), "--storage", str(home.storage))
    driver = driving.Driver([str(STUDY), "run", "trainings/study", *where])
    driver.finish()
    assert driver.process.returncode == 0, driver.err
    return home.run()


def test_every_arm_is_explored_and_confirmed(run):
    trials = Run.load(run, finished=True).trials
    states = trials.groupby(["phase", "arm"])["state"].agg(set)
    assert set(trials["arm"]) == {"one network", "out of fold", "gan"}
    assert (states["confirm"] == {"complete"}).all()
    assert all(state <= {"complete", "stopped"} for state in states["explore"])
    assert trials[trials["phase"] == "confirm"]["test_accuracy"].between(0, 1).all()


def test_what_a_training_records_beside_is_gathered(run):
    epochs = pd.read_parquet(run / "epochs.parquet")
    assert set(epochs) > {*EPOCH_COLUMNS, "train_entropy", "generator_loss", "flatness_generated"}
    arms = pd.read_parquet(run / "trials.parquet").drop_duplicates("trial").set_index("trial")["arm"]
    recorded = epochs.groupby(epochs["trial"].map(arms))[["train_entropy", "generator_loss"]].count() > 0
    assert recorded["train_entropy"].to_dict() == {"gan": False, "one network": False, "out of fold": True}
    assert recorded["generator_loss"].to_dict() == {"gan": True, "one network": False, "out of fold": False}


def test_further_files_lie_in_the_directory_of_the_trial(run):
    gans = [
        path.parent for path in run.glob("trials/*/config.json") if json.loads(path.read_text())["training"] == "dcgan"
    ]
    assert gans
    finished = [path for path in gans if (path / "predictions.parquet").exists()]
    assert all((path / "steps.parquet").exists() for path in gans)
    assert all((path / "generated-0.wav").exists() for path in finished)


def test_the_report_is_written(run):
    assert (run / "report.html").stat().st_size > 10_000
