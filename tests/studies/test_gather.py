"""Tables of trials whose trainings record different things."""

import math

from analysis.runs import EPOCH_COLUMNS
from studies.gather import EPOCH_TYPES, epoch_table

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
