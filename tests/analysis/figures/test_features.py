"""Features of a segment as images."""

import numpy as np
import pytest
from counted import Counted

from analysis.figures.features import (
    augmented_data,
    before_and_after,
    colour_axis,
    draw_augmented,
    draw_features,
    features_data,
    given,
)

VALUES = [[-1.0, -2.0, -3.0], [-4.0, -5.0, -60.0]]
NAN = [[float("nan")] * 3] * 2


def channel(name: str = "", values=VALUES, rows: str = "hertz"):
    return {"name": name, "rows": rows, "centres": [100.0, 4000.0], "values": values}


def stored(*channels):
    return {"unit": "dB", "seconds": 0.6, "channels": list(channels)}


def test_an_image_has_time_and_frequency():
    figure = draw_features(features_data(stored(channel())))
    (image,) = figure.data
    assert image.x == (0.1, 0.3, 0.5)
    assert np.asarray(image.z).tolist() == VALUES
    assert figure.layout.yaxis.ticktext == ("100", "4,000")
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (
        "time in the segment (s)",
        "frequency (Hz)",
    )
    assert figure.layout.coloraxis.colorbar.title.text == "dB"


def test_coefficients_are_numbered_and_the_first_has_no_part_in_the_colours():
    data = features_data(stored(channel(rows="coefficient")))
    assert draw_features(data).layout.yaxis.title.text == "coefficient"
    colours = colour_axis(data.images)
    assert (colours["cmin"], colours["cmax"]) == (-60, -4)


def test_a_stack_is_a_grid_of_windows_and_scales():
    names = [f"{scale}-{window}" for window in (512, 2048, 8192) for scale in ("linear", "mel", "log")]
    figure = draw_features(features_data(stored(*map(channel, names))))
    assert len(figure.data) == 9
    assert [text.text for text in figure.layout.annotations] == ["window 512", "window 2048", "window 8192"]
    titles = {axis.title.text for axis in figure.select_yaxes()} - {""}
    assert titles == {"linear (Hz)", "mel (Hz)", "log (Hz)"}
    places = {(trace.xaxis, trace.yaxis) for trace in figure.data}
    assert len(places) == 9


def test_a_stack_with_some_left_out_keeps_each_in_its_place():
    figure = draw_features(features_data(stored(channel("linear-512"), channel("mel-2048"))))
    assert [(trace.xaxis, trace.yaxis) for trace in figure.data] == [("x", "y"), ("x4", "y4")]


def test_features_of_one_row_are_a_curve():
    data = features_data({"unit": "amplitude", "seconds": 1.0, "low": [-0.1, 0.0], "high": [0.1, 0.2]})
    assert data.images == ()
    assert draw_features(data).layout.yaxis.title.text == "amplitude"


@pytest.mark.parametrize(
    "channels", [(), (channel(values=NAN),), (channel("a", NAN), channel("b", NAN)), (channel("", [[1.0]]),)]
)
def test_features_draw(channels):
    figure = draw_features(features_data(stored(*channels)))
    assert figure.layout.height > 0
    assert figure.data or figure.layout.annotations


def side(labels, values=VALUES, **more):
    return {
        "labels": labels,
        "seconds": 0.6,
        "low": [-1.0],
        "high": [1.0],
        "features": stored(channel("", values)),
        **more,
    }


def stored_chain(before, after):
    entry = {"names": "mixing+noise", "arm": "a", "clip": "b.mp3", "parameters": {"most_mixed": 3}}
    return {"augmented": [{**entry, "before": before, "after": after}]}


def test_before_and_after_stand_side_by_side_with_their_labels():
    (data,) = augmented_data(stored_chain(side(["flute"]), side(["flute", "oboe"])))
    figure = draw_augmented(data)
    assert [text.text for text in figure.layout.annotations] == [
        "<b>before</b><br>flute",
        "<b>after</b><br>flute<br>+ oboe",
    ]
    assert [trace.type for trace in figure.data] == ["scatter", "heatmap", "scatter", "heatmap"]
    assert (data.names, data.parameters) == ("mixing+noise", {"most_mixed": 3})


@pytest.mark.parametrize(
    "pair",
    [
        (side([], NAN, low=[float("nan")], high=[1.0]), side([], NAN, low=[float("nan")], high=[1.0])),
        (side(["a"], NAN), side([])),
        (side(["a"], features={"unit": "amplitude", "seconds": 1.0, "low": [0.0], "high": [0.0]}),) * 2,
    ],
)
def test_augmentations_draw(pair):
    figure = draw_augmented(augmented_data(stored_chain(*pair))[0])
    assert figure.layout.height > 0
    assert figure.data or figure.layout.annotations


def test_figures_of_a_document_are_of_the_arm_that_is_shown(counted: Counted):
    clip = {"clip": "b.wav", "label": "flute", "seconds": 0.6, "low": [0.0], "high": [0.0]}
    segments = {"count": 1, "seconds": 0.6, "starts": [0.0], "shown": 0, "start": 0.0}
    found = {"arms": ["a", "b"], "clip": clip, "segments": segments, "features": stored(channel())}
    results = counted({"a": (8,)}, pictures={"inputs": [found], **stored_chain(side(["flute"]), side(["flute"]))})
    for each, title in ((given, "Its features"), (before_and_after, "Mixing, noise (a)")):
        assert [figure.title for figure in each(results, ["a"])] == [title]
        assert list(each(results, ["b"])) == []


def test_a_study_that_augments_nothing_has_no_such_picture():
    assert augmented_data({}) == augmented_data({"augmented": []}) == []
