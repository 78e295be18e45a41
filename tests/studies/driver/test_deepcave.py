"""DeepCAVE's two files: a space, and trials that lie in it, as its converter reads them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.deepcave import METRIC, dimension, exported
from analysis.errors import RunError
from analysis.runs import Run
from studies.driver.deepcave import write_deepcave

RUN = Path(analysis.__file__).parent / "evidence" / "yun_bi.kernel_shape-laptop-9e01b405"


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.load(RUN)


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both files, as pandas reads them."""
    folder, left_out = write_deepcave(RUN, tmp_path_factory.mktemp("deepcave"))
    assert (folder.name, left_out) == (RUN.name, ())
    space, trials = (pd.read_csv(folder / name) for name in ("configspace.csv", "trials.csv"))
    return space, trials


def test_the_space_has_bounds_choices_and_the_arms(read) -> None:
    space = read[0].set_index("name")
    rate = space.loc["learning_rate"]
    assert (rate["type"], rate["lower"], rate["upper"], bool(rate["log"])) == ("float", 1e-4, 1e-2, True)
    assert set(space.filter(like="item_").loc["batch_size"].dropna()) == {f"batch_size={n}" for n in (16, 32, 64)}
    assert set(space.filter(like="item_").loc["arm"].dropna()) == {"arm=LeNet_5*5_64*80", "arm=LeNet_3*8_64*80"}
    assert set(space["distribution"].dropna()) == {"uniform"}


def test_every_trial_lies_in_the_space(read, run: Run) -> None:
    space, trials = read[0].set_index("name"), read[1]
    assert len(trials) == len(run.trials[run.trials["phase"] == "explore"])
    for name, each in space.iterrows():
        if each["type"] == "categorical":
            assert set(trials[name]) <= set(each.filter(like="item_").dropna()) and each["default"] in set(each)
        else:
            assert trials[name].between(each["lower"], each["upper"]).all()


def test_trials_have_their_accuracy_budget_and_time(read, run: Run) -> None:
    trials, explored = read[1], run.trials[run.trials["phase"] == "explore"]
    assert re.fullmatch(r"metric:\w+ \[-?\d+; -?\d+\] \(maximize\)", METRIC)
    assert trials[METRIC].tolist() == pytest.approx(explored["validation_accuracy"].tolist())
    assert trials["budget"].tolist() == explored["epochs"].tolist()
    assert (trials["end_time"] - trials["start_time"]).tolist() == pytest.approx(explored["seconds"].tolist())
    assert set(trials["status"]) == {"success"} and trials["trial"].tolist() == explored["trial"].tolist()


def test_a_setting_outside_of_what_was_searched_is_left_out_and_a_failed_trial_crashed(run: Run) -> None:
    rows = run.trials[run.trials["phase"] == "explore"].copy()
    rows.loc[rows.index[0], "settings"] = json.dumps({**json.loads(rows.iloc[0]["settings"]), "batch_size": 7})
    rows.loc[rows.index[1], "state"] = "failed"
    found = exported(replace(run, trials=rows))
    assert found.left_out == ("batch_size",) and "batch_size" not in found.trials
    assert found.trials["status"].tolist()[:2] == ["success", "crashed"]


def test_a_run_that_explored_nothing_says_so(run: Run) -> None:
    with pytest.raises(RunError, match="has explored no trial: there is nothing that DeepCAVE could show"):
        exported(replace(run, trials=run.trials[run.trials["phase"] == "confirm"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IntDistribution(high=8, log=False, low=1, step=1) where a is (1) or b", ("integer", 1, 8, False, ())),
        ("CategoricalDistribution(choices=('a', True, None))", ("categorical", None, None, False, ("a", True, None))),
    ],
)
def test_dimensions_are_read_as_they_are_described(text: str, expected: tuple) -> None:
    found = dimension("x", text)
    assert (found.type, found.lower, found.upper, found.log, found.choices) == expected
