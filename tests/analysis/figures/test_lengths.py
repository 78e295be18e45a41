"""Lengths of clips."""

from counted import Counted

from analysis.figures.lengths import draw_lengths, histogram, lengths_data

FOUND = {"shortest": 29.9, "longest": 30.6, "edges": [29.9, 30.1, 30.3, 30.6], "counts": [990, 0, 10]}


def test_ranges_with_clips_have_a_bar_and_low_bars_a_number(counted: Counted) -> None:
    (figure,) = histogram(counted({}, pictures={"lengths": FOUND}), [], 30.0)
    bar = figure.drawing.data[0]
    assert bar.y == (990, 10) and bar.x == (30.0, 30.45) and bar.text == ("", "10")
    assert figure.drawing.layout.yaxis.title.text == "clips (n = 1,000)"
    assert figure.drawing.layout.shapes[0].x0 == 30.0
    assert "29.90 to 30.60 s" in figure.caption


def test_without_lengths_there_is_no_figure(counted: Counted) -> None:
    assert list(histogram(counted({}), [], 30.0)) == []
    assert draw_lengths(lengths_data({}), 30.0).layout.annotations[0].text == "No lengths were stored."
