"""The image of a clip that a second network is given."""

from dataclasses import replace

import pytest
from counted import Counted

from analysis.figures.stacked import clip, stacked_data
from analysis.results import Results

IMAGE = [0.1, 0.9, 0.4, 0.6, 0.75, 0.25]


def with_images(results: Results, item: int) -> Results:
    """The results, of which one test item of each trial has an image."""
    kept = [
        IMAGE if place == item else None for _, rows in results.run.predictions_of.items() for place in range(len(rows))
    ]
    return replace(results, run=replace(results.run, predictions=results.run.predictions.assign(image=kept)))


def test_the_first_image_that_is_kept_has_a_row_for_each_segment(counted: Counted) -> None:
    results = with_images(counted({"a": (8, 10)}), 2)
    data = stacked_data(results.documented, "a")
    assert data is not None
    first = results.run.predictions.iloc[2]
    assert (data.label, data.named, data.labels) == (first["label"], first["prediction"], ("bass", "flute"))
    assert data.image.tolist() == [[0.1, 0.9], [0.4, 0.6], [0.75, 0.25]]


def test_segments_run_downwards_and_probabilities_are_colours(counted: Counted) -> None:
    (figure,) = clip(with_images(counted({"a": (8, 10)}), 0), ["a"])
    (drawn,) = figure.drawing.data
    assert (drawn.zmin, drawn.zmax, list(drawn.y)) == (0, 1, [1, 2, 3])
    assert list(drawn.x) == ["bass", "flute"] and drawn.z.tolist()[2] == [0.75, 0.25]
    assert figure.drawing.layout.yaxis.autorange == "reversed"
    assert "n = 1" in figure.caption


@pytest.mark.parametrize("arm", ["a", "none"])
def test_without_images_nothing_is_drawn(counted: Counted, arm: str) -> None:
    assert list(clip(counted({"a": (8, 10)}), [arm])) == []
