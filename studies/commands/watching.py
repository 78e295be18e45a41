"""The picture of a run that `etude watch` shows again and again, until the run has ended."""

import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Group, RenderableType
from rich.live import Live as Display
from rich.text import Text

from analysis.runs import understood
from analysis.text import duration
from studies.commands.standing import described, trials_of
from studies.commands.verdict_lines import counted
from studies.console import CONSOLE, fitted, in_one_line, table
from studies.driver.live import Live, LiveTrial, live
from studies.driver.page import REPORT
from studies.driver.run import find
from studies.remote.mirror import driven, is_held, place, remote_of
from trainables.storage.bucket import SCHEME, Bucket

BLOCKS = "▁▂▃▄▅▆▇█"
CURVE = 16
"""Signs of a sparkline."""
MOST_OPEN = 12
"""Lines of trials, so that all fits a screen."""
SECONDS, BUCKET_SECONDS = 2.0, 30.0
"""How often a folder is read, and a bucket, which is copied."""

Follow = Callable[[Live], None]


def watch(run: str, home: Path, *, once: bool, follow: Follow) -> None:
    """Show a run until it has ended or nobody drives it any more; `follow` is called with what is read each time."""
    with Display(console=CONSOLE, auto_refresh=False, transient=not once) as display:
        while True:
            directory, held = found(run, home)
            with understood(directory):
                now = live(directory)
                shown = picture(now, held)
            follow(now)
            display.update(shown, refresh=True)
            if once or now.finished or not held:
                break
            time.sleep(BUCKET_SECONDS if remote_of(directory) and not is_held(directory) else SECONDS)
    if not once:
        CONSOLE.print(shown)


def found(run: str, home: Path) -> tuple[Path, bool]:
    """The directory of a run, copied again if it is kept in a bucket, and whether a driver holds it."""
    if not run.startswith(SCHEME):
        directory = find(run, home)
        kept = remote_of(directory)
        if is_held(directory) or not kept:
            return directory, is_held(directory)
        run = f"{kept}/{directory.name}"
    directory, (_, url) = find(run, home), place(run, home)
    return directory, is_held(directory) or driven(Bucket(url))


def picture(now: Live, held: bool) -> RenderableType:
    """The run as it is now: where it stands, its arms, and the trials that are being trained."""
    width = CONSOLE.width if CONSOLE.is_terminal else 80
    parts: list[RenderableType] = [Text(in_one_line(line)) for line in headline(now, held)]
    parts.append(fitted(table("", ARMS, [arm_row(now, arm) for arm in now.arms], numbers=len(ARMS) - 1), width))
    if now.open and not now.finished:
        rows = [trial_row(trial, scale(now.open)) for trial in newest(now.open)]
        more = len(now.open) - len(rows)
        title = "Being trained" if held else "Unfinished"
        parts.append(fitted(table(title, TRIALS, rows, caption=f"and {more} more" if more else ""), width))
    return Group(*parts)


def headline(now: Live, held: bool) -> list[str]:
    """Name and state of a run, its trials, what it has taken, and what is left."""
    found = described(now.directory, now.description, held)
    look = f"last look {found.last_look}" if found.last_look else ""
    parts = [f"trials: {trials_of(found)}", look, *times(now, held)]
    end = {
        "finished": f"{counted(found.verdicts) or 'no claims'}; report: {now.directory / REPORT}",
        "stopped": f"`etude resume {now.directory}` goes on",
    }
    lines = [f"{found.run}: {found.state}", "; ".join(part for part in parts if part), end.get(found.state, "")]
    return [line for line in lines if line]


def times(now: Live, held: bool) -> list[str]:
    """Since when the run's driver runs, what all epochs took of the processors, and about how long the rest takes."""
    begun = datetime.fromisoformat(now.description["provenance"]["launches"][-1]["started"])
    cost = f"CPU time {duration(sum(trial.cpu_seconds for trial in now.trials))}"
    if not held:
        return [cost]
    left = now.seconds_left()
    known = [f"about {duration(left)} left of what is planned"] if left is not None else []
    return [f"running for {duration((datetime.now(UTC) - begun).total_seconds())}", cost, *known]


ARMS = ("arm", "trained", "stopped early", "failed", "best so far")


def arm_row(now: Live, arm: str) -> tuple[str, ...]:
    """How many trials of an arm have ended, and the best validation accuracy of any."""
    mine = [trial.state for trial in now.trials if trial.arm == arm]
    best = now.best(arm)
    numbers = (mine.count(state) for state in ("ended", "stopped", "failed"))
    return arm, *(str(number or "") for number in numbers), "" if best is None else f"{100 * best:.1f} %"


TRIALS = ("trial of", "phase", "epoch", "validation accuracy", "last")


def newest(trials: Sequence[LiveTrial]) -> list[LiveTrial]:
    """The trials with the most epochs, as many as fit a screen."""
    return sorted(trials, key=lambda trial: -len(trial.records))[:MOST_OPEN]


def trial_row(trial: LiveTrial, bounds: tuple[float, float]) -> tuple[str, ...]:
    """How far a trial is, its curve as a sparkline, and its last value."""
    curve = trial.curve
    last = f"{100 * curve[-1]:.1f} %" if curve else ""
    return trial.arm, trial.phase, f"{len(trial.records)} of {trial.epochs}", sparkline(curve, bounds), last


def scale(trials: Sequence[LiveTrial]) -> tuple[float, float]:
    """The lowest and the highest value of any curve, so that all are drawn to one scale."""
    values = [value for trial in trials for value in trial.curve] or [0.0]
    return min(values), max(values)


def sparkline(curve: Sequence[float], bounds: tuple[float, float]) -> str:
    """A curve as at most `CURVE` blocks, the first and the last value among them."""
    low, high = bounds
    shown = curve if len(curve) <= CURVE else [curve[round(i * (len(curve) - 1) / (CURVE - 1))] for i in range(CURVE)]
    steps = ((value - low) / (high - low) if high > low else 0.0 for value in shown)
    return "".join(
        BLOCKS[min(int(step * len(BLOCKS)), len(BLOCKS) - 1)] if math.isfinite(step) else " " for step in steps
    )
