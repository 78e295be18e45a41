"""What is shown of a search: parallel coordinates and the best so far."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution

from analysis.figures import parallel, progress
from analysis.figures.style import arm_styles
from analysis.results import Results
from analysis.runs import Run

SPACE = {"optimiser": CategoricalDistribution(("adam", "sgd")), "momentum": FloatDistribution(0, 1)}
TUNED = {"optimiser": str(SPACE["optimiser"]), "momentum": f"{SPACE['momentum']} where optimiser is sgd"}
TUNED |= {"rate": str(FloatDistribution(1e-4, 1e-1, log=True))}
ACCURACIES = np.array([0.70, 0.72, 0.71, 0.73, 0.74, 0.75, 0.10, np.nan])


@pytest.fixture
def run(surface: Any) -> Run:
    """Eight trials with a setting that depends on another, of which one is far below and one has diverged."""
    settings = pd.DataFrame({"optimiser": ["adam", "sgd"] * 4, "momentum": 0.9, "rate": np.geomspace(1e-4, 1e-1, 8)})
    made = surface(settings, ACCURACIES, SPACE, exploration=None)
    study = {**made.study, "study": {**made.study["study"], "tuned": TUNED}}
    states = ["complete"] * 7 + ["failed"]
    return replace(made, study=study, trials=made.trials.assign(cpu_seconds=1800.0, state=states))


def test_a_setting_that_was_not_drawn_is_missing_and_not_its_default(run: Run):
    data = parallel.parallel_data(run, "a")
    axes = {axis.name: axis for axis in data.axes}
    assert list(axes) == ["optimiser", "momentum", "rate", "validation accuracy"]
    assert np.isnan(axes["momentum"].places).tolist() == [True, False] * 4
    assert axes["rate"].places == pytest.approx(np.linspace(0, 1, 8))
    assert axes["optimiser"].marks == {0.0: "adam", 1.0: "sgd"}


def test_what_diverged_and_what_is_clipped_is_said(run: Run):
    data = parallel.parallel_data(run, "a")
    reached = data.axes[-1].places
    assert (data.clipped, data.lost) == (1, 1)
    assert reached[6] == 0.0 and np.isnan(reached[7]) and reached[5] == 1.0
    (figure,) = parallel.each_arm(Results.of(run))
    assert "1 reached far less than the others and lie at the end of the axis, 70.0 %." in figure.caption
    assert "1 diverged or failed" in figure.caption
    drawn = {trace.name: trace for trace in figure.drawing.data}
    assert drawn["no accuracy"].x[3] == parallel.MISSING
    assert sum(np.isnan(np.array(trace.x, float)).sum() for trace in drawn.values()) == 8


def test_of_many_trials_some_are_drawn_and_the_number_is_said(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel, "MOST", 4)
    (figure,) = parallel.each_arm(Results.of(run))
    assert "4 of 8 trials" in figure.caption


def test_the_best_so_far_never_falls_and_counts_what_failed(run: Run):
    data = progress.progress_data(run)
    assert data.steps["best"].tolist() == [0.70, 0.72, 0.72, 0.73, 0.74, 0.75, 0.75, 0.75]
    assert data.steps["trials"].tolist() == list(range(1, 9))
    assert data.steps["hours"].tolist() == pytest.approx(np.arange(1, 9) / 2)
    (figure,) = progress.best_so_far(Results.of(run))
    assert [axis.title.text for axis in (figure.drawing.layout.xaxis, figure.drawing.layout.xaxis2)] == [
        "explored trials",
        "processor hours",
    ]


def test_nothing_explored_draws_nothing(run: Run):
    empty = replace(run, trials=run.trials[:0])
    assert not list(parallel.each_arm(Results.of(empty))) and not list(progress.best_so_far(Results.of(empty)))
    assert parallel.draw_parallel(parallel.parallel_data(empty, "a")).layout.height == 120
    assert progress.draw_progress(progress.progress_data(empty), arm_styles(["a"])).layout.height == 120
    lost = replace(
        run, trials=run.trials.assign(validation_accuracy=np.nan, settings=json.dumps({"optimiser": "adam"}))
    )
    assert parallel.parallel_data(lost, "a").lost == 8
    parallel.draw_parallel(parallel.parallel_data(lost, "a"))
