"""Confusion matrices as a document reads them."""

from counted import Counted

from analysis.figures.confusion import as_read, confusion_data

FAMILIES = ("bass", "brass", "flute")


def test_all_classes_are_there_in_the_order_given(counted: Counted) -> None:
    data = confusion_data(counted({"a": (8, 10)}).documented, "a", FAMILIES)
    assert data.labels == FAMILIES
    assert data.counts.tolist() == [[9, 0, 1], [0, 0, 0], [1, 0, 9]]
    assert data.shares[0].tolist() == [0.9, 0, 0.1]


def test_a_prediction_of_a_low_probability_becomes_a_class(counted: Counted) -> None:
    confirmed = counted({"a": (8, 10)}).documented
    assert confusion_data(confirmed, "a", FAMILIES, 0.5, "bass").counts.tolist()[2] == [1, 0, 9]
    assert confusion_data(confirmed, "a", FAMILIES, 0.7, "bass").counts.tolist()[2] == [10, 0, 0]


def test_both_readings_are_drawn_of_each_arm(counted: Counted) -> None:
    results = counted({"a": (8, 10)})
    shown = list(as_read(results, ["a", "none"], FAMILIES, 0.7, "bass"))
    assert [figure.title for figure in shown] == ["a, as predicted", "a, below 0.7 becomes bass"]
    assert shown[0].drawing.layout.xaxis.ticktext == FAMILIES
    assert "20 predictions" in shown[0].caption
