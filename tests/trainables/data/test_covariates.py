"""Properties of clips, worked out by hand, and the columns of a trial's test items."""

import numpy as np
import pandas as pd
import pytest

from analysis import columns
from trainables.data.covariates import PROPERTIES, properties
from trainables.trial import COVARIATES

RATE = 1000  # frames of 20 samples


def test_a_square_wave_has_no_crest_and_a_level_envelope():
    found = properties(np.tile([0.5, -0.5], 50), RATE)
    assert found == pytest.approx(
        {"root_mean_square": 0.5, "mean_absolute": 0.5, "crest": 1.0, "envelope_deviation": 0.0}
    )


def test_a_note_that_stops():
    found = properties(np.concatenate([np.full(40, 0.8), np.zeros(40)]), RATE)
    assert found["root_mean_square"] == pytest.approx(0.8 / np.sqrt(2))
    assert found["mean_absolute"] == pytest.approx(0.4)
    assert found["crest"] == pytest.approx(np.sqrt(2))
    assert found["envelope_deviation"] == pytest.approx(0.4)


def test_silence_and_a_clip_shorter_than_a_frame():
    silent = dict(zip(PROPERTIES, (0.0, 0.0, 1.0, 0.0), strict=True))
    assert properties(np.zeros(30), RATE) == silent
    assert properties(np.array([0.5]), RATE)["root_mean_square"] == 0.5


def test_a_trial_writes_a_row_for_each_test_item(place_of):
    place = place_of("segments", aggregation="segment")
    trial = place.open()
    trial.step()
    trial.evaluate()
    table, tested = pd.read_parquet(place.directory / COVARIATES), trial.items["test"].table
    first = tested.iloc[0]
    samples = trial.store.audio[first["start"] : first["start"] + first["length"]] / 32768
    assert table["root_mean_square"][0] == pytest.approx(np.sqrt((samples**2).mean()))
    counts = trial.items["train"].table["label"].value_counts()
    assert table["class_trained_on"].to_list() == [counts.get(label, 0) for label in tested["label"]]
    # The data dictionary knows them all, for those that nothing reads are left out of evidence by it.
    assert {column.name for column in columns.COVARIATES} == set(table) >= set(PROPERTIES)
