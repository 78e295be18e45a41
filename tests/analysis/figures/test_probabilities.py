"""Probabilities of classes over the items of a class."""

from dataclasses import replace

import numpy as np
import pytest
from counted import Counted

from analysis.figures.probabilities import draw_probabilities, of_classes, others, probabilities_data


def test_probabilities_are_means_over_seeds_in_falling_order(counted: Counted) -> None:
    data = probabilities_data(counted({"a": (8, 10)}).documented, "a")
    bass, flute = data.classes
    assert (bass.label, bass.items, flute.items, data.repetitions) == ("bass", 5, 5, 2)
    assert bass.probabilities[:, 0] == pytest.approx([0.6, 0.6, 0.6, 0.6, 0.5])
    assert bass.probabilities.sum(axis=1) == pytest.approx(np.ones(5))
    assert flute.probabilities[:, 1] == pytest.approx([0.6, 0.6, 0.6, 0.6, 0.5])
    assert others(flute, data.labels) == [0]


def test_answers_of_other_classes_are_left_out(counted: Counted) -> None:
    results = counted({"a": (8, 10)})
    run = results.run
    longer = run.predictions.assign(logits=[[0.0, 0.0, 0.0]] * len(run.predictions))
    assert list(of_classes(replace(results, run=replace(run, predictions=longer)), ["a"])) == []


def test_each_class_has_a_panel_with_a_line_for_every_class(counted: Counted) -> None:
    results = counted({"a": (8, 10)})
    (figure,) = of_classes(results, ["a"])
    assert len(figure.drawing.data) == 2 * 2
    own = figure.drawing.data[1]
    assert own.y == (0.6, 0.6, 0.6, 0.6, 0.5) and own.x == (0.1, 0.3, 0.5, 0.7, 0.9)
    assert own.line.width > figure.drawing.data[0].line.width
    assert figure.drawing.layout.yaxis.range == (0, 1.03) == figure.drawing.layout.yaxis2.range
    empty = draw_probabilities(probabilities_data(results.documented, "none"))
    assert empty.layout.annotations[0].text == "No probabilities were stored."
