"""Bars of importance: what they show as numbers, that they draw, and where there are none."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from optuna.distributions import FloatDistribution

from analysis.figures import importances
from analysis.results import Results
from analysis.statistics import importance

SPACE = dict.fromkeys(("rate", "decay", "width"), FloatDistribution(0, 1))


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "RESAMPLES", 5)


def run_of(surface: Any, n: int, **changes: Any) -> Any:
    settings = pd.DataFrame(np.random.default_rng(0).random((n, 3)), columns=list(SPACE))
    return surface(settings, (0.6 * settings["rate"] + 0.2 * settings["decay"]).to_numpy(), SPACE, **changes)


def test_rows_have_the_shares_with_intervals_and_places(surface: Any) -> None:
    data = importances.importance_data(run_of(surface, 50), "a")
    assert list(data.rows["parameter"])[:2] == ["rate", "decay"]
    assert data.rows["share"].sum() == pytest.approx(1)
    assert (data.rows["low"] <= data.rows["high"]).all() and data.rows["rank"][0] == 1


def test_each_arm_is_drawn_with_what_it_rests_on(surface: Any) -> None:
    (figure,) = importances.each_arm(Results.of(run_of(surface, 50)))
    assert [trace.type for trace in figure.drawing.data] == ["bar", "scatter"]
    assert figure.drawing.layout.height > 0 and "50 random trials of 10 epochs" in figure.caption


def test_too_few_trials_say_so_and_trials_of_tpe_draw_nothing(surface: Any) -> None:
    (figure,) = importances.each_arm(Results.of(run_of(surface, 12)))
    assert "12 explored trials" in figure.drawing.layout.annotations[0].text
    assert not list(importances.each_arm(Results.of(run_of(surface, 50, exploration=None))))
