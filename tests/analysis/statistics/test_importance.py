"""Importances against exact Sobol indices of functions of which they are known, and against Optuna's own."""

import numpy as np
import optuna
import pandas as pd
import pytest
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator

from analysis.statistics import importance
from analysis.statistics.importance import Importances, importances

UNIT = FloatDistribution(0, 1)


def drawn(n: int, seed: int, **dimensions: BaseDistribution) -> pd.DataFrame:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    return pd.DataFrame([study.ask(dimensions).params for _ in range(n)])


def found(settings: pd.DataFrame, values: "pd.Series[float]", **dimensions: BaseDistribution) -> Importances:
    return importances(settings, values.to_numpy(float), dimensions, np.random.default_rng(0))


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about the width of an interval."""
    monkeypatch.setattr(importance, "RESAMPLES", 3)


def test_shares_of_an_additive_function_are_its_sobol_indices() -> None:
    """Of a x + b y + c z with even inputs they are a^2, b^2 and c^2 over their sum."""
    space = dict.fromkeys("xyz", UNIT)
    settings = drawn(120, 1, **space)
    estimate = found(settings, 6 * settings["x"] + 3 * settings["y"] + 2 * settings["z"], **space)
    assert estimate.parameters == ("x", "y", "z")
    assert estimate.shares == pytest.approx(np.array([36, 9, 4]) / 49, abs=0.08)
    assert estimate.shares.sum() == pytest.approx(1)


def test_what_is_drawn_in_its_logarithm_is_weighed_in_it() -> None:
    """A step halfway in the logarithm has variance 1/4, as much as one halfway in x; evenly in itself it has .083."""
    space = {"rate": FloatDistribution(1e-4, 1e-2, log=True), "x": UNIT}
    settings = drawn(120, 2, **space)
    estimate = found(settings, (settings["rate"] > 1e-3) + 1.0 * (settings["x"] > 0.5), **space)
    assert estimate.shares == pytest.approx([0.5, 0.5], abs=0.06)


def test_unordered_values_and_whole_numbers_have_their_shares() -> None:
    space = {"kind": CategoricalDistribution(("a", "b")), "number": IntDistribution(1, 4), "x": UNIT}
    settings = drawn(120, 3, **space)
    values = 1.0 * (settings["kind"] == "a") + 1.0 * (settings["number"] > 2) + 0 * settings["x"]
    estimate = found(settings, values, **space)
    shares = dict(zip(estimate.parameters, estimate.shares, strict=True))
    assert (shares["kind"], shares["number"], shares["x"]) == pytest.approx((0.5, 0.5, 0.0), abs=0.06)


def test_shares_are_those_that_optuna_reports_of_a_study_of_its_own() -> None:
    """Without logarithms, which Optuna does not take; it sorts the names, and the forest depends on their order."""
    space = {"kind": CategoricalDistribution(("a", "b", "c")), "number": IntDistribution(1, 4), "x": UNIT}
    settings = drawn(40, 4, **space)
    values = settings["x"] ** 2 + settings["kind"].map({"a": 0.0, "b": 1.0, "c": -1.0}) + 0.3 * settings["number"]
    study = optuna.create_study()
    for row, value in zip(settings.to_dict("records"), values, strict=True):
        study.add_trial(optuna.trial.create_trial(params=row, distributions=space, value=value))
    estimate = found(settings, values, **space)
    reported = dict(zip(estimate.parameters, estimate.main * estimate.shares, strict=True))
    theirs = FanovaImportanceEvaluator(n_trees=importance.TREES, seed=0).evaluate(study)
    assert reported == pytest.approx({name: float(share) for name, share in theirs.items()})


def test_the_best_trials_say_first_what_they_have_in_common() -> None:
    """Alone high x and y get there; z is no matter."""
    space = dict.fromkeys("xyz", UNIT)
    settings = drawn(100, 5, **space)
    estimate = found(settings, settings[["x", "y"]].min(axis=1), **space)
    ranks = dict(zip(estimate.parameters, estimate.ranks, strict=True))
    assert ranks["z"] == 3
    assert sorted(ranks.values()) == [1, 2, 3]


def test_some_parameters_together_carry_the_sum_of_their_shares() -> None:
    resampled = np.array([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    estimate = Importances(("x", "y", "z"), np.array([0.5, 0.3, 0.2]), 0.9, resampled, np.array([2.0, 2.0, 5.0]))
    assert estimate.together(["x", "z"]) == pytest.approx((0.7, 0.7, 0.7))
    # The two largest of the second resample are others.
    assert estimate.largest(2) == pytest.approx((0.8, 0.8025, 0.8975))
    assert estimate.ranks.tolist() == [2.5, 2.5, 1]
    assert estimate.limits.shape == (2, 3)


def test_a_resample_of_equal_values_is_drawn_again() -> None:
    settings = drawn(40, 6, x=UNIT, y=UNIT)
    estimate = found(settings, 1.0 * (settings["x"] == settings["x"].max()), x=UNIT, y=UNIT)
    assert estimate.resampled.shape == (importance.RESAMPLES, 2)
    assert np.isfinite(estimate.resampled).all()
