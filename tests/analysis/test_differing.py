"""What differs between two runs is named, and nothing else."""

import json
from dataclasses import replace

import pytest

from analysis.claims import Better
from analysis.differing import differences
from analysis.report.differences import render_differences
from analysis.runs import Run

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    claims = (Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),)
    path = tmp_path_factory.mktemp("runs") / "first"
    return Run.load(synthetic_run(path, arms=ARMS, claims=claims, labels=("banjo", "cello"), epochs=3, explored=2))


@pytest.fixture(scope="module")
def other(run: Run) -> Run:
    """The same run with another version, setting, answer and trial."""
    study = json.loads(json.dumps(run.study))
    study["provenance"]["versions"]["torch"] = "9.9"
    study["study"]["arms"][0]["settings"]["bands"] = 32
    trials = run.trials.copy()
    confirmed = trials.index[trials["phase"] == "confirm"]
    trials.loc[confirmed[0], "test_accuracy"] += 0.1
    trials.loc[0, "settings"] = json.dumps({**json.loads(trials.loc[0, "settings"]), "batch_size": 7})
    trials = trials.drop(index=confirmed[-1])
    predictions = run.predictions.copy()
    lost = run.trials.loc[confirmed[-1], "trial"]
    return replace(run, study=study, trials=trials, predictions=predictions[predictions["trial"] != lost])


def test_a_run_does_not_differ_from_itself(run: Run):
    found = differences(run, run)
    assert not found.settings and not found.verdicts and found.trials.empty
    assert render_differences(found).count("Nothing differs.") == 3


def test_what_differs_is_named_with_both_values(run: Run, other: Run):
    found = differences(run, other)
    assert [tuple(each) for each in found.settings] == [
        ("versions", "torch", "2.11.0", "9.9"),
        (f"arm {ARMS[0]}", "bands", "64", "32"),
    ]
    trials = found.trials
    assert len(trials) == 3
    explored = trials[trials["phase"] == "explore"].iloc[0]
    assert (explored["settings 1"][:11], explored["settings 2"]) == ("batch_size ", "batch_size 7")
    assert trials["test_accuracy 2"].sub(trials["test_accuracy 1"]).max() == pytest.approx(0.1)
    assert trials.loc[trials["state 2"].isna(), "settings 2"].tolist() == ["–"]


def test_verdicts_that_lose_a_repetition_differ(run: Run, other: Run):
    # The trial that is gone was the last arm's, under the protocol without verdicts.
    assert not differences(run, other).verdicts
    few = run.trials[(run.trials["repetition"] < 1007)]
    found = differences(run, replace(run, trials=few)).verdicts
    assert {each.part for each in found} == {"S4-F14"} and all("n = 7" in each.second for each in found)


def test_the_page_has_a_row_for_each_difference(run: Run, other: Run):
    page = render_differences(differences(run, other))
    assert "Test accuracy, run 1" in page and "Test accuracy, run 2" in page
    assert '"rows":3' in page
