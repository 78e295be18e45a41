"""Drivers as processes of their own: start, watch, kill; and only what descends from them is ever killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from trainables.trial import Trial

TINY = Path(__file__).with_name("tiny_study.py")
POLL_SECONDS = 0.05
PATIENCE = 300.0
"""Seconds that a command may take on a machine that is busy with other things."""

Process = tuple[int, int]
"""Id and start time of a process: together they are never used again."""
descendants_seen: set[Process] = set()


class Home:
    """A folder with packed corpora, a folder for runs, and a log of epochs.

    Its drivers train as many trials at once as the machine has processors, or as many as `places`.
    """

    def __init__(self, path: Path, corpora: Path, pause: float = 0.0, places: int = 0):
        self.path, self.log, self.pause = path, path / "epochs.log", pause
        self.environment = {"RAY_OVERRIDE_RESOURCES": json.dumps({"CPU": places})} if places else {}
        path.mkdir(parents=True, exist_ok=True)
        (path / "corpora").symlink_to(corpora)
        self.storage = path / "runs"

    def run(self) -> Path:
        """The only run there is."""
        (run,) = self.storage.iterdir()
        return run

    def start(self, *options: str, scale: str = "tiny") -> "Driver":
        """Begin the tiny study, or go on with it."""
        where = ("--rendered", "--scale", scale, "--home", str(self.path), "--storage", str(self.storage))
        command = [str(TINY), str(self.log), str(self.pause), "run", "tiny/study", *where, *options]
        return Driver(command, self.environment)

    def note_commits(self, patch: pytest.MonkeyPatch) -> None:
        """Note what is committed by trials that are trained in this process."""
        commit = Trial._commit

        def committed(trial: Trial) -> None:
            commit(trial)
            with self.log.open("a") as file:
                note = ["committed", trial.directory.name, len(trial.fit.history), "here", os.getpid()]
                file.write(f"{json.dumps(note)}\n")

        patch.setattr(Trial, "_commit", committed)

    def epochs(self, what: str) -> Counter[tuple[str, int]]:
        """How often each epoch of each trial was 'begun' or 'committed'."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return Counter((trial, epoch) for noted, trial, epoch, *_ in lines if noted == what)


class Driver:
    """A running command; its output is in `out` and `err` once it has ended."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str] | None = None):
        # Short: Ray keeps sockets there, and the path of a socket may have 107 letters.
        self.scratch = tempfile.mkdtemp(prefix="et-", dir="/tmp")
        own = {"RAY_TMPDIR": self.scratch, "TMPDIR": self.scratch, "OMP_NUM_THREADS": "1"}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **own, **(environment or {})},
            start_new_session=True,
        )
        self.out = self.err = ""
        STARTED.append(self)

    @property
    def running(self) -> bool:
        """Whether the command has not ended."""
        return self.process.poll() is None

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Wait until a condition holds; False if the command ended, or time ran out, before."""
        end = time.monotonic() + seconds
        while self.running and time.monotonic() < end:
            if condition():
                self.descendants()
                return True
            time.sleep(POLL_SECONDS)
        return False

    def descendants(self) -> list[int]:
        """Ids of the processes that the command has begun, and they in turn."""
        found = list(below(self.process.pid))
        descendants_seen.update((pid, born(pid)) for pid in found)
        return found

    def named(self, text: str) -> list[int]:
        """Ids of those descendants whose command line contains a text."""
        return [pid for pid in self.descendants() if text in command(pid)]

    def send(self, number: signal.Signals, pid: int | None = None) -> None:
        """Send a signal to the command, or to one of its descendants."""
        assert pid is None or pid in self.descendants(), f"{pid} is not below {self.process.pid}"
        os.kill(pid or self.process.pid, number)

    def finish(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; gives the exit code."""
        try:
            self.out, self.err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.descendants()
            self.process.kill()
            self.out, self.err = self.process.communicate()
            raise AssertionError(f"no end after {seconds} s:\n{self.out}\n{self.err}") from None
        return self.process.returncode

    @property
    def sentences(self) -> list[str]:
        """What the command said on standard error beside its progress."""
        return [line for line in self.err.splitlines() if line and not line.startswith(PROGRESS)]


STARTED: list[Driver] = []
PROGRESS = ("explore:", "choose:", "confirm:", "auditing protocols:")


def end_all() -> None:
    """Kill every driver and descendant that is left, and remove what Ray left on disk."""
    for driver in STARTED:
        if driver.running:
            driver.descendants()
            driver.process.kill()
            driver.process.communicate()
    for pid, birth in descendants_seen:
        if born(pid) == birth:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    for driver in STARTED:
        shutil.rmtree(driver.scratch, ignore_errors=True)


def command(pid: int) -> str:
    """The command line of a process; '' if there is none any more."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def below(pid: int) -> Iterator[int]:
    """Ids of all descendants of a process."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children.setdefault(int(fields(path)[1]), []).append(int(path.parent.name))
    waiting = list(children.get(pid, []))
    while waiting:
        yield (child := waiting.pop())
        waiting += children.get(child, [])


def born(pid: int) -> int:
    """When a process was begun, in clock ticks since boot; 0 if it is gone."""
    with suppress(OSError):
        return int(fields(Path(f"/proc/{pid}/stat"))[19])
    return 0


def fields(stat: Path) -> list[str]:
    """The fields of a process's stat after its name, which may contain spaces: state, parent, ..."""
    return stat.read_text().rpartition(")")[2].split()
