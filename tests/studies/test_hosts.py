"""A study on a cluster of three hosts that `ray up` makes of cluster.yaml's own commands; hosts, links, drivers fail.

Only with ETUDE_HOSTS=1 in the environment, by root, where the machine makes namespaces: it takes minutes.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.slow

PAUSE = 1.2
PATIENCE = 150.0
CUT_SECONDS = 20.0
LOGS = "/tmp/ray/session_latest/logs"
STORAGE = "/mnt/shared/runs"
TINY = "/home/ubuntu/etude/tests/studies/tiny_study.py"
RUN = f"python {TINY} /mnt/shared/epochs.log {PAUSE} run tiny/study --rendered --scale tiny"
COMMAND = f"set -o pipefail; {RUN} --address auto --storage {STORAGE} 2>&1 | cat"


@dataclass
class Story:
    """What happened to a study on a cluster, in order; seconds since the first host was made."""

    cluster: Any
    shared: Path
    begun: float
    drivers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def run(self) -> Path:
        """The only run."""
        (run,) = (self.shared / "runs").iterdir()
        return run

    def say(self, what: str) -> None:
        """Print what has happened, with the time."""
        print(f"{time.monotonic() - self.begun:5.0f} s  {what}", flush=True)

    def notes(self, what: str) -> list[tuple[str, int, str]]:
        """Trial, epoch and host of each epoch 'begun' or 'committed', in that order."""
        log = self.shared / "epochs.log"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [(trial, epoch, host) for noted, trial, epoch, host, _ in lines if noted == what]

    def launch(self) -> None:
        """Give the command, as the README does."""
        self.drivers.append(self.cluster.start(f"driver{len(self.drivers)}", "exec", str(self.cluster.file), COMMAND))

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something has happened while the driver runs."""
        end = time.monotonic() + seconds
        while not condition():
            said = self.cluster.said(f"driver{len(self.drivers) - 1}")
            assert self.drivers[-1].poll() is None, f"ended before {what}:\n{said}"
            assert time.monotonic() < end, f"no {what} in {seconds} s:\n{said}"
            time.sleep(0.2)
        self.say(what)

    def wait_for_epochs(self, host: Any, epochs: int = 2) -> None:
        """Wait until a host has committed so many more epochs."""
        before = sum(where == host.name for *_, where in self.notes("committed"))
        goal = before + epochs
        done = lambda: sum(where == host.name for *_, where in self.notes("committed")) >= goal  # noqa: E731
        self.wait(f"{epochs} more epochs on {host.name}", done)


@pytest.fixture(scope="module")
def story(hosts, local_cluster, corpora, tmp_path_factory) -> Iterator[Story]:
    if os.environ.get("ETUDE_HOSTS") != "1":
        pytest.skip("minutes on a cluster of namespaces: set ETUDE_HOSTS=1 to have it run")
    if reason := hosts.impossible():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("hosts")
    begun = time.monotonic()
    with hosts.hosts(folder, 3) as made:
        cluster = local_cluster.Cluster(folder, made, corpora.parent / "music")
        story = Story(cluster, folder / "shared", begun)
        try:
            tell(story)
            yield story
        finally:
            for host in made:
                print(host.ssh(f"cd {LOGS} && tail -n 40 monitor.out worker*.err raylet.out", check=False).stdout)
            for driver in story.drivers:
                driver.kill()
                driver.wait()


def tell(story: Story) -> None:
    """The whole story."""
    cluster = story.cluster
    head, first, second = cluster.hosts
    cluster.ray("up", "up", "-y", "--no-config-cache", str(cluster.file))
    cluster.wait_for({host.name for host in cluster.hosts})
    cluster.keep_image()
    story.say("the head and two workers are up")
    story.facts["refused"] = refused(head)
    story.facts["modes"] = [
        host.ssh("stat -c %a /home/ubuntu/.ray/auth_token").stdout.strip() for host in cluster.hosts
    ]
    story.launch()
    story.wait_for_epochs(first)
    story.wait_for_epochs(second)
    second.kill()
    story.say(f"{second.name} killed")
    story.facts["killed at"] = len(story.notes("begun"))
    second.start()
    second.wait()
    story.wait_for_epochs(first, 4)
    kill_driver(story, head)
    story.launch()
    story.wait_for_epochs(first)
    story.wait_for_epochs(second)
    first.link("down")
    story.say(f"link of {first.name} cut")
    time.sleep(CUT_SECONDS)
    first.link("up")
    story.say(f"link of {first.name} restored")
    story.facts["exit code"] = story.drivers[-1].wait(PATIENCE)
    story.say("the study is done")
    cluster.wait_for({host.name for host in cluster.hosts})
    story.say("all three hosts are alive again")
    story.facts["logs with the token"] = leaks(story)
    cluster.ray("down", "down", "-y", str(cluster.file))
    story.facts["left"] = left(cluster.hosts)
    story.say("ended by ray down")


def kill_driver(story: Story, head: Any) -> None:
    """SIGKILL to the study's driver on the head."""
    for pid in head.processes(TINY):
        with suppress(ProcessLookupError):  # The shells around it end by themselves.
            os.kill(pid, signal.SIGKILL)
    story.drivers[-1].wait(30)
    story.say("driver killed")


def left(hosts: list[Any], seconds: float = 40) -> list[str]:
    """Ray's processes on the hosts; with the local provider, those of workers end when they miss the head."""
    end = time.monotonic() + seconds
    while found := [command for host in hosts for command in host.commands("/ray/core/src/ray/")]:
        if time.monotonic() > end:
            break
        time.sleep(0.5)
    return found


def refused(head: Any) -> dict[str, str]:
    """What the head answers to those who have no token, or a wrong one."""
    ask = "/home/ubuntu/venv/bin/python -c 'import urllib.request as r; print(r.urlopen(r.Request({})).status)' 2>&1"
    url = '"http://127.0.0.1:8265/api/version"'
    listing = "RAY_AUTH_MODE=token RAY_AUTH_TOKEN=wrong /home/ubuntu/venv/bin/ray list nodes 2>&1"
    return {
        "no token": head.ssh(ask.format(url), check=False).stdout,
        "wrong token": head.ssh(ask.format(f'{url}, headers={{"Authorization": "Bearer wrong"}}'), check=False).stdout,
        "wrong token to ray": head.ssh(listing, check=False).stdout,
        "dashboard from outside": listening(head),
    }


def listening(head: Any) -> str:
    """The addresses on which the dashboard listens."""
    return head.ssh("ss -Hltn 'sport = :8265' | awk '{print $4}'").stdout.strip()


def leaks(story: Story) -> list[str]:
    """Files of the run, of Ray and of what was printed that hold the token."""
    token = story.cluster.token
    mine = [path for root in (story.shared, story.cluster.logs) for path in root.rglob("*.log")]
    found = [
        str(path) for path in [*mine, *story.run.rglob("*")] if path.is_file() and token in path.read_text("latin-1")
    ]
    for host in story.cluster.hosts:
        found += host.ssh(f"grep -rl {token} /tmp || true").stdout.split()
    return found


def test_ends_well(story):
    assert story.facts["exit code"] == 0, story.cluster.said("driver1")
    assert (story.run / "report.html").stat().st_size > 10_000


def test_trials_ran_on_both_workers_and_none_on_the_head(story):
    assert {host for *_, host in story.notes("committed")} == {host.name for host in story.cluster.hosts[1:]}


def test_every_trial_is_there_once_per_role(story, tiny):
    trials = pd.read_parquet(story.run / "trials.parquet")
    role = ["phase", "arm", "configuration", "protocol", "repetition", "fold"]
    # An arm has several finalists, which differ in their trials alone.
    assert not trials[trials["phase"] != "choose"].duplicated(role).any()
    assert not trials.duplicated([*role, "trial"]).any()
    arms = len(tiny.STUDY.arms)
    counts = trials["phase"].value_counts()
    assert counts["explore"] == arms * tiny.SCALE.trials
    assert set(trials["state"][trials["phase"] == "confirm"]) == {"complete"}
    assert set(trials["state"][trials["phase"] == "explore"]) <= {"complete", "stopped", "failed"}


def test_no_committed_epoch_is_trained_again(story):
    seen: set[tuple[str, int]] = set()
    log = (story.shared / "epochs.log").read_text().splitlines()
    for what, trial, epoch, *_ in map(json.loads, log):
        assert what == "committed" or (trial, epoch) not in seen
        seen |= {(trial, epoch)} if what == "committed" else set()


def test_trials_of_the_killed_host_went_on_elsewhere(story):
    second = story.cluster.hosts[2].name
    begun = story.notes("begun")[: story.facts["killed at"]]
    done = {(trial, epoch) for trial, epoch, _ in story.notes("committed")}
    moved = {trial for trial, _, host in begun if host == second}
    assert moved
    assert all((trial, epoch) in done for trial, epoch, host in begun if host == second)


def test_nobody_gets_in_without_the_token(story):
    answers = story.facts["refused"]
    assert "401" in answers["no token"]
    assert "403" in answers["wrong token"]
    assert "nvalid" in answers["wrong token to ray"] or "403" in answers["wrong token to ray"]
    assert answers["dashboard from outside"] == "127.0.0.1:8265"
    assert story.facts["modes"] == ["600"] * 3


def test_token_is_in_no_log_and_no_report(story):
    assert story.facts["logs with the token"] == []


def test_ray_down_ends_every_node(story):
    assert story.facts["left"] == []
