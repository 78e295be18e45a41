"""What Tune gets, and what becomes of a run when something fails; without starting Ray."""

import errno
import os
from types import SimpleNamespace

import pytest
import ray
from optuna.trial import TrialState
from ray.exceptions import RayActorError, RayTaskError
from ray.tune.schedulers import TrialScheduler

from studies.driver.journal import Explore
from studies.driver.search import (
    Capacity,
    QueueScheduler,
    QueueSearch,
    Watch,
    assigning,
    cluster,
    exception_of,
    ray_in_words,
)
from studies.resources import Resources
from trainables.classifier import Assignment
from trainables.errors import UserError


class TestStopped:
    """A disk that is full where the driver writes, seen from Tune's side."""

    @pytest.fixture
    def parts(self, tiny, store, tmp_path):
        explore = Explore(tmp_path, tiny.STUDY, tiny.SCALE, store.digest)
        watch = Watch(explore, lambda: None, lambda: 2)
        return (
            explore,
            watch,
            QueueSearch(watch, assigning(tmp_path, tmp_path, "", "token", Resources())),
            QueueScheduler(watch),
        )

    def test_nothing_more_is_recorded_after_a_failed_write(self, parts, tiny, store, tmp_path, monkeypatch):
        _, watch, search, scheduler = parts
        config = search.suggest("ray-1")
        trial = tune_trial(config)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
            first = {"epoch": 1, "validation_accuracy": 0.5}
            assert scheduler.on_trial_result(None, trial, first) == TrialScheduler.STOP
            search.on_trial_complete("ray-1", first)
        assert watch.stop_reason.startswith(f"Cannot write {tmp_path / 'journal'}: the disk is full")
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
        assert Assignment(**config).directory == tmp_path / "trials" / config["name"]
        result = {"epoch": 0, "trouble": "Cannot write there.", "fatal": False}
        assert scheduler.on_trial_result(None, tune_trial(config), result) == TrialScheduler.STOP
        search.on_trial_complete("ray-1", result)
        assert watch.stop_reason == "Cannot write there."
        assert Explore(tmp_path, tiny.STUDY, tiny.SCALE, store.digest).next().name == config["name"]

    def test_impossible_setting_ends_its_trial_but_not_the_run(self, parts, tiny, store, tmp_path):
        explore, watch, search, scheduler = parts
        config = search.suggest("ray-1")
        result = {"epoch": 0, "trouble": "No kernel is as large.", "fatal": True}
        assert scheduler.on_trial_result(None, tune_trial(config), result) == TrialScheduler.STOP
        search.on_trial_complete("ray-1", result)
        assert not watch.stop_reason
        assert explore.done == 1
        assert search.suggest("ray-2")["name"] != config["name"]

    def test_worker_that_keeps_crashing_ends_its_trial(self, parts):
        explore, watch, search, scheduler = parts
        self.crashed(search, scheduler, "ray-1", 4)
        assert not watch.stop_reason
        assert explore.arms["five"].frozen(0).state is TrialState.FAIL

    def crashed(self, search, scheduler, number, times):
        """A task that Tune gives up after so many crashes; gives its name."""
        trial = tune_trial(search.suggest(number))
        trial.run_metadata.num_failures = times
        scheduler.on_trial_error(None, trial)
        search.on_trial_complete(number, error=True)
        return trial.config["name"]

    def test_trial_whose_worker_was_lost_before_it_began_is_handed_out_again(self, parts):
        explore, watch, search, scheduler = parts
        first = self.crashed(search, scheduler, "ray-1", 1)
        assert not explore.arms["five"].frozen(0).state.is_finished() and not watch.exhausted
        assert [self.crashed(search, scheduler, f"ray-{n}", 1) for n in (2, 3, 4)] == [first] * 3
        assert explore.arms["five"].frozen(0).state is TrialState.FAIL
        assert search.suggest("ray-5")["name"] != first

    def test_crashes_before_an_epoch_do_not_count_after_it(self, parts):
        explore, _, search, scheduler = parts
        first = self.crashed(search, scheduler, "ray-1", 3)
        trial = tune_trial(search.suggest("ray-2"))
        scheduler.on_trial_result(None, trial, {"epoch": 1, "validation_accuracy": 0.5})
        trial.run_metadata.num_failures = 1
        scheduler.on_trial_error(None, trial)
        search.on_trial_complete("ray-2", error=True)
        assert search.suggest("ray-3")["name"] == first
        assert not explore.arms["five"].frozen(0).state.is_finished()

    def test_a_running_trial_may_be_requeued_so_tune_is_kept_asking(self, parts, monkeypatch):
        explore, _, search, scheduler = parts
        config = search.suggest("ray-1")
        monkeypatch.setattr(type(explore), "exhausted", property(lambda _: True))
        monkeypatch.setattr(explore, "next", lambda: None)
        assert search.suggest("ray-2") is None
        trial = tune_trial(config)
        trial.run_metadata.num_failures = 1
        scheduler.on_trial_error(None, trial)
        search.on_trial_complete("ray-1", error=True)
        assert search.suggest("ray-2")["name"] == config["name"]
        search.on_trial_complete("ray-2", {"epoch": 1, "validation_accuracy": 0.5})
        assert search.suggest("ray-3") == QueueSearch.FINISHED

    def test_no_more_trials_run_than_fit(self, parts):
        _, watch, search, _ = parts
        assert search.suggest("ray-1")
        assert search.suggest("ray-2")
        assert search.suggest("ray-3") is None
        watch.capacity = lambda: 3
        assert search.suggest("ray-3")
        assert search.suggest("ray-4") is None
        search.on_trial_complete("ray-1", {"epoch": 1, "validation_accuracy": 0.5})
        assert search.suggest("ray-4")

    def test_only_crashes_in_one_epoch_count_against_a_trial(self, parts):
        _, _, search, scheduler = parts
        trial = tune_trial(search.suggest("ray-1"))
        # An epoch that is reported again after a crash is no progress.
        for epoch, failures, counted in ((1, 3, 0), (1, 2, 2), (2, 3, 0)):
            trial.run_metadata.num_failures = failures
            scheduler.on_trial_result(None, trial, {"epoch": epoch, "validation_accuracy": 0.5})
            assert trial.run_metadata.num_failures == counted


TRACEBACK = """Traceback (most recent call last):
  File "worker.py", line 3, in step
    raise ValueError("no such shape")
ValueError: no such shape
of a network"""


def tune_trial(config):
    """As much of Tune's trial as the scheduler looks at."""
    return SimpleNamespace(config=config, run_metadata=SimpleNamespace(num_failures=0), error_file=None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RayTaskError("step", TRACEBACK, ValueError("no such shape")),
            ", the last time with ValueError: no such shape",
        ),
        (RayActorError(), ""),
        (None, ""),
    ],
)
def test_the_exception_of_a_worker_is_named_and_a_lost_worker_has_none(tmp_path, error, words):
    trial = tune_trial({})
    if error:
        trial.error_file = str(tmp_path / "error.txt")
        earlier = RayTaskError("step", TRACEBACK.replace("such", "other"), ValueError())
        (tmp_path / "error.txt").write_text("".join(f"Failure # 1 (occurred at noon)\n{e}\n" for e in (earlier, error)))
    assert exception_of(trial) == words


def test_ray_with_too_few_gpus_or_processors(monkeypatch):
    def machine(**resources):
        monkeypatch.setattr(ray, "cluster_resources", lambda: resources)
        monkeypatch.setattr(ray, "nodes", lambda: [{"Alive": True, "Resources": resources}])

    machine(CPU=4.0)
    assert Capacity(Resources(threads=2))() == 2
    with pytest.raises(UserError, match=r"^A trial takes 1 CPUs and 0.5 GPUs and this machine has 4 and 0 GPUs.$"):
        Capacity(Resources(gpus=0.5))
    with pytest.raises(UserError, match=r"^A trial takes 8 CPUs and this machine has 4.$"):
        Capacity(Resources(threads=8))
    machine(CPU=4.0, GPU=1.0)
    assert Capacity(Resources(gpus=0.25))() == 4
    assert Capacity(Resources(gpus=0.5))() == 2
    with pytest.raises(UserError, match=r"^A trial takes 1 CPUs and 2 GPUs and this machine has 4 and 1 GPUs.$"):
        Capacity(Resources(gpus=2))


def test_which_ray_is_used_and_whether_trials_wait_is_said(monkeypatch):
    monkeypatch.setattr(ray, "cluster_resources", lambda: {"CPU": 16.0})
    monkeypatch.setattr(ray, "available_resources", lambda: {"CPU": 2.0})
    monkeypatch.setattr(ray, "get_runtime_context", lambda: SimpleNamespace(gcs_address="10.0.0.1:6379"))
    assert ray_in_words(Resources()) == "Ray: started on this machine for this run, 16 CPUs."
    joined = "Ray: joined at 10.0.0.1:6379, 16 CPUs, 2 of them free"
    assert ray_in_words(Resources(address="auto")) == f"{joined}."
    assert ray_in_words(Resources(address="auto", threads=4)) == f"{joined}; trials wait until there is room for one."


def test_cluster_that_can_never_have_room(monkeypatch):
    monkeypatch.setattr(ray, "nodes", lambda: [{"Alive": True, "Resources": {"CPU": 16.0}}])
    with pytest.raises(UserError, match=r"^No machine of the cluster has room for a trial of 1 CPUs and 0.5 GPUs: add"):
        Capacity(Resources(address="auto", gpus=0.5))


def test_capacity_follows_the_cluster(monkeypatch):
    nodes = [{"Alive": True, "Resources": {"CPU": 2.0}}]
    monkeypatch.setattr(ray, "nodes", lambda: nodes)
    capacity = Capacity(Resources(address="auto"))
    assert capacity() == 2
    nodes.append({"Alive": True, "Resources": {"CPU": 8.0}})
    assert capacity() == 2, "updated every few seconds only"
    monkeypatch.setattr(capacity, "updated", float("-inf"))
    assert capacity() == 10
    nodes.clear()
    monkeypatch.setattr(capacity, "updated", float("-inf"))
    assert capacity() == 1, "with none left, one trial waits for a node"


def test_ray_that_does_not_start_is_said_in_a_sentence(monkeypatch):
    def slow(**_):
        raise Exception("The current node timed out during startup.\nIt may be overloaded.")

    monkeypatch.setattr(ray, "init", slow)
    says = r"^Ray does not start on this machine \(The current node timed out during startup\.\): run the same command"
    with pytest.raises(UserError, match=says), cluster(Resources()):
        pass
