"""Tables of trials whose trainings record different things."""

import math

import pandas as pd
import pytest
from written import write_trial

from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS
from studies.driver.gather import EPOCH_TYPES, accuracy, as_parquet, epoch_table, predictions
from trainables.errors import UserError
from trainables.trial import PREDICTIONS, parquet

PLAIN = {name: 0.5 for name in EPOCH_COLUMNS if name not in ("trial", "epoch")}


def test_what_only_some_trainings_record_follows_the_columns_of_all():
    table = epoch_table(
        {"one": [{"epoch": 1, **PLAIN}], "two": [{"epoch": 1, **PLAIN}, {"epoch": 2, **PLAIN, "generator_loss": 3}]}
    )
    assert list(table) == [*EPOCH_COLUMNS, "generator_loss"]
    assert table["trial"].tolist() == ["one", "two", "two"]
    assert math.isnan(table["generator_loss"][0])
    assert table["generator_loss"][2] == 3.0


def test_a_table_without_trials_has_its_columns_and_types():
    table = epoch_table({})
    assert list(table) == list(EPOCH_COLUMNS)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == EPOCH_TYPES


@pytest.fixture
def tested(tmp_path):
    """A run's folder with the predictions of two trials, of which one tells more."""
    table = {name: ["a", "b"] for name in PREDICTION_COLUMNS[1:5]}
    for name, more in (("one", {}), ("two", {"pitch": [60, 62]})):
        (tmp_path / "trials" / name).mkdir(parents=True)
        content = parquet({**table, "confidence": [0.5, 1.0], "logits": [[0.0, 1.0], [2.0, 3.0]], **more})
        (tmp_path / "trials" / name / PREDICTIONS).write_bytes(content)
    return tmp_path


def read(path, table) -> pd.DataFrame:
    path.write_bytes(as_parquet(table))
    return pd.read_parquet(path)


def test_predictions_of_all_trials_are_one_table(tested):
    table = read(tested / "all", predictions(tested, ["two", "none", "one"]))
    assert list(table) == [*PREDICTION_COLUMNS, "pitch"]
    assert table["trial"].tolist() == ["two", "two", "one", "one"]
    assert [list(each) for each in table["logits"]] == [[0.0, 1.0], [2.0, 3.0]] * 2
    assert table["pitch"].tolist()[:2] == [60, 62]
    assert table["pitch"][2:].isna().all()
    assert {str(table[name].dtype) for name in PREDICTION_COLUMNS[:5]} == {"str"}


def test_a_table_without_predictions_has_its_columns(tmp_path):
    table = read(tmp_path / "all", predictions(tmp_path, ["none"]))
    assert list(table) == list(PREDICTION_COLUMNS)
    assert table.empty


@pytest.mark.parametrize("place", [40, 90, 140])
def test_changed_bit_of_predictions_is_noticed(tmp_path, place):
    write_trial(tmp_path / "trials" / "one", 1, tested=True)
    path = tmp_path / "trials" / "one" / PREDICTIONS
    assert accuracy(path.parent) == 1
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"(?s)is damaged .*: delete it and run the same command again"):
        predictions(tmp_path, ["one"])
