"""A run that is kept in a bucket: one driver, a network that fails, a driver and its disk that are lost.

Trained in this process; with ETUDE_HOSTS=1 in the environment by Ray too.
"""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from curves import curves
from plainly import Plainly

from analysis.runs import Run
from studies.driver import launch
from studies.driver.run import find, ownership
from studies.remote import mirror
from studies.remote.mirror import Lease, Sender, kept, place
from studies.resources import Resources
from trainables.errors import UserError
from trainables.storage.bucket import Bucket
from trainables.storage.run_storage import Mirror
from trainables.trial import CHECKPOINT, OWNER, Fenced, owner_fence

PLACES = 1


def test_where_runs_are_kept(tmp_path):
    assert place(None, tmp_path) == (tmp_path / "runs", "")
    assert place("here", tmp_path) == (Path("here").absolute(), "")
    assert place("s3://bucket/some/runs/", tmp_path) == (tmp_path / "copies/bucket/some/runs", "s3://bucket/some/runs")


class TestLease:
    """Two drivers, on one machine or on two."""

    @pytest.fixture
    def bucket(self, s3):
        return Bucket(f"{s3.new()}/run")

    @pytest.fixture
    def driver(self, bucket, monkeypatch):
        def make(name: str, machine: str) -> Lease:
            monkeypatch.setattr(mirror, "host", lambda: machine)
            return Lease(bucket, f"{name} on {machine}:x")

        return make

    def test_driver_of_another_machine_is_refused_with_a_sentence(self, driver, bucket):
        driver("1", "a:boot").take()
        with pytest.raises(UserError) as refused:
            driver("2", "b:boot").take()
        sentence = str(refused.value)
        assert sentence.startswith(f"{bucket.url} is being run by process 1 on a, last seen ")
        assert sentence.endswith("If its machine is gone, run the same command again in 120 s.")

    def test_driver_that_says_nothing_is_taken_for_gone(self, driver, monkeypatch):
        first = driver("1", "a:boot")
        first.take()
        monkeypatch.setattr(mirror, "LEASE_SECONDS", -1.0)
        second = driver("2", "b:boot")
        second.take()
        with pytest.raises(UserError, match="is being run by process 2 on b"):
            first.renew()
        second.renew()

    def test_driver_killed_on_this_machine_is_followed_at_once(self, driver):
        driver("1", "a:boot").take()
        driver("2", "a:boot").take()

    def test_machine_started_anew_is_another(self, driver):
        driver("1", "a:boot").take()
        with pytest.raises(UserError, match="process 1 on a"):
            driver("2", "a:later").take()

    def test_given_back_it_is_free_at_once(self, driver):
        first = driver("1", "a:boot")
        first.take()
        first.give_back()
        driver("2", "b:boot").take()

    def test_age_is_the_servers(self, driver, bucket, monkeypatch):
        """A clock that jumps, here by a year, changes nothing."""
        driver("1", "a:boot").take()
        monkeypatch.setattr(time, "time", lambda: 0.0)
        assert 0 <= bucket.get(OWNER).age < 60

    def test_write_whose_answer_got_lost_is_known_for_ones_own(self, driver, bucket, monkeypatch):
        lease, put = driver("1", "a:boot"), bucket.put
        monkeypatch.setattr(
            bucket, "put", lambda *what, **condition: (put(*what, **condition), put(*what, **condition))
        )
        lease.take()
        monkeypatch.setattr(bucket, "put", put)
        lease.renew()

    def test_workers_of_a_driver_that_lost_the_run_write_no_more(self, driver, bucket, tmp_path, monkeypatch):
        driver("1", "a:boot").take()
        fence = owner_fence(tmp_path / OWNER, "1 on a:boot:x", Mirror(bucket, tmp_path))
        fence()
        monkeypatch.setattr(mirror, "LEASE_SECONDS", -1.0)
        driver("2", "b:boot").take()
        with pytest.raises(Fenced):
            fence()


def test_the_copy_of_a_driver_on_this_machine_is_not_touched(s3, tmp_path):
    """As `etude report URL` would: the copy is newer than what is stored, and workers write into it."""
    url = f"{s3.new()}/runs/run"
    folder, _ = place(url, tmp_path)
    with ownership(folder) as token, kept(folder, url, token):
        (folder / "study.json").write_text("{}")
        (folder / "journal").mkdir()
        (folder / "journal" / "five").write_text("not sent yet")
        (folder / "trials").mkdir()
        (folder / "trials" / "epochs.tmp").write_text("being written")
        assert find(url, tmp_path) == folder
        assert (folder / "journal" / "five").read_text() == "not sent yet"
        assert (folder / "trials" / "epochs.tmp").exists()


def test_a_driver_that_slept_writes_nothing_into_a_run_that_another_has_taken(s3, tmp_path, monkeypatch):
    url, clock = f"{s3.new()}/run", [0.0]
    monkeypatch.setattr(mirror, "LEASE_SECONDS", -1.0)
    monkeypatch.setattr(mirror, "awake", lambda: clock[0])

    def driver(name: str) -> Sender:
        lease, root = Lease(Bucket(url), f"1 on {name}:boot:x"), tmp_path / name
        lease.take()
        (root / "journal").mkdir(parents=True)
        return Sender(Mirror(lease.bucket, root), lease)

    first = driver("a")
    (tmp_path / "a" / "journal" / "five").write_text("1 of a\n")
    second = driver("b")
    (tmp_path / "b" / "journal" / "five").write_text("1 of b\n")
    second.send_changes()
    clock[0] = 300.0
    with pytest.raises(UserError, match="is being run by process 1 on b"):
        first.send_changes()
    assert Bucket(url).get("journal/five").content == b"1 of b\n"
    second.send_changes()


@dataclass
class Kept:
    """A run in a bucket: its URL, and its copy on this machine."""

    url: str
    run: Path


@pytest.fixture(scope="module")
def home(driving, corpora, tmp_path_factory):
    return driving.Home(tmp_path_factory.mktemp("remote"), corpora, 0.1, places=PLACES)


@pytest.fixture(scope="module", params=["in this process", "by Ray"])
def finished(request, home, tiny, store, s3, tmp_path_factory):
    """A study whose network fails for a while, and whose driver and disk are lost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", s3.relay())
        url = f"{s3.new()}/runs"
        if request.param == "by Ray":
            yield by_ray(home, url, s3)
        else:
            yield in_this_process(patch, lambda: tmp_path_factory.mktemp("copy"), url, s3, tiny, store)


def in_this_process(
    patch: pytest.MonkeyPatch, disk: Callable[[], Path], url: str, s3: Any, tiny: Any, store: Any
) -> Kept:
    """The driver stops after five trials and goes on on another disk, where its network fails at first."""
    lost = launch.Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, *place(url, disk()))
    patch.setattr(launch, "train_all", Plainly(5))
    with pytest.raises(UserError, match=r"^Stopped.$"):
        launch.launch([lost], Resources(), lambda queue: None)
    request = launch.Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, *place(url, disk()))
    patch.setattr(launch, "train_all", Plainly())
    s3.cut()
    threading.Timer(2.0, s3.restore).start()
    launch.launch([request], Resources(), lambda queue: None)
    return Kept(request.url, request.directory)


def by_ray(home: Any, url: str, s3: Any) -> Kept:
    """The network fails while trials are trained; then the driver is killed and its disk lost."""
    if os.environ.get("ETUDE_HOSTS") != "1":
        pytest.skip("two launches of Ray: set ETUDE_HOSTS=1 to have them")
    driver = home.start("--storage", url)
    committed(driver, home, 6)
    begun, seconds = time.monotonic(), 10.0
    s3.cut()
    threading.Timer(seconds, s3.restore).start()
    committed(driver, home, 8)
    took = time.monotonic() - begun
    print(f"8 epochs in {took:.1f} s, of which the network failed for {seconds:.0f} s")
    assert took > seconds - 2
    driver.send(signal.SIGKILL)
    driver.finish(10)
    shutil.rmtree(home.path / "copies")
    last = home.start("--storage", url)
    assert last.finish() == 0, last.err
    assert last.sentences == []
    again = sum(times - 1 for times in home.epochs("committed").values())
    print(f"{again} finished epochs trained again after a kill with the loss of the disk, {PLACES} workers")
    assert again <= PLACES
    run = next((home.path / "copies").rglob("study.json")).parent
    return Kept(f"{url}/{run.name}", run)


def committed(driver: Any, home: Any, epochs: int) -> None:
    """Wait until so many more epochs have been committed."""
    goal = home.epochs("committed").total() + epochs
    assert driver.wait_for(lambda: home.epochs("committed").total() >= goal), (driver.finish(), driver.err)


@pytest.mark.slow
class TestKept:
    def test_all_is_in_the_bucket(self, finished):
        bucket = Bucket(finished.url)
        stored = set(bucket.names())
        here = {str(path.relative_to(finished.run)) for path in finished.run.rglob("*") if path.is_file()}
        assert {"study.json", "trials.parquet", "report.html", "confirm.json"} <= stored
        assert OWNER not in stored
        # A checkpoint is where it was written and in the bucket; the rest is what it is here.
        assert here - stored <= {"lock", "log.txt", "remote", "owner"}
        for name in sorted(stored & here):
            if not name.endswith(CHECKPOINT):
                assert bucket.get(name).content == (finished.run / name).read_bytes(), name

    def test_no_trial_is_lost_and_none_is_there_twice(self, finished, tiny):
        trials = Run.load(finished.run, finished=True).trials
        role = ["phase", "arm", "configuration", "protocol", "repetition", "fold"]
        finals = trials["phase"] == "choose"
        assert not trials[~finals].duplicated(role).any()
        # An arm's finalists have one role, and each is another configuration.
        assert trials["trial"][finals].is_unique
        assert (trials["phase"] == "explore").sum() == len(tiny.STUDY.arms) * tiny.SCALE.trials
        assert set(trials["state"][trials["phase"] == "confirm"]) == {"complete"}
        assert (finished.run / "report.html").stat().st_size > 10_000

    def test_curves_are_those_of_a_run_in_a_folder(self, finished, tiny, store, tmp_path, monkeypatch):
        request = launch.Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, tmp_path / "runs")
        monkeypatch.setattr(launch, "train_all", Plainly())
        launch.launch([request], Resources(), lambda queue: None)
        here, there = curves(request.directory), curves(finished.run)
        assert len(here.keys() & there.keys()) >= len(tiny.STUDY.arms) * tiny.SCALE.trials
        for trial in here.keys() & there.keys():
            assert all(one == other for one, other in zip(here[trial], there[trial], strict=False)), trial

    def test_status_and_report_from_another_machine(self, finished, etude, tmp_path):
        code, out, _ = etude("status", finished.url, "--home", tmp_path)
        assert (code, "finished" in out) == (0, True)
        code, _, err = etude("report", f"{finished.url}-not", "--home", tmp_path)
        assert code == 1
        assert err.startswith(f"There is no run at {finished.url}-not")
        code, out, _ = etude("verdicts", "--storage", finished.url.rpartition("/")[0], "--home", tmp_path)
        assert code == 0


def test_second_driver_of_this_machine_is_refused_too(s3, tmp_path, store, tiny):
    """By the lock on the copy, whatever the bucket says."""
    folder, url = place(s3.new(), tmp_path)
    request = launch.Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, folder, url)
    with (
        ownership(request.directory) as token,
        kept(request.directory, request.url, token),
        pytest.raises(UserError, match="is being run by process"),
        ownership(request.directory),
    ):
        pass
