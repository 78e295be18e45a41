"""What is measured of one run."""

import pandas as pd
import pytest

from analysis.metrics import METRICS, Record, shared_level

ROW = pd.Series({"train_accuracy": 0.9, "parameters": 1234})
EPOCHS = pd.DataFrame(
    {
        "validation_accuracy": [0.2, 0.5, 0.71, 0.82, 0.8],
        "validation_loss": [2.0, 1.5, 1.0, 1.2, 1.4],
        "seconds": [9.0, 2.0, 2.0, 2.0, 2.0],
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
    assert METRICS[name].compute(Record(ROW, EPOCHS, PREDICTIONS, level=0.7)) == pytest.approx(expected)


def test_a_run_that_never_reaches_the_level_counts_whole() -> None:
    assert METRICS["seconds_to_share"].compute(Record(ROW, EPOCHS, PREDICTIONS, level=0.95)) == 17.0


def test_the_shared_level_asks_no_arm_for_more_than_the_lower_ends_at() -> None:
    assert shared_level([0.8, 0.5]) == pytest.approx(0.45)
