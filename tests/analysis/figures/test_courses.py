"""Training beside validation."""

import math

import pytest
from counted import CELLS, Counted
from scipy import stats

from analysis.figures.courses import course_data, draw_course, each_arm


def test_each_measure_is_the_mean_over_seeds_with_its_interval(counted: Counted) -> None:
    data = course_data(counted({"a": (8, 9)}).documented, "a")
    found = data.means.set_index(["measure", "part", "epoch"])
    accuracy, loss = found.loc["accuracy", "training", 2], found.loc["loss", "validation", 3]
    half = stats.t.ppf(0.975, 1) * 0.01
    assert (accuracy["mean"], accuracy["low"], accuracy["high"]) == pytest.approx((0.61, 0.61 - half, 0.61 + half))
    assert (loss["mean"], loss["low"], data.repetitions) == pytest.approx((6.5, 0.147, 2), abs=1e-3)
    assert loss["high"] > 12 and found.loc["loss", "training", 1]["mean"] == 3.5
    assert len(data.means) == 4 * 3


def test_accuracy_is_left_and_loss_right_each_with_both_parts(counted: Counted) -> None:
    figure = draw_course(course_data(counted({"a": (8, 9)}).documented, "a"))
    layout = figure.layout
    assert [title.text for title in layout.annotations] == ["accuracy", "loss (nats)"]
    assert layout.xaxis.title.text == layout.xaxis2.title.text == "epoch<br>n = 2 seeds"
    lines = [trace for trace in figure.data if trace.name]
    assert [(trace.name, trace.xaxis) for trace in lines] == [
        ("training", "x"),
        ("validation", "x"),
        ("training", "x2"),
        ("validation", "x2"),
    ]
    assert lines[2].y == (3.5, 2.5, 1.5) and lines[0].line.dash != lines[1].line.dash


def test_an_arm_without_epochs_is_left_out_and_a_lone_one_is_wide(counted: Counted) -> None:
    results = counted({"a": (8, 9), "b": (7, 7)})
    assert [(figure.title, figure.wide) for figure in each_arm(results, ["a", "b"])] == [("a", False), ("b", False)]
    assert [(figure.title, figure.wide) for figure in each_arm(results, ["a"])] == [("", True)]
    assert list(each_arm(results, ["none"])) == []


def test_a_study_without_the_documents_protocol_shows_the_corrected_one(counted: Counted) -> None:
    (published,) = each_arm(counted({"a": (8, 9)}), ["a"])
    (corrected,) = each_arm(counted({"a": (8, 9)}, cells=CELLS[1:]), ["a"])
    assert published.caption.startswith("As printed, as published;")
    assert corrected.caption.startswith("As each arm chose, corrected;")


def test_losses_that_are_not_finite_are_gaps(counted: Counted) -> None:
    results = counted({"a": (8, 9)})
    results.run.epochs["train_loss"] = math.inf
    (figure,) = each_arm(results, ["a"])
    assert "Infinity" not in figure.drawing.to_json()


def test_a_printed_accuracy_is_a_line_across_the_accuracies(counted: Counted) -> None:
    results = counted({"a": (8, 9), "b": (7, 7)})
    first, second = each_arm(results, ["a", "b"], printed={"b": 37.65})
    assert not first.drawing.layout.shapes
    (line,) = second.drawing.layout.shapes
    assert (line.y0, line.y1, line.yref) == (0.3765, 0.3765, "y")
    assert "Dotted: the accuracy that the document prints." in first.caption
    (alone,) = each_arm(results, ["a"], printed={"b": 37.65})
    assert "Dotted" not in alone.caption
