"""Curves and matrices with as many values as a screen shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.pictures.downsampling import borders, decimals, envelope, matrix, means


@given(st.integers(1, 5000), st.integers(1, 400))
def test_blocks_divide_everything_evenly(length: int, most: int):
    ends = borders(length, most)
    assert (ends[0], ends[-1], len(ends)) == (0, length, min(length, most) + 1)
    sizes = np.diff(ends)
    assert sizes.min() >= 1
    assert sizes.max() - sizes.min() <= 1


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=300), st.integers(1, 50))
def test_an_envelope_keeps_the_extremes_and_holds_every_sample(samples: list[int], columns: int):
    values = np.array(samples, dtype=np.float64)
    found = envelope(values, columns)
    ends = borders(len(values), columns)
    place = np.searchsorted(ends, np.arange(len(values)), side="right") - 1
    low, high = np.array(found["low"]), np.array(found["high"])
    assert (low[place] <= values).all()
    assert (values <= high[place]).all()
    assert (low.min(), high.max()) == (values.min(), values.max())


def test_an_envelope_has_three_figures():
    assert envelope(np.array([0.012345, -0.0067891]), 2) == {"low": [0.0123, -0.0068], "high": [0.0123, -0.0068]}


def test_means_are_of_neighbours():
    values = np.array([[1.0, 3.0, 5.0, 7.0], [10.0, 30.0, 50.0, 70.0]])
    assert means(values, 2, 1).tolist() == [[2.0, 6.0], [20.0, 60.0]]
    assert means(values, 1, 0).tolist() == [[5.5, 16.5, 27.5, 38.5]]
    assert means(values, 9, 1).tolist() == values.tolist()
    assert matrix(values, 1, 2) == [[11.0, 33.0]]


@pytest.mark.parametrize(("largest", "digits"), [(0.0, 0), (80.0, 1), (1.0, 2), (0.01, 4), (4096.0, 0)])
def test_decimals_keep_three_figures_of_the_largest(largest: float, digits: int):
    assert decimals(np.array([-largest, 0.0])) == digits
