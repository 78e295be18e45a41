"""A whole launch on a Ray of its own: what it writes, what stops it, and how it goes on."""

import json
import math
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import ray
import torch
from curves import curves
from plainly import Plainly

from analysis.audit.tested import evaluations
from analysis.claims import Runs
from analysis.confirmed import Confirmed
from analysis.runs import EPOCH_COLUMNS, MEASURES, PREDICTION_COLUMNS, TRIAL_COLUMNS, Run
from search_spaces import Space
from studies.driver import choosing
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.launch import Launch, launch
from studies.driver.run import run_directory
from studies.resources import Resources
from studies.seeds import SEEDS
from studies.tasks import Confirm, cells, confirm_plan
from trainables.data.covariates import PROPERTIES
from trainables.errors import UserError
from trainables.fit import Fit
from trainables.storage.files import unsealed

pytestmark = pytest.mark.slow

MEGABYTE = 2**20
LOCAL = Resources()
GO_ON = "; run the same command again to go on."


@dataclass
class Launched:
    """A run, and the commands that were given to it one after the other, by name."""

    home: object
    drivers: dict[str, object] = field(default_factory=dict)
    notes: dict[str, object] = field(default_factory=dict)

    def finish(self, name: str, driver) -> None:
        driver.finish()
        self.drivers[name] = driver

    @property
    def run(self) -> Path:
        return self.home.run()


@pytest.fixture(scope="module")
def finished(driving, tiny, corpora, tmp_path_factory) -> Launched:
    """A run that nothing disturbed, of a user who gives all programs three threads."""
    launched = Launched(driving.Home(tmp_path_factory.mktemp("launch"), corpora))
    launched.home.environment |= dict.fromkeys(tiny.THREADS, "3")
    launched.finish("whole", launched.home.start())
    return launched


def content(run: Path) -> dict[str, bytes]:
    """All files of a run."""
    return {str(path.relative_to(run)): path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()}


class TestFinished:
    def test_ends_well(self, finished, tiny):
        driver = finished.drivers["whole"]
        assert driver.process.returncode == 0, driver.err
        assert driver.sentences == []
        assert driver.out.splitlines()[-1] == f"Report: {(finished.run / 'report.html').as_uri()}"
        assert driver.out.startswith("Audio: philharmonia, rendered stand-in, 64 clips, digest ")
        assert f"\nRun: {finished.run}\n" in driver.out
        assert "\nRay: started on this machine for this run, " in driver.out
        assert driver.out.index("Verdicts") < driver.out.index(tiny.STUDY.tested[0])
        assert (finished.run / "report.html").stat().st_size > 10_000

    def test_tables_have_their_columns(self, finished):
        run = Run.load(finished.run, finished=True)
        assert tuple(run.trials.columns) == (*TRIAL_COLUMNS, *MEASURES)
        assert tuple(run.epochs.columns) == (*EPOCH_COLUMNS, "ended", "worker")
        assert tuple(run.predictions.columns) == (
            *PREDICTION_COLUMNS,
            "group_trained_on",
            *PROPERTIES,
            "class_trained_on",
        )

    def test_every_trial_has_its_row(self, finished, tiny):
        trials = Run.load(finished.run).trials
        scale, needed = tiny.SCALE, cells(tiny.STUDY)
        explored, confirmed = (trials[trials["phase"] == phase] for phase in ("explore", "confirm"))
        assert dict(explored["arm"].value_counts()) == dict.fromkeys(["five", "three"], scale.trials)
        assert set(explored["configuration"] + "/" + explored["protocol"]) == {"explored/corrected"}
        found = confirmed.groupby(["configuration", "protocol"])["repetition"].agg(["size", "nunique"])
        planned = {cell: (len(arms) * scale.repetitions, scale.repetitions) for cell, arms in needed.items()}
        assert dict(zip(found.index, found.itertuples(index=False, name=None), strict=True)) == planned
        finals = trials[trials["phase"] == "choose"]
        assert set(finals["configuration"] + "/" + finals["protocol"]) == {"finalist/corrected"}
        assert {(role.arm, role.repetition) for role in finals.itertuples()} == set(product(("five", "three"), SEEDS))
        assert finals["test_accuracy"].isna().all()
        assert set(confirmed["state"]) == set(finals["state"]) == {"complete"}
        assert set(confirmed["epochs"]) == set(finals["epochs"]) == {tiny.STUDY.epochs}

    def test_states_agree_with_epochs(self, finished, tiny):
        trials = Run.load(finished.run).trials
        explored = trials[trials["phase"] == "explore"]
        assert set(explored["state"]) == {"complete", "stopped", "failed"}
        assert set(explored["epochs"][explored["state"] == "complete"]) == {tiny.STUDY.epochs}
        assert set(explored["epochs"][explored["state"] == "stopped"]) <= set(tiny.SCALE.rungs(tiny.STUDY.epochs))
        assert explored["test_accuracy"].isna().all()

    def test_epochs_are_those_of_the_trials(self, finished):
        run = Run.load(finished.run)
        last = run.epochs.groupby("trial").last()
        counted = run.epochs.groupby("trial")["epoch"].agg(list)
        assert all(epochs == list(range(1, len(epochs) + 1)) for epochs in counted)
        for row in run.trials[run.trials["state"] != "failed"].itertuples():
            assert len(counted[row.trial]) == row.epochs
            assert last.loc[row.trial, "validation_accuracy"] == row.validation_accuracy
            assert row.seconds > 0
            assert row.parameters > 1000
            assert row.device == "cpu"

    def test_predictions_give_the_test_accuracy(self, finished):
        run = Run.load(finished.run)
        confirmed = run.trials[run.trials["phase"] == "confirm"]
        hits = (run.predictions["label"] == run.predictions["prediction"]).groupby(run.predictions["trial"]).mean()
        assert set(run.predictions["trial"]) == set(confirmed["trial"])
        assert (hits[confirmed["trial"]].to_numpy() == confirmed["test_accuracy"].to_numpy()).all()
        assert not run.predictions.duplicated(["trial", "item"]).any()

    def test_loss_that_is_no_number_fails_a_trial_after_one_epoch(self, finished):
        trials = Run.load(finished.run).trials
        failed = trials[trials["state"] == "failed"]
        assert len(failed) and {json.loads(text)["learning_rate"] for text in failed["settings"]} == {1e30}
        for trial in failed["trial"]:
            (record,) = curves(finished.run)[trial]
            assert math.isnan(json.loads(record)["validation_accuracy"])

    def test_confirm_uses_the_best_finalist(self, finished, tiny):
        trials = Run.load(finished.run).trials
        for arm in ("five", "three"):
            mine = trials[trials["arm"] == arm]
            finals = mine[mine["phase"] == "choose"]
            values = [
                json.dumps({name: json.loads(text)[name] for name in tiny.STUDY.tuned}) for text in finals["settings"]
            ]
            best = finals.assign(values=values).groupby("values", sort=False)["validation_accuracy"].mean().idxmax()
            wanted = json.loads(best)
            for text in mine["settings"][mine["configuration"] == "chosen"]:
                assert all(json.loads(text)[name] == wanted[name] for name in tiny.STUDY.tuned)

    def test_study_json(self, finished, tiny, store):
        study = Run.load(finished.run).study
        assert study["progress"] == {
            "finished": True,
            "explore": {"done": 10, "planned": 10},
            "choose": {"done": 8, "planned": 8},
            "confirm": {"done": 10, "planned": 10},
        }
        assert study["rungs"] == dict.fromkeys(("five", "three"), tiny.SCALE.rungs(tiny.STUDY.epochs))
        assert study["data"]["rendered"]
        assert study["data"]["digest"] == store.digest
        assert len(study["provenance"]["launches"]) == 1
        assert set(study["protocols"]) == {protocol for _, protocol in cells(tiny.STUDY)}
        assert [check["id"] for check in study["design"]] == ["B8", "B12", "B12", "B15", "B16"]

    def test_every_test_is_in_the_ledger_once_and_none_was_of_a_trial_that_explored(self, finished):
        run = Run.load(finished.run)
        confirmed = set(run.trials["trial"][run.trials["phase"] == "confirm"])
        assert set(run.test_evaluations["trial"]) == set(run.predictions["trial"]) == confirmed
        found = evaluations(run)
        assert (found.outcome, found.figure) == ("pass", len(confirmed))

    def test_workers_have_the_threads_of_their_trial_whatever_the_user_set(self, finished, tiny):
        lines = [json.loads(line) for line in finished.home.log.read_text().splitlines()]
        told = [found for what, *_, found, _ in lines if what == "threads"]
        assert told
        for found in told:
            assert {name: found.pop(name) for name in tiny.THREADS} == dict.fromkeys(tiny.THREADS, "1")
            assert {name.partition(":")[0] for name in found} >= {"torch", "openblas", "openmp"}
            assert set(found.values()) == {1}, found

    def test_no_epoch_was_trained_twice(self, finished):
        assert set(finished.home.epochs("begun").values()) == {1}
        assert finished.home.epochs("begun") == finished.home.epochs("committed")


def test_finished_run_launched_again_starts_no_ray_and_changes_nothing(finished, tiny, store, monkeypatch):
    monkeypatch.setattr(ray, "init", lambda *_, **__: pytest.fail("Ray was started"))
    before = content(finished.run)
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, finished.home.storage)
    begun = time.monotonic()
    (report,) = launch([request], Resources(), lambda queue: None)
    print(f"launched again: {time.monotonic() - begun:.1f} s")
    assert report == finished.run / "report.html"
    after = content(finished.run)
    assert before.keys() == after.keys()
    # The new launch has an owner's token of its own, a line in study.json, and writes the page anew.
    differ = {name for name in before if before[name] != after[name]}
    assert differ <= {"owner", "study.json", "report.html"}
    first, second = (json.loads(each["study.json"]) for each in (before, after))
    launches = [each["provenance"].pop("launches") for each in (first, second)]
    assert launches[1][:-1] == launches[0]
    assert first == second


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_gpu_that_is_not_there_is_refused_before_ray_is_started(tiny, store, tmp_path, monkeypatch):
    monkeypatch.setattr(ray, "init", lambda *_, **__: pytest.fail("Ray was started"))
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, tmp_path)
    sentence = "A GPU was asked for (--gpus-per-trial) and this machine has none: leave the option out."
    assert refusal(request, Resources(gpus=0.5)) == sentence


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """A small disk of its own, and a way to make it larger; None where none can be mounted."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTE}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def troubled(driving, corpora, disk, tiny, store, tmp_path_factory) -> Launched:
    """A run that fills its disk, is challenged by a second driver, and is stopped by signals, one of them impatient.

    It fills its disk, and goes on to its end, in this process, which spares two starts of Ray.
    """
    launched = Launched(home := driving.Home(tmp_path_factory.mktemp("troubled"), corpora, 0.1, places=1))
    home.storage = disk / "runs" if disk else home.storage
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, home.storage)
    if disk:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("studies.driver.launch.train_all", Plainly())
            launched.notes["full"] = refusal(request), content(launched.run)
        subprocess.run(["mount", "-o", f"remount,size={100 * MEGABYTE}", str(disk)], check=True)
    driver = home.start()
    wait_until_trained(driver, home, 2)
    launched.notes["second"] = refusal(request)
    os.killpg(driver.process.pid, signal.SIGINT)
    launched.finish("ctrl-c", driver)
    # So slow that no worker ends its epoch in time.
    home.pause = 300.0
    begun = home.epochs("begun").total()
    driver = home.start()
    assert driver.wait_for(lambda: home.epochs("begun").total() > begun), driver.finish()
    # What a machine sends that is shut down; the first of two is heard like Ctrl-C, whichever it is.
    driver.send(signal.SIGTERM)
    time.sleep(1.0)
    launched.notes["impatient"] = driver.running, time.monotonic()
    driver.send(signal.SIGINT)
    launched.finish("twice", driver)
    launched.notes["impatient"] += (time.monotonic(), content(launched.run))
    # That another driver with workers goes on, to the last bit, is in test_kills.py.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studies.driver.launch.train_all", Plainly())
        home.note_commits(patch)
        launch([request], Resources(), lambda queue: None)
    return launched


def refusal(request: Launch, resources: Resources = LOCAL) -> str:
    """What ends a launch."""
    with pytest.raises(UserError) as refused:
        launch([request], resources, lambda queue: None)
    return str(refused.value)


def wait_until_trained(driver, home, epochs: int) -> None:
    """Wait until so many more epochs have been committed."""
    goal = home.epochs("committed").total() + epochs
    assert driver.wait_for(lambda: home.epochs("committed").total() >= goal), driver.finish()


class TestTroubled:
    def test_full_disk(self, troubled, disk):
        if not disk:
            pytest.skip("a small disk can only be mounted by root")
        sentence, left = troubled.notes["full"]
        assert sentence.startswith(f"Cannot write {troubled.run}")
        assert sentence.endswith(": the disk is full; make room there, then run the same command again.")
        assert not [name for name in left if name.endswith(".tmp")]
        assert [name for name in left if name.endswith("/checkpoint")]
        for name, data in left.items():
            if name.endswith(".json"):
                json.loads(data)
            if name.endswith("/checkpoint"):
                unsealed(data)

    def test_second_driver_is_refused(self, troubled):
        first, sentence = troubled.drivers["ctrl-c"], troubled.notes["second"]
        assert sentence.startswith(f"{troubled.run} is being run by process {first.process.pid} on ")
        assert sentence.endswith("; wait for it, or stop it first.")

    def test_second_ctrl_c_does_not_wait_for_the_epochs(self, troubled):
        waited, second, ended, left = troubled.notes["impatient"]
        print(f"ended {ended - second:.1f} s after the second Ctrl-C, in the middle of epochs of 300 s")
        assert waited, "the first Ctrl-C would have been enough"
        assert ended - second < 60
        assert not [name for name in left if name.endswith(".tmp")]

    @pytest.mark.parametrize("how", ["ctrl-c", "twice"])
    def test_stopped_says_how_to_go_on(self, troubled, how):
        driver = troubled.drivers[how]
        assert driver.process.returncode == 130
        (sentence,) = driver.sentences
        assert sentence.startswith("Stopped")
        assert sentence.endswith(GO_ON)

    def test_goes_on_to_the_same_end(self, troubled, finished):
        run, whole = Run.load(troubled.run, finished=True), Run.load(finished.run)
        roles = ["phase", "arm", "configuration", "protocol", "repetition", "fold"]
        assert run.trials[roles].equals(whole.trials[roles])
        mine, others = curves(troubled.run), curves(finished.run)
        for trial in mine.keys() & others.keys():
            assert all(one == other for one, other in zip(mine[trial], others[trial], strict=False))
        explored = run.trials["trial"][run.trials["phase"] == "explore"]
        assert set(explored) <= mine.keys() & others.keys()

    def test_no_committed_epoch_is_trained_again(self, troubled):
        assert set(troubled.home.epochs("committed").values()) == {1}
        assert not list(troubled.run.rglob("*.tmp"))


@pytest.fixture
def sibling(finished, tiny, store):
    """A study with the very same trials, its run beside the finished one (removed at the end), and that one."""
    whole, study = finished.run, tiny.STUDY.model_copy(update={"title": "The same, under another title"})
    run = run_directory(finished.home.storage, tiny.NAME, study, tiny.SCALE, store)
    yield study, run, whole
    shutil.rmtree(run)


def test_explored_trials_of_a_sibling_run_are_adopted(sibling, tiny, store, monkeypatch):
    study, run, whole = sibling
    train, trained = Fit.epoch, []
    monkeypatch.setattr(Fit, "epoch", lambda fit: (trained.append(fit), train(fit))[1])
    Plainly().train(Explore(run, study, tiny.SCALE, store.digest), store)
    there, now = curves(whole), curves(run)
    assert run != whole
    assert len(now) == len(study.arms) * tiny.SCALE.trials
    assert all(one == other for trial in now for one, other in zip(there[trial], now[trial], strict=False))
    # One trial after the other, it may be another that is stopped: what goes on is trained, and nothing else.
    assert len(trained) == sum(max(len(now[trial]) - len(there[trial]), 0) for trial in now)


def test_confirmed_trials_of_a_sibling_run_are_not_even_handed_out(sibling, tiny, store):
    study, run, whole = sibling
    explore = Explore(whole, tiny.STUDY, tiny.SCALE, store.digest)
    choices = choosing.choices(tiny.STUDY, tiny.SCALE, explore, whole, store.digest)
    confirm = Confirm(run, confirm_plan(study, tiny.SCALE, choices, store.digest), store.digest)
    assert confirm.done == 0
    assert confirm.next() is None
    assert confirm.done == confirm.planned == len(list((run / "trials").iterdir()))
    there = curves(whole)
    assert all(there[trial] == records for trial, records in curves(run).items())


def test_confirm_trial_without_a_finite_loss_is_failed_not_retried(tiny, store, tmp_path):
    choices = {"five": {"learning_rate": 1e30, "batch_size": 8}, "three": {"learning_rate": 0.03, "batch_size": 16}}
    plan = confirm_plan(tiny.STUDY, tiny.SCALE, choices, store.digest)
    Plainly().train(Confirm(tmp_path, plan, store.digest), store)
    again = Confirm(tmp_path, plan, store.digest)
    assert again.done == again.planned
    assert again.next() is None
    gather(tmp_path, Explore(tmp_path, tiny.STUDY.model_copy(update={"tuned": Space()}), tiny.SCALE, store.digest))
    trials = pd.read_parquet(tmp_path / "trials.parquet")
    failed = trials[trials["state"] == "failed"]
    assert set(zip(failed["arm"], failed["configuration"], strict=True)) == {("five", "chosen")}
    assert set(failed["epochs"]) == {1}
    assert failed["test_accuracy"].isna().all()
    assert len(failed) == tiny.SCALE.repetitions
    assert set(trials["state"]) == {"failed", "complete"}
    reason = json.loads((tmp_path / "trials" / failed["trial"].iloc[0] / "failed.json").read_text())["reason"]
    assert reason == "its loss was not a number after epoch 1"
    # What failed is evidence of a claim about failures, and of it alone.
    tables = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("trials", "epochs", "predictions"))
    data = Confirmed(Run(tmp_path, {"scale": {}, "data": {}}, *tables), "corrected")
    shares = {
        arm: Runs(finding="S2-F29", of=(arm,), failed=True).evidence(data, np.random.default_rng()).effect
        for arm in ("five", "three")
    }
    assert shares == {"five": 1.0, "three": 0.0}
    assert set(data.rows["arm"]) == {"three"}


def test_storage_that_is_a_file(tiny, store, tmp_path):
    storage = tmp_path / "runs"
    storage.write_text("no folder")
    with pytest.raises(UserError, match=f"^Cannot write {storage}/.*run the same command again.$"):
        launch([Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, storage)], Resources(), lambda queue: None)
    assert storage.read_text() == "no folder"
