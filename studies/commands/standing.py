"""Where runs stand."""

import fcntl
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from analysis.errors import RunError
from analysis.runs import STUDY, Look, understood
from analysis.text import looked
from studies.commands.verdict_lines import counts, verdicts_in
from studies.console import table
from studies.driver.run import find, read_description
from studies.remote.mirror import LOCK, driven, remote_of, stored_at
from trainables.errors import UserError
from trainables.storage.bucket import SCHEME, Bucket

PHASES = ("explore", "choose", "confirm")
COLUMNS = ("run", "state", "begun", "trials", "verdicts")


def status_line(run: str, home: Path) -> str:
    """Where a run stands that is given as a path, as its name below HOME/runs, or as a URL.

    Of a run that is kept in a bucket the bucket is asked, unless its driver is on this machine; nothing is copied.
    """
    if run.startswith(SCHEME):
        return stored_status(run)
    directory = find(run, home)
    held = is_held(directory)
    if (kept := remote_of(directory)) and not held:
        return stored_status(f"{kept}/{directory.name}")
    with understood(directory):
        description = read_description(directory)
        found = counts_of(directory, description["progress"])
        return status_of(directory.name, str(directory), description, held, found)


def stored_status(url: str) -> str:
    """Where the run at a URL stands; it runs if its driver has been heard of in the last two minutes."""
    bucket = Bucket(url)
    stored = stored_at(bucket)
    try:
        description = json.loads(stored.content)
    except ValueError as error:
        raise UserError(f"Cannot read {url}/{STUDY}: {error}; run the study again to have it written anew.") from error
    with understood(url):
        return status_of(bucket.url.rpartition("/")[2], bucket.url, description, driven(bucket))


def status_of(name: str, place: str, description: Mapping[str, Any], held: bool, verdicts: str = "") -> str:
    """The sentence for a run with this description, that a driver holds or not, and its `verdicts` in numbers."""
    progress = description["progress"]
    state = state_of(progress, held)
    end = f"`etude resume {place}` goes on" if state == "stopped" else place
    parts = (f"{name}: {state}", f"trials: {trials_of(progress)}", last_look(description), verdicts, end)
    return "; ".join(part for part in parts if part)


def last_look(description: Mapping[str, Any]) -> str:
    """What a run that stops when decided found when it last looked; '' before, and for other runs."""
    looks = description.get("looks")
    return f"last look {looked(Look(**looks[-1]))}" if looks else ""


def state_of(progress: Mapping[str, Any], held: bool) -> str:
    """Whether a run is finished, or going on."""
    return "finished" if progress["finished"] else "running" if held else "stopped"


def trials_of(progress: Mapping[str, Any]) -> str:
    """How many trials of how many have ended."""
    phases = [phase for phase in PHASES if phase in progress]
    return ", ".join(f"{each} {progress[each]['done']} of {progress[each]['planned']}" for each in phases) or "none yet"


def runs_table(home: Path) -> Table | str:
    """All runs below a home, the last begun first."""
    folder = (home / "runs").absolute()
    paths = folder.iterdir() if folder.is_dir() else ()
    rows = [row(path) for path in paths if (path / LOCK).exists() or (path / STUDY).exists()]
    if not rows:
        return f"No runs in {folder}: `etude run STUDY` makes one."
    return table(f"Runs in {folder}", COLUMNS, [cells for _, cells in sorted(rows, reverse=True)])


def row(directory: Path) -> tuple[str, tuple[str, ...]]:
    held = is_held(directory)
    if not (directory / STUDY).exists():
        state = "being audited" if held else "stopped in its audit"
        return "", (directory.name, state, "", "none yet", "")
    try:
        with understood(directory):
            description = read_description(directory)
            progress, begun = description["progress"], str(description["provenance"]["started"])
            found = counts_of(directory, progress)
            return begun, (directory.name, state_of(progress, held), age(begun), trials_of(progress), found)
    except (UserError, RunError):
        return "", (directory.name, "cannot be read", "", "", "")


def counts_of(directory: Path, progress: Mapping[str, Any]) -> str:
    """How many verdicts of a run have which word; '' before its end."""
    return counts(verdicts_in(directory)) if progress["finished"] else ""


def age(begun: str) -> str:
    """How long ago that was, in the largest whole unit."""
    passed = datetime.now(UTC) - datetime.fromisoformat(begun)
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if passed >= unit:
            return f"{passed // unit} {name} ago"
    return "now"


def is_held(directory: Path) -> bool:
    """Whether a driver holds the run's lock now."""
    try:
        with (directory / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
