"""Numbers and names as a reader sees them."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution

from analysis.text import counted, duration, effect, estimate, limits, measured, number, searched, setting, signed, slug


@pytest.mark.parametrize(
    ("value", "text"), [(1.25, "+1.2"), (-0.046, "−0.05"), (0.0, "+0.0"), (None, "–"), (np.nan, "–"), (-3.0, "−3.0")]
)
def test_signed(value, text: str):
    assert signed(value) == text


def test_numbers_and_durations():
    assert (number(438366), number(2.25, 2), number(-4.0), number(np.inf)) == ("438,366", "2.25", "−4", "–")
    assert (duration(5.0), duration(90.0), duration(5400.0), duration(np.nan)) == ("5.0 s", "1.5 min", "1.5 h", "–")


def test_one_is_not_many():
    assert [counted(count, "trial") for count in (0, 1, 1200)] == ["0 trials", "1 trial", "1,200 trials"]


def test_slug_keeps_the_id_of_a_finding():
    assert slug("S4-F3") == "S4-F3"
    assert slug("LeNet_3*8 <a>") == "LeNet-3-8-a"


@pytest.mark.parametrize(
    ("value", "text"),
    [(4123.4, "4,123"), (-12.34, "−12.3"), (0.5, "0.50"), (-0.02, "−0.020"), (0.0, "0.0"), (math.nan, "unknown")],
)
def test_an_estimate_has_as_many_decimals_as_it_can_bear(value: float, text: str):
    assert estimate(value) == text


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("points", "−1.5 points [−4.0, +0.2]"),
        ("odds ratio per SD", "−1.50 odds ratio per SD [−4, 0.25]"),
        ("ratio", "×\u202f−1.50 [−4, 0.25]"),
    ],
)
def test_an_effect_is_written_alike_everywhere(unit: str, shown: str):
    verdict = SimpleNamespace(effect=-1.5, low=-4.0, high=0.25, unit=unit)
    assert measured(verdict) == f"{effect(verdict)} {limits(verdict)}" == shown


def test_a_count_of_thousands_has_no_decimals() -> None:
    verdict = SimpleNamespace(effect=-29787232.0, low=-29787232.0, high=-29787232.0, unit="bytes")
    assert measured(verdict) == "−29,787,232 bytes [−29,787,232, −29,787,232]"


def test_nothing_measured_is_a_dash_alone_and_nothing_in_a_line():
    verdict = SimpleNamespace(effect=None, low=None, high=None, unit="points")
    assert (effect(verdict), limits(verdict), measured(verdict)) == ("–", "", "")


@pytest.mark.parametrize(
    ("value", "label"), [(0.00035528171013359764, "0.000355"), (0.001, "0.001"), (32, "32"), ("3x8", "3x8")]
)
def test_settings_have_as_many_digits_as_a_reader_needs(value: object, label: str) -> None:
    assert setting(value) == label


@pytest.mark.parametrize(
    ("dimension", "words"),
    [
        (str(FloatDistribution(1e-4, 1e-2, log=True)), "0.0001 to 0.01, logarithmic"),
        (f"{FloatDistribution(0.5, 0.9)} where optimiser is sgd", "0.5 to 0.9 where optimiser is sgd"),
        (str(CategoricalDistribution((16, 32, 64))), "16, 32 or 64"),
        (str(CategoricalDistribution(("adam", "sgd"))), "adam or sgd"),
        (str(CategoricalDistribution(("adam",))), "adam"),
        ("of another version", "of another version"),
    ],
)
def test_dimensions_of_a_search_in_words(dimension: str, words: str) -> None:
    assert searched(dimension) == words
