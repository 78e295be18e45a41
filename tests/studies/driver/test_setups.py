"""A machine whose set-up fails, in the words of Ray's own updater, and by a made clock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies.driver import search
from studies.driver.setups import QUIET_SECONDS, SetUps, failures
from studies.resources import Resources

SCRIPT = """
import subprocess
from ray.autoscaler._private.subprocess_output_util import ProcessRunnerError
from ray.autoscaler._private.updater import NodeUpdater

FAILS = "for n in 1 2 3 4 5 6 7; do echo line $n; done; echo 'E: no space left' >&2; exit 3"

class Provider:
    # What Ray asks of where its machines are from; its machine runs commands here.
    def __init__(self, machine):
        self.machine, self.tags = machine, {}

    def get_command_runner(self, *_, **__):
        return self

    def run(self, command, **_):
        done = subprocess.run(["bash", "-c", command], check=False)
        if done.returncode:
            raise ProcessRunnerError("failed", "ssh_command_failed", code=done.returncode, command=command)

    def run_init(self, **_):
        return False

    def set_node_tags(self, _, tags):
        self.tags.update(tags)

    def node_tags(self, _):
        return self.tags

    def is_terminated(self, _):
        return False

    def internal_ip(self, _):
        return self.machine

for machine, command in (("10.0.0.2", "echo all is well"), ("10.0.0.3", FAILS)):
    where = Provider(machine)
    NodeUpdater(machine, {"type": "x"}, where, {}, "c", {}, [], [command], ["true"], "h", "f", False).run()
    print(machine, where.tags["ray-node-status"], flush=True)
"""


@pytest.fixture(scope="module")
def log() -> str:
    """What Ray's updater prints of two machines, of which the second cannot be set up."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0 and "10.0.0.3 update-failed" in done.stdout, done.stdout
    return done.stdout


def test_the_machine_is_named_with_the_last_lines_of_its_set_up(log: str):
    (failure,) = failures(log)
    assert (failure.machine, failure.step) == ("10.0.0.3", "Setup commands")
    assert failure.lines == ("line 4", "line 5", "line 6", "line 7", "E: no space left")
    assert failure.sentence.startswith("The set-up of 10.0.0.3 has failed (setup commands), and nobody waits for it: ")


def test_each_is_told_once_and_it_is_over_when_nobody_writes_the_log(log: str, tmp_path: Path):
    path = tmp_path / "monitor.out"
    setups = SetUps(path)
    assert setups.news() == [] and not setups.over(1e12)
    path.write_text(log)
    assert len(setups.news()) == 1 and setups.news() == []
    written = path.stat().st_mtime
    assert not setups.over(written + QUIET_SECONDS) and setups.over(written + QUIET_SECONDS + 1)


class Done:
    """An event that comes after so many looks."""

    def __init__(self, looks: int):
        self.looks = looks

    def wait(self, _: float) -> bool:
        self.looks -= 1
        return self.looks < 0

    def is_set(self) -> bool:
        return False


@pytest.mark.parametrize("room", [0.0, 1.0])
def test_a_run_that_no_machine_has_room_for_ends_and_another_goes_on(log, tmp_path, monkeypatch, capfd, room):
    path = tmp_path / "monitor.out"
    path.write_text(log)
    os.utime(path, (0, 0))
    nodes = [{"Alive": True, "Resources": {"CPU": room}}]
    monkeypatch.setattr(search, "ray", type("Ray", (), {"nodes": staticmethod(lambda: nodes)}))
    monkeypatch.setattr(search, "autoscaler_log", lambda: path)
    ends: list[int] = []
    monkeypatch.setattr(search.os, "_exit", ends.append)
    search.watch_cluster(Done(1), Resources(address="auto"))
    said = capfd.readouterr().err
    assert "10.0.0.3" in said and "E: no space left" in said
    assert ends == ([] if room else [search.EXIT_CLUSTER_LOST])
    assert ("none is being set up" in said) == (not room)
