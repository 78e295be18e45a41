"""Tables of trials whose trainings record different things."""

import json
import math

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from written import write_trial

from analysis.runs import EPOCH_COLUMNS, EXCERPT_COLUMNS, MEASURES, PREDICTION_COLUMNS, STEP_COLUMNS
from studies.driver.gather import (
    EPOCH_TYPES,
    PREDICTION_TYPES,
    as_parquet,
    epoch_table,
    excerpts,
    measured,
    predictions,
    sounds,
    steps,
    with_covariates,
)
from studies.driver.ledger import read_evaluation
from trainables.errors import UserError
from trainables.trainings import dcgan
from trainables.trainings.sounds import SOUNDS
from trainables.trial import ABOUT, COVARIATES, EVALUATED, EXCERPT_ANSWERS, PREDICTIONS, parquet

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


def gathered(run, *names) -> pa.Table:
    """What predictions.parquet would hold of these trials."""
    found = {name: read_evaluation(run / "trials" / name) for name in names}
    return predictions(run, {name: each.table for name, each in found.items() if each})


def read(path, table) -> pd.DataFrame:
    path.write_bytes(as_parquet(table))
    return pd.read_parquet(path)


def by_pandas(run, *names) -> pa.Table:
    """The same by way of pandas, as runs were gathered at first."""
    frames = {name: pd.read_parquet(run / "trials" / name / PREDICTIONS).assign(trial=name) for name in names}
    tables = [pa.Table.from_pandas(frame, preserve_index=False) for frame in frames.values()]
    table = pa.concat_tables([each.replace_schema_metadata(None) for each in tables], promote_options="default")
    return table.select([*PREDICTION_COLUMNS, *(name for name in table.column_names if name not in PREDICTION_COLUMNS)])


def test_predictions_are_those_that_pandas_would_gather(tested):
    found, expected = gathered(tested, "two", "one"), by_pandas(tested, "two", "one")
    assert found.schema.equals(expected.schema)
    assert found.equals(expected)


def test_a_run_gathered_before_and_one_gathered_now_have_one_type_for_texts(tested):
    """Where a trial was adopted whose texts are of the other of Arrow's two types."""
    path = tested / "trials" / "one" / PREDICTIONS
    table = pq.read_table(path)
    large = [f.with_type(pa.large_string()) if pa.types.is_string(f.type) else f for f in table.schema]
    pq.write_table(table.cast(pa.schema(large)), path)
    assert set(gathered(tested, "one", "two").schema.types[:5]) == {pa.large_string()}


def test_predictions_that_do_not_belong_together_are_a_sentence(tested):
    path = tested / "trials" / "one" / PREDICTIONS
    table = pq.read_table(path)
    pq.write_table(table.append_column("pitch", pa.array(["C", "D"])), path)
    with pytest.raises(UserError, match=r"do not belong together .*: delete the predictions.parquet that was changed"):
        gathered(tested, "one", "two")


def test_predictions_of_all_trials_are_one_table(tested):
    table = read(tested / "all", gathered(tested, "two", "none", "one"))
    assert list(table) == [*PREDICTION_COLUMNS, "pitch"]
    assert table["trial"].tolist() == ["two", "two", "one", "one"]
    assert [list(each) for each in table["logits"]] == [[0.0, 1.0], [2.0, 3.0]] * 2
    assert table["pitch"].tolist()[:2] == [60, 62]
    assert table["pitch"][2:].isna().all()
    assert {str(table[name].dtype) for name in PREDICTION_COLUMNS[:5]} == {"str"}


def test_a_table_without_predictions_has_its_columns(tmp_path):
    table = read(tmp_path / "all", gathered(tmp_path, "none"))
    assert list(table) == list(PREDICTION_COLUMNS) == list(PREDICTION_TYPES)
    assert table.empty


@pytest.mark.parametrize("place", [40, 90, 140])
def test_changed_bit_of_predictions_is_noticed(tmp_path, place):
    write_trial(tmp_path / "trials" / "one", 1, tested=True)
    path = tmp_path / "trials" / "one" / PREDICTIONS
    assert read_evaluation(path.parent).accuracy == 1
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"(?s)is damaged .*: delete it and run the same command again"):
        read_evaluation(path.parent)


def test_what_an_older_version_did_not_measure_is_missing(tmp_path):
    write_trial(tmp_path / "old", 1, tested=True)
    assert measured(tmp_path / "old") == dict.fromkeys(MEASURES)
    write_trial(tmp_path / "new", 1, tested=True)
    about = {"parameters": 1, "device": "cpu", "peak_memory": None, "input_bytes": 64, "step_bytes": 128}
    (tmp_path / "new" / ABOUT).write_text(json.dumps(about))
    (tmp_path / "new" / EVALUATED).write_text('{"train_accuracy": 0.75, "front_end_milliseconds": 0.5}')
    found = {"peak_memory": None, "input_bytes": 64, "front_end_milliseconds": 0.5, "step_bytes": 128}
    assert measured(tmp_path / "new") == {**found, "train_accuracy_evaluated": 0.75}


def test_what_trials_say_of_published_excerpts_is_one_table(tested):
    folders = {name: tested / "trials" / name for name in ("one", "two")}
    assert excerpts("one", folders["one"]) is None
    table = {name: ["a|b"] for name in EXCERPT_COLUMNS[1:]} | {"number_of_labels": [2]}
    (folders["one"] / EXCERPT_ANSWERS).write_bytes(parquet(table))
    found = read(tested / "all", excerpts("one", folders["one"]))
    assert list(found) == list(EXCERPT_COLUMNS) and found["trial"].tolist() == ["one"]
    (folders["two"] / EXCERPT_ANSWERS).write_bytes(parquet({"item": ["a"]}))
    with pytest.raises(UserError, match=r"excerpts.parquet is damaged .*: delete it and the predictions.parquet"):
        excerpts("two", folders["two"])


def test_covariates_stand_beside_the_predictions_of_the_same_rows(tested):
    folder = tested / "trials" / "one"
    table = read_evaluation(folder).table
    assert with_covariates(folder, table) is table
    (folder / COVARIATES).write_bytes(parquet({"crest": [1.5, 2.0]}))
    assert with_covariates(folder, table).to_pandas()["crest"].to_list() == [1.5, 2.0]
    (folder / COVARIATES).write_bytes(parquet({"crest": [1.5]}))
    assert with_covariates(folder, table) is table


def test_steps_of_a_generator_are_gathered_in_order_and_no_other_trial_has_any(tmp_path):
    assert steps("plain", tmp_path) is None
    rows = [[1, 3.0, 1.0, 0.5, 0.5], [1, 2.0, 4.0, 0.75, 0.25], [2, 1.0, 5.0, 1.0, 1.0]]
    pd.DataFrame(rows, columns=list(dcgan.STEP_COLUMNS)).to_parquet(tmp_path / dcgan.STEPS)
    found = steps("gan", tmp_path)
    assert list(found) == list(STEP_COLUMNS) and found.values.tolist() == [["gan", *row] for row in rows]
    (tmp_path / dcgan.STEPS).write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"steps.parquet is damaged .*: delete the folder"):
        steps("gan", tmp_path)


def test_sounds_are_those_of_the_first_trial_of_each_arm_that_made_any(tmp_path):
    arms = {"one": "gan", "two": "other", "three": "gan", "four": "cnn"}
    folders = {name: tmp_path / name for name in arms}
    for name, folder in folders.items():
        folder.mkdir()
        if name != "four":
            (folder / SOUNDS).write_text(json.dumps([{"kind": "generated", "file": "generated-0.wav"}]))
    found = sounds(arms, folders)
    assert [(each["arm"], each["trial"], each["file"]) for each in found] == [
        ("gan", "one", "trials/one/generated-0.wav"),
        ("other", "two", "trials/two/generated-0.wav"),
    ]
