"""What each arm chose, and where each ends."""

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from sklearn.metrics import f1_score

from analysis.confirmed import Confirmed
from analysis.report.sections.arms import choices, ends, ends_of, f1_of_classes
from analysis.results import Results
from analysis.runs import Run


@pytest.fixture
def tuned(planted: Any) -> Run:
    run: Run = planted({"a": 0.8, "b": 0.7}, n=2, groups=10)
    settings = {"learning_rate": 0.001, "batch_size": 32}
    run.study["study"] |= {
        "arms": [{"name": "a", "settings": settings}, {"name": "b", "settings": {"batch_size": 64}}],
        "tuned": {
            "learning_rate": "FloatDistribution(high=0.01, log=True, low=0.0001, step=None)",
            "batch_size": "CategoricalDistribution(choices=(16, 32, 64))",
        },
        "guessed": ["optimiser and learning rate"],
    }
    return replace(run, trials=run.trials.assign(settings=json.dumps({"learning_rate": 0.00256789, "batch_size": 16})))


def test_each_arm_has_its_choice_beside_what_was_printed_and_searched(tuned: Run) -> None:
    found = [(c.arm, c.setting, c.printed, c.guessed, c.chosen, c.searched) for c in choices(tuned)]
    assert found == [
        ("a", "learning rate", "0.001", True, "0.00257", "0.0001 to 0.01, logarithmic"),
        ("a", "batch size", "32", False, "16", "16, 32 or 64"),
        ("b", "batch size", "64", False, "16", "16, 32 or 64"),
    ]


def test_an_arm_that_has_not_chosen_says_nothing(tuned: Run) -> None:
    printed = tuned.trials[tuned.trials["configuration"] == "as_printed"]
    assert {choice.chosen for choice in choices(replace(tuned, trials=printed))} == {""}


def test_every_arm_stands_under_every_protocol_that_it_was_tested_under(planted: Any) -> None:
    cells = [("corrected", "chosen"), ("corrected", "as_printed"), ("as_published", "as_printed")]
    run = planted({"a": 0.8, "b": 0.7}, n=3, groups=10, cells=cells)
    found = [(end.arm, end.protocol, end.configuration) for end in ends(Results.of(run))]
    expected = [("corrected", "chosen"), ("corrected", "as printed"), ("as_published", "as printed")]
    assert found == [(arm, *cell) for cell in expected for arm in "ab"]


def test_an_end_has_its_interval_its_scores_and_chance(planted: Any) -> None:
    run = planted({"a": 0.99}, n=3, groups=3)
    run.predictions.loc[run.predictions["trial"] == "corrected-chosen-a-0", "prediction"] = "cello"
    (end,) = ends_of(Confirmed(run, "corrected"), ["a"])
    assert end.accuracy.n == 3 and end.chance == pytest.approx(25, abs=2) and end.collapsed == 1
    assert 0 <= end.accuracy.low < end.accuracy.mean < end.accuracy.high <= 100


def test_the_macro_f1_of_classes_is_that_of_scikit_learn() -> None:
    labels, predictions = pd.Series([*"aaabbc"]), pd.Series([*"aabbdb"])
    expected = f1_score(labels, predictions, average="macro")
    assert f1_of_classes(labels, predictions) == pytest.approx(expected)


def test_where_there_are_published_excerpts_an_end_has_their_scores_too(planted: Any, fully_recorded: Any) -> None:
    run = planted({"a": 0.8}, n=2, groups=10)
    (plain,), (end,) = (ends_of(Confirmed(each, "corrected"), ["a"]) for each in (run, fully_recorded(run)))
    assert plain.excerpts == {}
    # Excerpts of one label each, of which the best class is named: F1 is accuracy.
    assert end.excerpts["Micro F1"] == pytest.approx(end.accuracy.mean)
    assert end.excerpts["Macro F1"] == pytest.approx(end.macro_f1)
    assert list(end.excerpts) == ["Micro F1", "Macro F1", "Label ranking precision"]


def test_an_arm_that_names_no_classes_of_excerpts_has_no_such_scores(planted: Any, fully_recorded: Any) -> None:
    run = fully_recorded(planted({"a": 0.8, "b": 0.8}, n=2, groups=10))
    excerpts = run.excerpts[run.excerpts["trial"].str.contains("-a-")]
    found = ends_of(Confirmed(replace(run, excerpts=excerpts), "corrected"), ["a", "b"])
    assert [bool(end.excerpts) for end in found] == [True, False]
