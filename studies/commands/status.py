"""Where a run stands, in a sentence."""

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.runs import STUDY, understood
from studies.driver.run import find, read_description
from studies.remote.mirror import LOCK, driven, remote_of, stored_at
from trainables.errors import UserError
from trainables.storage.bucket import SCHEME, Bucket

PHASES = ("explore", "confirm")


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
        return said(directory.name, str(directory), read_description(directory), held)


def stored_status(url: str) -> str:
    """Where the run at a URL stands; it runs if its driver has been heard of in the last two minutes."""
    bucket = Bucket(url)
    stored = stored_at(bucket)
    try:
        description = json.loads(stored.content)
    except ValueError as error:
        raise UserError(f"Cannot read {url}/{STUDY}: {error}; run the study again to have it written anew.") from error
    with understood(url):
        return said(bucket.url.rpartition("/")[2], bucket.url, description, driven(bucket))


def said(name: str, place: str, description: Mapping[str, Any], held: bool) -> str:
    """The sentence for a run with this description, that a driver holds or not."""
    progress = description["progress"]
    phases = [
        f"{phase} {progress[phase]['done']} of {progress[phase]['planned']}" for phase in PHASES if phase in progress
    ]
    state = "finished" if progress["finished"] else "running" if held else "stopped"
    advice = f"; `etude resume {place}` goes on" if state == "stopped" else ""
    return f"{name}: {state}; trials: {', '.join(phases) or 'none yet'}{advice}"


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
