"""Pairs of arms."""

import numpy as np
import pytest
from counted import CELLS, Counted

from analysis.figures.dumbbell import DOCUMENT, draw_dumbbell, dumbbell_data, pairs, placed

PAIRS = {"one": ("a", "b"), "other": ("b", "c"), "lacking": ("a", "elsewhere")}
ENDS = ("dense", "pooled")
PRINTED = {"a": 76.5, "b": 94.1}


def test_a_pair_has_both_ends_under_each_protocol_and_as_printed(counted: Counted) -> None:
    results = counted({"a": (5, 6), "b": (8, 9), "c": (9, 9)})
    data = dumbbell_data(results, {"one": PAIRS["one"], "other": PAIRS["other"]}, "accuracy", PRINTED)
    series = data.rows["series"].tolist()
    assert series == ["corrected", "as_published", DOCUMENT, "corrected", "as_published"]
    assert data.rows[["first", "second", "n"]].to_numpy().tolist()[2:4] == [[76.5, 94.1, 0], [85, 90, 2]]
    assert data.rows["first"].iloc[0] == pytest.approx(55) and data.rows["low_first"].iloc[0] < 55
    assert np.isnan(data.rows["low_second"].iloc[2])


def test_the_gap_is_of_training_less_test(counted: Counted) -> None:
    data = dumbbell_data(counted({"a": (5, 6), "b": (8, 9)}), {"one": PAIRS["one"]}, "gap", {})
    assert data.rows[["first", "second"]].iloc[0].tolist() == pytest.approx([35, 5])


def test_a_pair_that_lacks_an_arm_is_left_out_and_so_is_a_figure_of_none(counted: Counted) -> None:
    results = counted({"a": (5, 6), "b": (8, 9)}, cells=CELLS[1:])
    metrics = {"accuracy": PRINTED, "gap": {}}
    shown = list(pairs(results, ["a", "b"], PAIRS, ENDS, metrics))
    assert [figure.title for figure in shown] == [
        "Test accuracy",
        "Train less test accuracy",
    ]
    assert list(pairs(results, ["a"], PAIRS, ENDS, metrics)) == []
    assert "corrected" in {trace.name for trace in shown[0].drawing.data}
    assert shown[1].drawing.layout.xaxis.title.text == "train less test accuracy (points)"


def test_rows_lie_below_the_name_of_their_pair_and_do_not_meet(counted: Counted) -> None:
    results = counted({"a": (5, 6), "b": (8, 9), "c": (9, 9)})
    data = dumbbell_data(results, {"one": PAIRS["one"], "other": PAIRS["other"]}, "accuracy", PRINTED)
    places, tops, height = placed(data.rows)
    assert (np.diff(places) >= 17).all() and places[-1] < height
    assert tops["one"] == 0 and places[2] < tops["other"] < places[3]


def test_the_first_end_is_open_and_the_second_filled(counted: Counted) -> None:
    data = dumbbell_data(counted({"a": (5, 6), "b": (8, 9)}), {"one": PAIRS["one"]}, "accuracy", PRINTED)
    figure = draw_dumbbell(data)
    ends = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.marker.symbol.endswith("-open") for trace in ends] == [True, False] * 3
    assert {trace.name for trace in ends if trace.showlegend} == {"corrected", "as published", DOCUMENT}
    assert draw_dumbbell(data._replace(rows=data.rows[:0])).layout.annotations[0].text == "No pair was measured."
