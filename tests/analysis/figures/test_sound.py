"""Waveforms."""

import numpy as np
import pytest
from counted import Counted

from analysis.figures.sound import Examples, Sound, clip, cut_data, draw_cut, draw_examples, draw_sound, examples_data

WAVE = {"clip": "a.mp3", "label": "<b>flute</b>", "seconds": 2.0, "low": [-0.5, -0.1], "high": [0.5, 0.2]}
CUT = {"count": 3, "seconds": 1.0, "starts": [0.0, 0.5, 1.0], "shown": 1, "start": 0.5}
NAN = {**WAVE, "low": [float("nan")] * 2, "high": [float("nan")] * 2}


def test_a_waveform_has_its_times():
    data = cut_data({"clip": WAVE, "segments": CUT})
    assert data.sound.times.tolist() == [0.5, 1.5]
    assert (data.segments, data.shown, data.start) == (3, 1, 0.5)


def test_a_line_starts_each_segment_and_one_is_shaded():
    figure = draw_cut(cut_data({"clip": WAVE, "segments": CUT}))
    shaded, *lines = figure.layout.shapes
    assert (shaded.type, shaded.x0, shaded.x1) == ("rect", 0.5, 1.5)
    assert [line.x0 for line in lines] == [0.5, 1.0]
    assert figure.layout.xaxis.range == (0, 2.0)


def test_a_segment_longer_than_its_clip_is_shown_whole():
    figure = draw_cut(cut_data({"clip": WAVE, "segments": {**CUT, "seconds": 4.0}}))
    assert figure.layout.xaxis.range == (0, 4.5)


def test_a_clip_is_shown_for_the_arm_that_has_it(counted: Counted):
    results = counted({"a": (8,)}, pictures={"inputs": [{"arms": ["a", "b"], "clip": WAVE, "segments": CUT}]})
    (figure,) = clip(results, ["a"])
    assert figure.caption == "a.mp3, 2.00 s. 3 segments of 1 s; shaded: number 2, the loudest."
    assert list(clip(results, ["b"])) == []


@pytest.mark.parametrize("wave", [WAVE, NAN, {**WAVE, "low": [], "high": []}])
def test_waveforms_draw(wave):
    data = cut_data({"clip": wave, "segments": CUT})
    for figure in (draw_cut(data), draw_sound(data.sound)):
        assert figure.layout.height > 0
        assert figure.data or figure.layout.annotations


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_small_multiples_share_their_axes(count: int):
    sounds = [{**WAVE, "seconds": float(i + 1), "peak": 0.1 * (i > 0)} for i in range(count)]
    data = examples_data({"waveforms": {"classes": 9, "clips": sounds}})
    figure = draw_examples(data)
    assert len(figure.data) == count
    assert data.classes == 9
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert all("&lt;b&gt;flute&lt;/b&gt;" in title for title in titles[:count])
    if count > 1:
        assert {axis.range for axis in figure.select_xaxes()} == {(0, float(count))}
        assert "−20 dB" in titles[1]
        assert "silent" in titles[0]


def test_without_pictures_there_are_no_waveforms():
    assert examples_data({}) == Examples((), (), 0)
    assert draw_sound(Sound("", "", 1.0, np.array([]), np.array([]))).layout.annotations
