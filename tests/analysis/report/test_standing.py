"""The accuracy of arms in a sentence, and which may be as good as the first."""

import math
from dataclasses import replace
from typing import Any

import pytest

from analysis.confirmed import Confirmed
from analysis.report.standing import as_good, ends, limits, sentence

ARMS = {"low": 0.5, "first": 0.9, "near": 0.899}


@pytest.fixture
def data(planted: Any) -> Confirmed:
    return Confirmed(planted(ARMS), "corrected")


def test_the_most_accurate_stands_first_with_its_interval(data: Confirmed) -> None:
    found = ends(data, [*ARMS, "not trained"])
    assert list(found)[-1] == "low" and set(found) == set(ARMS)
    assert found["low"].mean == pytest.approx(50, abs=3) and found["low"].low < 50 < found["low"].high
    said = sentence(data, ARMS)
    assert said.startswith("Test accuracy, n = 10: ") and said.index("low") > said.index("first")


def test_only_what_the_first_is_not_shown_to_be_ahead_of_may_be_as_good(data: Confirmed) -> None:
    assert as_good(data, "first", ARMS) == ["near"]
    assert limits(data, "first", "low")[0] > 30
    assert sentence(data, ["first", "low"]).count("May be as good") == 0
    assert sentence(data, ["first", "near"]).count("May be as good as the first: ") == 1


def test_arms_without_a_common_repetition_are_not_told_apart(data: Confirmed) -> None:
    rows = data.run.trials
    apart = rows[(rows["arm"] != "low") == (rows["repetition"] < rows["repetition"].median())]
    found = Confirmed(replace(data.run, trials=apart), "corrected")
    assert all(map(math.isnan, limits(found, "first", "low")))
    assert "low" in as_good(found, "first", ARMS)


def test_of_a_run_without_tests_nothing_is_said(data: Confirmed) -> None:
    assert sentence(Confirmed(replace(data.run, trials=data.run.trials[:0]), "corrected"), ARMS) == ""
