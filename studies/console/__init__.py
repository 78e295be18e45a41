"""What the user sees: lines, tables, and progress while something takes time."""

import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from studies.console.log import LOG
from trainables.errors import UserError

CONSOLE = Console()
# What --quiet and --json leave out: remarks and progress.
ASIDE = Console()
PLAIN_SECONDS = 10.0
SPEED_SECONDS = 600.0
"""The time over which the bars take the speed of what is left."""
FEWEST = 4
"""The steps after which lines say how long the others take."""
STDERR = 2
GO_ON = "Stopped; run the same command again to go on."
# Where there is no terminal a table has a line for each row; narrower columns than READABLE are no help.
PIPE_WIDTH, READABLE = 10_000, 14


class Interrupted(UserError):
    """Ctrl-C, and what becomes of what was done until then."""

    exit_code = 130


@contextmanager
def interruptible(sentence: str) -> Iterator[None]:
    """Let Ctrl-C within end in this sentence."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted(sentence) from error


@contextmanager
def without_decoder_notes() -> Iterator[None]:
    """Keep off the terminal what libmpg123 writes of files without naming them; what Python writes gets there."""
    terminal = os.dup(STDERR)
    with Path(os.devnull).open("wb") as nowhere, os.fdopen(terminal, "w", buffering=1) as own:
        is_terminal = sys.stderr in (sys.__stderr__, None)
        with redirect_stderr(own if is_terminal else sys.stderr):
            os.dup2(nowhere.fileno(), STDERR)
            try:
                yield
            finally:
                os.dup2(terminal, STDERR)


def in_one_line(text: str) -> str:
    """A text that no name from outside can break, or turn into commands to the terminal."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def print_line(text: str) -> None:
    """Print a line as it is."""
    LOG.info(in_one_line(text))
    CONSOLE.print(in_one_line(text), highlight=False, markup=False, soft_wrap=True)


def remark(text: str) -> None:
    """Print a line beside what was asked for."""
    LOG.info(in_one_line(text))
    ASIDE.print(in_one_line(text), highlight=False, markup=False, soft_wrap=True)


@contextmanager
def quiet(*, on: bool = True) -> Iterator[None]:
    """Leave out remarks and progress within."""
    before = ASIDE.quiet
    ASIDE.quiet = before or on
    try:
        yield
    finally:
        ASIDE.quiet = before


@dataclass(frozen=True)
class InText:
    """What is shown, as text; it is made when a log takes it."""

    shown: RenderableType

    def __str__(self) -> str:
        lines = StringIO()
        Console(width=PIPE_WIDTH, file=lines).print(self.shown)
        return lines.getvalue()


def table(
    name: str, columns: Iterable[str], rows: Iterable[Iterable[str | Text]], *, numbers: int = 0, caption: str = ""
) -> Table:
    """A table for the terminal; the last columns may be `numbers`."""
    result = Table(*columns, title=name or None, title_justify="left", caption=escape(caption) or None)
    for column in result.columns[len(result.columns) - numbers :]:
        column.justify = "right"
        column.no_wrap = True
    for row in rows:
        result.add_row(*(escape(cell) if isinstance(cell, str) else cell for cell in row))
    return result


def show(*shown: Table | str) -> None:
    """Print lines, and tables that fit the terminal and of which the first column is never cut.

    Where there is no terminal, each row is one line, however long.
    """
    console = CONSOLE if CONSOLE.is_terminal else Console(width=PIPE_WIDTH)
    for each in shown:
        if isinstance(each, str):
            print_line(each)
        else:
            LOG.info("%s", InText(each))
            console.print(fitted(each, console.width))


def fitted(table: Table, width: int) -> RenderableType:
    """The table with its first column whole and the others folded between words, or stacked where they cannot be."""
    table.columns[0].no_wrap = True
    sizes = [sizes_of(column) for column in table.columns]
    free = width - 3 * len(sizes) - 1 - sum(least for least, _ in sizes)
    if free < 0:
        return stacked(table)
    wished = sum(own - least for least, own in sizes)
    for column, (least, own) in zip(table.columns, sizes, strict=True):
        if wished > free:
            column.width = least + free * (own - least) // wished
    return table


def sizes_of(column: Column) -> tuple[int, int]:
    """The least width of a column that can be read, which is that of its longest word, and the width of its own."""
    cells, options = [column.header, *column.cells], CONSOLE.options.update(width=PIPE_WIDTH)
    measured = [Measurement.get(CONSOLE, options, cell) for cell in cells]
    own, word = (max(each) for each in zip(*((each.maximum, each.minimum) for each in measured), strict=True))
    return (own if column.no_wrap else max(word, min(own, READABLE))), own


def stacked(table: Table) -> Group:
    """Each row as its first cell, and the others indented below it, each after the name of its column."""
    blocks: list[RenderableType] = [Text(str(table.title), style="italic")] if table.title else []
    headers = [str(column.header) for column in table.columns]
    for row in zip(*(column.cells for column in table.columns), strict=True):
        named = [f"[dim]{header}[/dim] {cell}" for header, cell in zip(headers[1:], row[1:], strict=True) if cell]
        blocks += [Text.from_markup(f"[bold]{row[0]}"), Padding(Text.from_markup(" · ".join(named)), (0, 0, 0, 4))]
    return Group(*blocks, *([Text(str(table.caption), style="italic")] if table.caption else []))


Step = Callable[[str, float, int], None]
"""Shows how far a piece of work of some name has come: how much is done, and of how much."""


def silent(name: str, done: float, total: int) -> None:
    """Show nothing."""


@contextmanager
def progress() -> Iterator[Step]:
    """A bar per piece of work with the time left; on no terminal, a line every ten seconds."""
    if ASIDE.quiet or not CONSOLE.is_terminal:
        yield silent if ASIDE.quiet else plain()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Trials end in bursts: the speed of the last half minute, which is usual, would say little of what is left.
    left = TextColumn("left"), TimeRemainingColumn()
    with Progress(*columns, *left, console=CONSOLE, speed_estimate_period=SPEED_SECONDS) as bars:
        tasks = {}

        def step(name: str, done: float, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield step


def plain() -> Step:
    """Lines for a log file: the first, the last, and one every ten seconds between; anew where a total has changed."""
    started: dict[tuple[str, int], tuple[float, float]] = {}
    printed: dict[tuple[str, int], float] = {}

    def step(name: str, done: float, total: int) -> None:
        now, task = time.monotonic(), (name, total)
        begun, at = started.setdefault(task, (now, done))
        last = printed.get(task, -math.inf)
        if last == math.inf or (done < total and now - last < PLAIN_SECONDS):
            return
        printed[task] = math.inf if done >= total else now
        # Of the first few, all that began together, the time says nothing of the others.
        some = at + FEWEST <= done < total
        left = f", {(now - begun) / (done - at) * (total - done):.0f} s left" if some else ""
        print(f"{name}: {done:.0f} of {total}{left}", file=sys.stderr, flush=True)

    return step
