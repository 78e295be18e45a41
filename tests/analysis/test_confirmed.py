"""Arms side by side: what is paired with what, and what a run without a value says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import Better, Cost, Level
from analysis.confirmed import Cells, Confirmed, Table, side_by_side
from analysis.errors import NotRun
from analysis.metrics import Totals
from analysis.verdicts import verdicts
from analysis.verdicts.collapse import collapsed

GAP = Level(finding="S3-F20", arm="a", metric="gap", printed=0.0, relation="above")


def table(values: dict[tuple[int, str], list[float]]) -> Table:
    """The mean of the values of the items of each (repetition, group)."""
    rows = [(repetition, group, value) for (repetition, group), held in values.items() for value in held]
    items = pd.DataFrame(rows, columns=["repetition", "group", "value"])
    return Table.of_items(items, Totals.mean(items["value"].to_numpy()))


def means(cells: Cells) -> dict[str, list[float]]:
    return {str(arm): column.to_list() for arm, column in cells.per_repetition().items()}


def test_segments_are_compared_with_clips_by_repetition_and_group() -> None:
    clips = table({(0, "x"): [100.0, 0.0], (0, "y"): [100.0], (1, "x"): [100.0], (1, "y"): [0.0]})
    segments = table({(0, "x"): [100.0] * 3, (0, "y"): [0.0] * 6, (1, "x"): [0.0] * 3, (1, "y"): [100.0] * 2})
    cells = side_by_side({"clips": clips, "segments": segments})
    assert (cells.repetitions, cells.groups) == ((0, 1), ("x", "y"))
    found = means(cells)
    assert found["clips"] == pytest.approx([200 / 3, 50.0])
    assert found["segments"] == pytest.approx([100 / 3, 40.0])
    assert cells.interval({"clips": 1.0, "segments": -1.0}).effect == pytest.approx((100 / 3 + 10) / 2)


def test_groups_that_one_arm_was_not_tested_on_are_left_out_of_both() -> None:
    one = table({(0, "x"): [100.0], (0, "y"): [0.0], (1, "y"): [100.0]})
    other = table({(0, "y"): [100.0], (1, "y"): [0.0], (2, "y"): [0.0]})
    cells = side_by_side({"one": one, "other": other})
    assert means(cells) == {"one": [0.0, 100.0], "other": [100.0, 0.0]}


def test_arms_without_a_common_group_have_no_repetition() -> None:
    assert side_by_side({"one": table({(0, "x"): [1.0]}), "other": table({(0, "y"): [1.0]})}).n == 0


def test_equal_items_have_the_means_of_their_groups_as_they_are() -> None:
    generator = np.random.default_rng(0)
    values = {(r, g): list(generator.choice([0.0, 100.0], 3)) for r in range(3) for g in "xyz"}
    cells = side_by_side({"one": table(values), "two": table(values)})
    assert (cells.values["one"] == [[np.mean(values[r, g]) for g in "xyz"] for r in range(3)]).all()
    assert cells.interval({"one": 1.0, "two": -1.0}).error == 0.0


def test_a_gap_of_trials_of_an_older_version_says_so(planted: Any) -> None:
    run = planted({"a": 0.7, "b": 0.6}, [GAP], n=3, groups=5, items=4)
    old = replace(run, trials=run.trials.assign(train_accuracy_evaluated=np.nan))
    with pytest.raises(NotRun, match="has 'gap' of all of a, b under corrected: an older version trained without"):
        Confirmed(old, "corrected").cells(("a", "b"), "gap")
    assert next(v for v in verdicts(old) if v.protocol == "as_published").word == "not run"


def test_a_gap_counts_groups_and_a_cost_seeds_alone(planted: Any) -> None:
    claims = [
        Better(finding="S2-F2", better="a", worse="b", metric="gap"),
        Cost(finding="S2-F6", cheaper="a", dearer="b", metric="seconds_per_epoch"),
    ]
    found = {v.finding: v for v in verdicts(planted({"a": 0.8, "b": 0.6}, claims)) if v.protocol == "corrected"}
    assert "Over 10 paired seeds and 100 test groups" in found["S2-F2"].reason
    assert "Over 10 paired seeds alone" in found["S2-F6"].reason
    assert found["S2-F2"].groups == 100


def test_one_level_is_shared_by_the_arms_for_epochs_and_for_seconds(planted: Any) -> None:
    run = planted({"a": 0.8, "b": 0.4}, n=3, groups=5, items=4, delay={"a": 4, "b": 2})
    confirmed = Confirmed(run, "corrected")
    epochs = confirmed.cells(("a", "b"), "epochs_to_share").per_repetition()
    curves = [run.epochs_of[f"corrected-chosen-a-{r}"]["validation_accuracy"].to_numpy() for r in epochs.index]
    level = 0.9 * min(confirmed.rows.groupby("arm")["validation_accuracy"].mean())
    assert epochs["a"].to_list() == [int((curve >= level).argmax()) + 1 for curve in curves]


def test_a_trial_that_names_no_class_has_no_accuracy_and_has_not_collapsed(planted: Any) -> None:
    run = planted({"a": 0.6, "b": 0.6}, [Level(finding="S4-F3", arm="a", printed=60.0)])
    of_a = run.predictions["trial"].str.contains("-a-")
    silent = replace(run, predictions=run.predictions.assign(prediction=run.predictions["prediction"].mask(of_a)))
    data = Confirmed(silent, "as_published")
    assert set(data.answers) == {"a", "b"} and data.answers["a"].empty and len(data.answers["b"])
    assert collapsed(data).empty
    with pytest.raises(NotRun):
        data.cells(("a",))
    assert data.cells(("b",)).n == 10
    assert [verdict.word for verdict in verdicts(silent)] == ["not run"]
