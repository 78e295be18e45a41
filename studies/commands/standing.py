"""Where runs stand."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from analysis.errors import RunError
from analysis.looks import Look
from analysis.runs import STUDY, understood
from analysis.text import looked
from studies.commands.as_json import PhaseCount, Standing
from studies.commands.verdict_lines import counted, verdicts_in
from studies.console import table
from studies.driver.run import find, read_description
from studies.remote.mirror import LOCK, driven, is_held, remote_of, stored_at
from trainables.errors import UserError
from trainables.storage.bucket import SCHEME, Bucket

PHASES = ("explore", "choose", "confirm")
COLUMNS = ("run", "state", "begun", "trials", "verdicts")
AUDITED, STOPPED_EARLY, UNREADABLE = "being audited", "stopped in its audit", "cannot be read"


def status_line(run: str, home: Path) -> str:
    """Where a run stands, in a sentence."""
    return in_words(standing_of(run, home))


def standing_of(run: str, home: Path) -> Standing:
    """Where a run stands that is given as a path, as its name below HOME/runs, or as a URL.

    Of a run that is kept in a bucket the bucket is asked, unless its driver is on this machine; nothing is copied.
    """
    if run.startswith(SCHEME):
        return stored_standing(run)
    directory = find(run, home)
    held = is_held(directory)
    if (kept := remote_of(directory)) and not held:
        return stored_standing(f"{kept}/{directory.name}")
    with understood(directory):
        return described(directory, read_description(directory), held)


def described(directory: Path, description: Mapping[str, Any], held: bool) -> Standing:
    """Where the run in a folder stands, that a driver holds or not."""
    found = verdicts_in(directory) if description["progress"]["finished"] else []
    return standing(directory.name, str(directory), description, held, Counter(each.word for each in found))


def stored_standing(url: str) -> Standing:
    """Where the run at a URL stands; it runs if its driver has renewed its lease in the last two minutes."""
    bucket = Bucket(url)
    stored = stored_at(bucket)
    try:
        description = json.loads(stored.content)
    except ValueError as error:
        raise UserError(f"Cannot read {url}/{STUDY}: {error}; run the study again to have it written anew.") from error
    with understood(url):
        return standing(bucket.url.rpartition("/")[2], bucket.url, description, driven(bucket), {})


def standing(
    name: str, place: str, description: Mapping[str, Any], held: bool, verdicts: Mapping[str, int]
) -> Standing:
    """What the description of a run says, with how many of its verdicts have which word."""
    progress = description["progress"]
    return Standing(
        run=name,
        place=place,
        state=state_of(progress, held),
        started=str(description.get("provenance", {}).get("started", "")),
        trials={each: PhaseCount(**progress[each]) for each in PHASES if each in progress},
        verdicts=dict(verdicts),
        last_look=last_look(description),
    )


def in_words(found: Standing) -> str:
    look = f"last look {found.last_look}" if found.last_look else ""
    end = f"`etude resume {found.place}` goes on" if found.state == "stopped" else found.place
    parts = (f"{found.run}: {found.state}", f"trials: {trials_of(found)}", look, counted(found.verdicts), end)
    return "; ".join(part for part in parts if part)


def last_look(description: Mapping[str, Any]) -> str:
    """What a run that stops when decided found when it last looked; '' before, and for other runs."""
    looks = description.get("looks")
    return looked(Look.read(looks[-1])) if looks else ""


def state_of(progress: Mapping[str, Any], held: bool) -> str:
    """Whether a run is finished, or going on."""
    return "finished" if progress["finished"] else "running" if held else "stopped"


def trials_of(found: Standing) -> str:
    """How many trials of how many have ended."""
    return ", ".join(f"{name} {each.done} of {each.planned}" for name, each in found.trials.items()) or "none yet"


def runs_table(home: Path) -> Table | str:
    """All runs below a home, the last begun first."""
    folder = (home / "runs").absolute()
    rows = [
        (
            each.run,
            each.state,
            age(each.started),
            trials_of(each) if each.state != UNREADABLE else "",
            counted(each.verdicts),
        )
        for each in standings(home)
    ]
    return table(f"Runs in {folder}", COLUMNS, rows) if rows else f"No runs in {folder}: `etude run STUDY` makes one."


def standings(home: Path) -> list[Standing]:
    """Where all runs below a home stand, the last begun first."""
    folder = (home / "runs").absolute()
    paths = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else ()
    found = [local(path) for path in paths if (path / LOCK).exists() or (path / STUDY).exists()]
    return sorted(found, key=lambda each: each.started, reverse=True)


def local(directory: Path) -> Standing:
    """Where the run in a folder stands; it may be one that is not described yet, or that cannot be read."""
    held = is_held(directory)
    if not (directory / STUDY).exists():
        return Standing(directory.name, str(directory), AUDITED if held else STOPPED_EARLY, "", {}, {}, "")
    try:
        with understood(directory):
            description = read_description(directory)
            _ = description["provenance"]["started"]  # by which runs are ordered
            return described(directory, description, held)
    except (UserError, RunError):
        return Standing(directory.name, str(directory), UNREADABLE, "", {}, {}, "")


def age(begun: str) -> str:
    """How long ago that was, in the largest whole unit; "" of what has not begun."""
    if not begun:
        return ""
    passed = datetime.now(UTC) - datetime.fromisoformat(begun)
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if passed >= unit:
            return f"{passed // unit} {name} ago"
    return "now"
