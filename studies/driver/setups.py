"""Machines of a cluster whose set-up has failed, as Ray's autoscaler notes it on the head: nobody waits for them.

The autoscaler leaves such a machine uninitialised, or starts another in its place that fails alike (ray issue 29127).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MONITOR = "monitor.out"
FAILED = re.compile(r"NodeUpdater: (\S+): (.+) failed \[LogTimer")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
RAYS_OWN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+\s")
"""How lines begin that no command of a set-up has printed."""
LAST_LINES = 5
QUIET_SECONDS = 300.0
"""After which a log that nobody writes says that no machine is being set up any more."""


class Failure(NamedTuple):
    """A machine, by its address or its provider's id, the step that failed, and the last lines printed before."""

    machine: str
    step: str
    lines: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What a user reads."""
        printed = " | ".join(self.lines) or "nothing was printed"
        return f"The set-up of {self.machine} has failed ({self.step.lower()}), and nobody waits for it: {printed}"


def failures(log: str) -> list[Failure]:
    """The failed set-ups that a log notes, in order; machines that are set up at once mix their lines there."""
    lines = COLOURS.sub("", log).splitlines()
    found = [(number, match) for number, line in enumerate(lines) if (match := FAILED.search(line))]
    return [Failure(match[1], match[2], last_lines(lines[:number])) for number, match in found]


def last_lines(lines: list[str]) -> tuple[str, ...]:
    """The last lines that commands have printed."""
    printed = [line.strip() for line in lines if line.strip() and not RAYS_OWN.match(line)]
    return tuple(printed[-LAST_LINES:])


@dataclass
class SetUps:
    """The failed set-ups of a cluster, read again and again from the log of its head; `known` counts the reported."""

    log: Path
    known: int = 0

    def news(self) -> list[str]:
        """A sentence for each set-up that has failed since the last call."""
        found = failures(self.log.read_text(errors="replace")) if self.log.exists() else []
        new, self.known = found[self.known :], len(found)
        return [failure.sentence for failure in new]

    def over(self, now: float) -> bool:
        """Whether a set-up has failed and no machine is being set up any more; `now` in seconds since the epoch."""
        return self.known > 0 and now - self.log.stat().st_mtime > QUIET_SECONDS
