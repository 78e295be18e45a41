"""The rows of each trial in a table."""

import pandas as pd
import pytest

from analysis.by_trial import ByTrial

TABLE = pd.DataFrame({"trial": ["b", "a", "b", "c"], "epoch": [1, 1, 2, 1]}, index=[7, 7, 8, 9])


def test_rows_stand_in_the_order_of_the_table() -> None:
    rows = ByTrial(TABLE)
    assert list(rows) == ["b", "a", "c"]
    assert len(rows) == 3
    assert rows["b"].equals(TABLE.iloc[[0, 2]])
    assert {trial: len(each) for trial, each in rows.items()} == {"b": 2, "a": 1, "c": 1}


def test_rows_of_several_trials_stand_one_trial_after_the_other() -> None:
    rows = ByTrial(TABLE)
    assert rows.together(["c", "none", "b"]).equals(TABLE.iloc[[3, 0, 2]])
    assert rows.together([]).equals(TABLE.iloc[:0])
    assert [rows.count(trial) for trial in ("c", "none", "b")] == [1, 0, 2]


def test_a_trial_without_rows_is_not_there() -> None:
    rows = ByTrial(TABLE.iloc[:0])
    assert "b" not in rows
    assert not len(rows)
    with pytest.raises(KeyError):
        rows["b"]
