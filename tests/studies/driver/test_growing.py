"""A run of larger budgets than one before trains the difference, and ends as one begun at those budgets."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from plainly import Plainly

from analysis.looks import Open
from analysis.runs import Run
from analysis.verdicts import verdicts
from studies.driver import course, launch, page
from studies.remote.mirror import place
from studies.resources import Resources
from trainables.fit import CLOCKS
from trainables.trial import CHECKPOINT, PREDICTIONS, Trial

pytestmark = pytest.mark.slow

SMALL = {"trials": 3, "repetitions": 2, "epochs": 3}
LARGER = {"more repetitions": {"repetitions": 3}, "more epochs": {"epochs": 5}}


@pytest.fixture
def trained(monkeypatch):
    """How often each epoch was trained, by the configuration without its number of epochs."""
    counted, commit = Counter(), Trial._commit

    def committed(trial):
        family = replace(trial.configuration, settings={**trial.configuration.settings, "epochs": 0}).trial("")
        counted[family, len(trial.fit.history)] += 1
        commit(trial)

    monkeypatch.setattr(Trial, "_commit", committed)
    monkeypatch.setattr(launch, "train_all", Plainly())
    monkeypatch.setattr(page, "write_report", lambda directory: directory)
    return counted


@pytest.fixture
def run(tiny, store, trained):
    """`run(storage, **budgets)` runs the tiny study, in one process, and gives the run and what describes it."""

    def launched(storage, remote="", study=tiny.STUDY, **budgets):
        scale = tiny.SCALE.model_copy(update={**SMALL, **budgets})
        request = launch.Launch(tiny.NAME, study, scale, store, storage, remote)
        launch.launch([request], Resources(), lambda queue: None)
        return Run.load(request.directory, finished=True)

    return launched


def untimed(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=[*CLOCKS, "front_end_milliseconds"], errors="ignore")


@pytest.mark.parametrize("budgets", LARGER.values(), ids=LARGER)
def test_a_grown_run_trains_nothing_twice_and_equals_one_begun_at_its_budget(run, trained, tmp_path, budgets):
    """With one worker: which trials are stopped in explore depends on the order in which they report."""
    run(tmp_path / "grown")
    begun = trained.copy()
    grown = run(tmp_path / "grown", **budgets)
    assert set(trained.values()) == {1}
    assert begun.total() < trained.total()
    trained.clear()
    whole = run(tmp_path / "whole", **budgets)
    for name in ("trials", "epochs", "predictions"):
        pd.testing.assert_frame_equal(untimed(getattr(grown, name)), untimed(getattr(whole, name)), check_exact=True)
    assert verdicts(grown) == verdicts(whole)


def test_what_another_study_has_trained_is_shared_whatever_it_calls_its_arms(run, tiny, trained, tmp_path):
    run(tmp_path)
    begun = trained.copy()
    names = {each.name: f"the {each.name}" for each in tiny.STUDY.arms}
    arms = tuple(each.model_copy(update={"name": names[each.name]}) for each in tiny.STUDY.arms)
    claims = tuple(
        each.model_copy(update={"first": names[each.first], "second": names[each.second]}) for each in tiny.STUDY.claims
    )
    study = tiny.STUDY.model_copy(
        update={"title": "Another", "arms": arms, "claims": claims, "inflation": (arms[0].name,)}
    )
    run(tmp_path, study=study)
    assert trained == begun


def test_until_decided_all_epochs_are_trained_once_and_only_the_last_are_tested(
    run, tiny, trained, tmp_path, monkeypatch
):
    """The looks at curves are real; one arm needs a third repetition, under one protocol."""
    monkeypatch.setattr(course, "LOOKS", (2, 3))
    needs = (Open("three", "corrected", "is open"),)
    monkeypatch.setattr(course, "open_claims", lambda run: () if any(each.tested for each in run.looks) else needs)
    grown = run(tmp_path, until_decided=True, epochs=0)
    assert set(trained.values()) == {1}
    *curves, first, second = grown.looks
    assert [look.epochs for look in curves] == [2, 3, 4, 5][: len(curves)]
    assert all("learning" in each.why for look in curves[:-1] for each in look.open)
    assert (first.repetitions, second.repetitions, second.open) == (2, 3, ())
    confirmed = grown.trials[grown.trials["phase"] == "confirm"]
    assert set(confirmed["state"]) == {"complete"}
    assert set(confirmed["epochs"]) == {grown.budget[0]} == {first.epochs}
    counts = confirmed.groupby(["protocol", "arm"]).size()
    assert counts.pop(("corrected", "three")) == 3 and set(counts) == {2}
    tested = set(grown.test_evaluations["trial"])
    assert (
        tested == set(confirmed["trial"]) == {path.parent.name for path in grown.path.glob(f"trials/*/{PREDICTIONS}")}
    )


def test_in_a_bucket_a_trial_goes_on_from_a_checkpoint_that_only_the_bucket_has(
    run, trained, tmp_path, s3, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.relay())
    folder, url = place(f"{s3.new()}/runs", tmp_path)
    small = run(folder, url)
    for path in small.path.rglob(CHECKPOINT):
        path.unlink()
    run(folder, url, epochs=5)
    assert set(trained.values()) == {1}


@pytest.mark.parametrize("budgets", LARGER.values(), ids=LARGER)
def test_a_new_machine_takes_over_what_other_runs_of_the_bucket_hold(run, trained, tmp_path, s3, monkeypatch, budgets):
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.relay())
    storage = f"{s3.new()}/runs"
    small = run(*place(storage, tmp_path / "one"))
    begun = trained.copy()
    grown = run(*place(storage, tmp_path / "another"), **budgets)
    assert grown.path.name != small.path.name and begun.total() < trained.total()
    assert set(trained.values()) == {1}
