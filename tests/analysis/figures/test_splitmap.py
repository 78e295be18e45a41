"""The map of groups and parts, and its leak counter."""

import pytest

from analysis.figures.splitmap import draw_split_map, of_arms, split_maps_data, words


def block(parts, groups, **items):
    return {"parts": list(parts), "groups": groups, "items": items}


LEAKY = (
    block(["train"], 5, train=20),
    block(["validation", "test"], 2, validation=3, test=3),
    block(["train", "test"], 3, train=4, test=9),
)


def maps(*sets, **more):
    card = {
        "protocol": "corrected",
        "arms": ["a"],
        "unit": "clips",
        "segments": {"train": [24, 240]},
        "sets": list(sets),
    }
    return split_maps_data({"splits": [{**card, **more}]})


def test_leaks_are_groups_on_both_sides():
    (data,) = maps(*LEAKY)
    assert (data.leaking, data.groups) == (3, 10)
    assert data.known == pytest.approx(9 / 12)
    assert [data.items(part) for part in ("train", "validation", "test")] == [24, 3, 12]


def test_what_leaks_stands_on_top_and_is_said_in_words():
    (data,) = maps(*reversed(LEAKY))
    assert [each.leaks for each in data.blocks] == [False, False, True]
    assert words(data) == "Groups: 5 in train; 2 in validation and test; ✗\u00a03 in train and test."


def test_validation_and_test_alone_leak_nothing_of_the_training():
    (data,) = maps(block(["validation", "test"], 4, validation=4, test=4))
    assert (data.leaking, data.known) == (0, 0)


def test_leaks_are_told_by_shape_as_well_as_colour():
    (data,) = maps(*LEAKY)
    bars = [trace for trace in draw_split_map(data).data if trace.type == "bar"]
    shapes = {trace.marker.pattern.shape for trace in bars if trace.marker.color == "#D55E00"}
    assert shapes == {"x"}
    assert {trace.marker.pattern.shape for trace in bars if trace.marker.color != "#D55E00"} == {None}
    assert sum(trace.y[0] for trace in bars) == 5 + 2 * 2 + 2 * 3


def test_segments_are_named_where_they_are_not_the_clips():
    (data,) = maps(*LEAKY)
    figure = draw_split_map(data)
    assert figure.layout.xaxis.ticktext[0] == "<b>train</b><br>24 clips<br>24–240<br>segments"
    (same,) = maps(*LEAKY, segments={"train": [24]})
    assert "segments" not in draw_split_map(same).layout.xaxis.ticktext[0]
    (divided,) = maps(*LEAKY, unit="segments")
    assert draw_split_map(divided).layout.xaxis.ticktext[0] == "<b>train</b><br>24 segments"


@pytest.mark.parametrize("sets", [(), LEAKY[:1]])
def test_maps_of_nothing_and_of_one_block_draw(sets):
    (data,) = maps(*sets)
    assert draw_split_map(data).layout.height > 0
    assert (data.known is None) or data.groups


def test_a_study_that_splits_nothing_has_no_map():
    assert split_maps_data({}) == split_maps_data({"splits": [{"unit": "clips", "classes": {}}]}) == []


def test_the_splits_of_some_arms_are_drawn(counted):
    split = {"protocol": "corrected", "unit": "clips", "sets": list(LEAKY)}
    pictures = {"splits": [{**split, "arms": ["a", "b"]}, {**split, "protocol": "as_published", "arms": ["b"]}]}
    results = counted({"a": (7, 8), "b": (7, 8)}, pictures=pictures)
    assert [len(list(of_arms(results, arms))) for arms in (["a"], ["b"], ["none"])] == [1, 2, 0]
