"""What is measured of one run."""

import math
import subprocess
import sys

import pandas as pd
import pytest

from analysis.metrics import METRICS, TrialResult, shared_level

ROW = pd.Series({"train_accuracy": 0.9, "parameters": 1234, "device": "cpu"})
EPOCHS = pd.DataFrame(
    {
        "train_loss": [2.0, 1.6, 1.1, 0.8, 0.6],
        "validation_accuracy": [0.2, 0.5, 0.71, 0.82, 0.8],
        "validation_loss": [2.0, 1.5, 1.0, 1.2, 1.4],
        "seconds": [9.5, 7.0, 2.5, 2.5, 2.5],
        "cpu_seconds": [9.0, 2.0, 2.0, 2.0, 2.0],
    }
)
PREDICTIONS = pd.DataFrame({"label": ["a", "a", "a", "b"], "prediction": ["a", "a", "b", "a"]})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", 50.0),
        ("minimum_recall", 0.0),
        ("accuracy_at_1", 20.0),
        ("area", 60.6),
        ("epochs_to_90", 4.0),
        ("best_epoch", 3.0),
        ("validation_loss", 1.0),
        ("gap", 40.0),
        ("seconds_per_epoch", 2.0),
        ("seconds_to_share", 13.0),
        ("parameters", 1234.0),
    ],
)
def test_metrics_of_a_run_worked_out_by_hand(name: str, expected: float) -> None:
    assert METRICS[name].compute(TrialResult(ROW, EPOCHS, PREDICTIONS, level=0.7)) == pytest.approx(expected)


GAN = pd.DataFrame(
    {
        "train_loss": [0.5, 0.25],
        "generator_loss": [2.0, 3.5],
        "discriminator_below": [0.5, 1.0],
        "distance_generated": [float("nan"), 12.0],
        "distance_noise": [float("nan"), 15.0],
        "flatness_generated": [float("nan"), 0.4],
        "flatness_recorded": [float("nan"), 0.1],
        "confidence_generated": [float("nan"), 0.3],
        "confidence_noise": [float("nan"), 0.2],
    }
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("discriminator_below", 75.0),
        ("loss_gap", 2.0),
        ("distance", 12.0),
        ("distance_over_noise", -3.0),
        ("flatness", 0.4),
        ("flatness_over_recorded", 0.3),
        ("confidence_over_noise", 0.1),
    ],
)
def test_metrics_of_a_gan_worked_out_by_hand(name: str, expected: float) -> None:
    assert METRICS[name].compute(TrialResult(ROW, GAN, PREDICTIONS)) == pytest.approx(expected)
    assert math.isnan(METRICS[name].compute(TrialResult(ROW, EPOCHS, PREDICTIONS)))


def test_a_run_that_never_reaches_the_level_counts_whole() -> None:
    assert METRICS["seconds_to_share"].compute(TrialResult(ROW, EPOCHS, PREDICTIONS, level=0.95)) == 17.0


def test_on_a_gpu_times_are_those_of_the_wall() -> None:
    record = TrialResult(ROW.replace("cpu", "cuda"), EPOCHS, PREDICTIONS, level=0.7)
    found = [METRICS[name].compute(record) for name in ("seconds_per_epoch", "seconds_to_share")]
    assert found == [2.5, 19.0]


def test_the_shared_level_asks_no_arm_for_more_than_the_lower_ends_at() -> None:
    assert shared_level([0.8, 0.5]) == pytest.approx(0.45)


def test_naming_claims_and_metrics_imports_nothing_large() -> None:
    # `etude list studies` imports the claims of every study.
    large = {"pandas", "scipy", "sklearn", "statsmodels"}
    code = f"import sys, analysis.claims; print(sorted({large} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
