"""What Tune is told, and what becomes of a run when something fails; without starting Ray."""

import errno
import os
from types import SimpleNamespace

import pytest
import ray
from optuna.trial import TrialState
from ray.tune.schedulers import TrialScheduler

from studies.journal import Explore
from studies.resources import Resources
from studies.search import QueueScheduler, QueueSearch, Watch, slots
from trainables.errors import UserError


class TestHalted:
    """A disk that is full where the driver writes, seen from Tune's side."""

    @pytest.fixture
    def parts(self, tiny, store, tmp_path):
        explore = Explore(tmp_path, tiny.STUDY, tiny.SCALE, store.digest)
        watch = Watch(explore, lambda queue: None)
        return explore, watch, QueueSearch(watch, {}), QueueScheduler(watch)

    def test_nothing_more_is_told_after_a_failed_write(self, parts, tiny, store, tmp_path, monkeypatch):
        _, watch, search, scheduler = parts
        config = search.suggest("ray-1")
        trial = SimpleNamespace(config=config)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
            first = {"epoch": 1, "validation_accuracy": 0.5}
            assert scheduler.on_trial_result(None, trial, first) == TrialScheduler.CONTINUE
            search.on_trial_result("ray-1", first)
        assert watch.halted.startswith(f"Cannot write {tmp_path / 'journal'}: the disk is full")
        second = {"epoch": 2, "validation_accuracy": 0.6}
        assert scheduler.on_trial_result(None, trial, second) == TrialScheduler.STOP
        search.on_trial_complete("ray-1", second)
        assert search.suggest("ray-2") == QueueSearch.FINISHED
        again = Explore(tmp_path, tiny.STUDY, tiny.SCALE, store.digest)
        assert max(again.arms["five"].frozen(0).intermediate_values, default=0) <= 1
        assert again.next().name == config["name"]

    def test_trouble_of_a_worker_ends_the_run_but_not_its_trial(self, parts, tiny, store, tmp_path):
        _, watch, search, scheduler = parts
        config = search.suggest("ray-1")
        result = {"epoch": 0, "trouble": "Cannot write there.", "fatal": False}
        assert scheduler.on_trial_result(None, SimpleNamespace(config=config), result) == TrialScheduler.STOP
        search.on_trial_complete("ray-1", result)
        assert watch.halted == "Cannot write there."
        assert Explore(tmp_path, tiny.STUDY, tiny.SCALE, store.digest).next().name == config["name"]

    def test_impossible_setting_ends_its_trial_but_not_the_run(self, parts, tiny, store, tmp_path):
        explore, watch, search, scheduler = parts
        config = search.suggest("ray-1")
        result = {"epoch": 0, "trouble": "No kernel is as large.", "fatal": True}
        assert scheduler.on_trial_result(None, SimpleNamespace(config=config), result) == TrialScheduler.STOP
        search.on_trial_complete("ray-1", result)
        assert not watch.halted
        assert explore.done == 1
        assert search.suggest("ray-2")["name"] != config["name"]

    def test_worker_that_keeps_crashing_ends_its_trial(self, parts):
        explore, watch, search, _ = parts
        search.suggest("ray-1")
        search.on_trial_complete("ray-1", error=True)
        assert not watch.halted
        assert explore.arms["five"].frozen(0).state is TrialState.FAIL


def test_ray_without_a_gpu_or_with_too_few_processors(monkeypatch):
    monkeypatch.setattr(ray, "cluster_resources", lambda: {"CPU": 4.0})
    assert slots(Resources(threads=2)) == 2
    with pytest.raises(UserError, match=r"^A GPU was asked for"):
        slots(Resources(gpus=0.5))
    with pytest.raises(UserError, match=r"^A trial takes 8 CPUs and this machine has 4.$"):
        slots(Resources(threads=8))
    monkeypatch.setattr(ray, "cluster_resources", lambda: {"CPU": 4.0, "GPU": 1.0})
    assert slots(Resources(gpus=0.25)) == 4
    assert slots(Resources(gpus=0.5)) == 2
