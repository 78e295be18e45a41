"""Files below a folder, and folders that appear whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainables.errors import UserError

REPLACED = ".replaced"
NOT_UTF_8 = "has a name that is not UTF-8: rename it"


def audio_files(folder: Path, *suffixes: str) -> list[Path]:
    """All files below `folder` with one of the suffixes, such as '.wav', in either case; in the order of their paths.

    Archives made on a Mac hold hidden companions that are no audio: hidden files are passed over.
    """
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


@contextmanager
def writable(parent: Path, what: str) -> Iterator[None]:
    """Turn the operating system's errors (disk full, read-only, no permission) into one sentence."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"Cannot write {what} to {parent} ({error.strerror or error}): "
            "make room there, or choose a folder that can be written."
        ) from error


@contextmanager
def alone(parent: Path) -> Iterator[None]:
    """Wait until no other process writes in `parent` this way; the lock ends with the process, however it ends."""
    parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unfinished(parent: Path, name: str) -> Iterator[Path]:
    """A new hidden folder to write in; what is not published from it is removed.

    To be used `alone`: whatever has its name was left by a process that was killed, and is removed as well.
    """
    folder = parent / f".{name}"
    _remove(folder, parent / REPLACED)
    folder.mkdir()
    try:
        yield folder
    finally:
        _remove(folder, parent / REPLACED)


def publish(folder: Path, final: Path) -> Path:
    """Rename the finished folder; what had that name makes way."""
    if final.exists():
        final.rename(final.with_name(REPLACED))
    return folder.rename(final)


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def legible(name: str) -> str:
    """A file's name as it can be written: another one only where the system could not decode it."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
