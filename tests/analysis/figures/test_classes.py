"""The classes of each part."""

import numpy as np
import pytest

from analysis.figures.classes import (
    MOST_ROWS,
    absent,
    classes_data,
    draw_classes,
    draw_official,
    imbalance,
    of_part,
    official_data,
)


def pictures(*splits, labels=("bass", "synth_lead", "vocal")):
    cards = [
        {"protocol": name, "arms": ["a"], "unit": "clips", "classes": dict(zip(("train", "test"), counts, strict=True))}
        for name, *counts in splits
    ]
    return {"labels": list(labels), "splits": cards}


def test_counts_are_by_class_and_part_on_one_axis():
    first, second = classes_data(pictures(("as_published", [6, 0, 3], [1, 0, 2]), ("corrected", [1, 0, 1], [9, 0, 1])))
    assert first.counts.tolist() == [[6, 1], [0, 0], [3, 2]]
    assert (first.parts, first.most, second.most) == (("train", "test"), 9, 9)
    assert (absent(first), first.shared) == (("synth_lead",), True)


def test_imbalance_is_of_classes_that_are_there():
    assert imbalance(np.array([6, 0, 3])) == 2
    assert imbalance(np.array([0, 0])) is None


def test_a_protocol_with_two_splits_is_not_shared():
    same = ("corrected", [1, 1, 1], [1, 1, 1])
    assert [data.shared for data in classes_data(pictures(same, same))] == [False, False]


def test_of_many_classes_those_of_no_split_are_only_named():
    labels = [f"class {i}" for i in range(MOST_ROWS + 5)]
    counts = [1, 2, *[0] * (len(labels) - 2)]
    (data,) = classes_data(pictures(("corrected", counts, counts), labels=labels))
    assert data.labels == ("class 0", "class 1")
    assert absent(data) == tuple(labels[2:])
    assert data.counts.tolist() == [[1, 1], [2, 2]]


@pytest.mark.parametrize("counts", [[6, 0, 3], [0, 0, 0], [1, 0, 0]])
def test_classes_draw(counts):
    (data,) = classes_data(pictures(("corrected", counts, [0, 0, 0])))
    figure = draw_classes(data)
    assert figure.layout.height > 0
    assert figure.data or figure.layout.annotations
    if any(counts):
        panels = [figure.layout.xaxis, figure.layout.xaxis2]
        assert {panel.range for panel in panels} == {panels[0].range}
        assert panels[0].title.text == "clips"
        crosses = [trace for trace in figure.data if trace.type == "scatter"]
        assert [len(trace.y) for trace in crosses] == [counts.count(0), 3]


def test_without_pictures_there_are_no_classes():
    assert classes_data({}) == []


OFFICIAL = {"labels": ["bass", "synth_lead", "vocal"], "official": {"train": [60, 5, 35], "test": [9, 0, 1]}}


def test_official_parts_have_one_axis_and_all_classes():
    train, test = (official_data(OFFICIAL, part) for part in ("train", "test"))
    assert (train.counts.tolist(), test.counts.tolist()) == ([60, 5, 35], [9, 0, 1])
    assert train.most == test.most == 0.9
    drawings = [draw_official(data) for data in (train, test)]
    assert drawings[0].layout.xaxis.range == drawings[1].layout.xaxis.range
    assert drawings[1].layout.xaxis.title.text == "share of the part (n = 10 clips)"
    assert drawings[1].data[0].x == (0.9, 0, 0.1) and drawings[1].data[0].text == ("9", "", "1")
    assert drawings[1].data[1].y == (1,) and drawings[0].data[1].y == ()
    assert drawings[0].layout.yaxis.ticktext == ("bass", "synth_lead", "vocal")


def test_a_part_that_a_copy_lacks_is_not_drawn(counted):
    assert official_data(OFFICIAL, "valid") is None and official_data({}, "test") is None
    results = counted({}, pictures=OFFICIAL)
    assert [len(list(of_part(results, [], part))) for part in ("test", "valid", "train")] == [1, 0, 1]
    (figure,) = of_part(results, [], "test")
    assert "Largest class to smallest that has any: 9." in figure.caption
