"""What the user sees while something takes time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

CONSOLE = Console()
PLAIN_SECONDS = 10.0


def in_one_line(text: str) -> str:
    """A text that no name from outside can break, or turn into commands to the terminal."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


class Step(Protocol):
    """Tell how far a piece of work has come."""

    def __call__(self, name: str, done: float, total: int) -> None:
        """`done` of `total` of the work called `name`."""


def silent(name: str, done: float, total: int) -> None:
    """Say nothing."""


@contextmanager
def progress() -> Iterator[Step]:
    """A bar per piece of work with the time left; on no terminal, a line every ten seconds."""
    if not CONSOLE.is_terminal:
        yield plain()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=CONSOLE) as bars:
        tasks = {}

        def step(name: str, done: float, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield step


def plain() -> Step:
    """Lines for a log file: the first, the last, and one every ten seconds between."""
    started: dict[str, tuple[float, float]] = {}
    said: dict[str, float] = {}

    def step(name: str, done: float, total: int) -> None:
        now = time.monotonic()
        begun, at = started.setdefault(name, (now, done))
        if name in said and now - said[name] < PLAIN_SECONDS and done < total:
            return
        if done >= total and said.get(name) == float("inf"):
            return
        said[name] = float("inf") if done >= total else now
        left = f", {(now - begun) / (done - at) * (total - done):.0f} s left" if at < done < total else ""
        print(f"{name}: {done:.0f} of {total}{left}", file=sys.stderr, flush=True)

    return step
