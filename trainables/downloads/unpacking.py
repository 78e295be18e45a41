"""Archives to folders: no archive can write outside its folder or fill the disk.

Only plain files and folders come out. An archive that holds anything else, or names a place outside, is not unpacked
at all: none of the corpora has such a thing. The "data" filter of tarfile permits more: links within the folder,
absolute names (which it shortens), names that differ only in case, and any size; and there is none for zips.
"""

import gzip
import shutil
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, BinaryIO

from trainables.corpora.corpus import Progress

CHUNK = 2**20
KEPT_FREE = 2**26
"""Bytes of the disk that no archive may fill."""

MOST_TIMES, LEAST_ALLOWED = 20, 2**26
"""An archive that unpacks to more times its size, and to more bytes, than these is no archive of audio."""

DAMAGED = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, RuntimeError, ValueError)
TAR_SUFFIXES = (".tar.gz", ".tgz")


class Unusable(Exception):
    """An archive that is not unpacked; the message follows its name."""


@dataclass(frozen=True)
class Member:
    """One entry of an archive: its name, "file", "folder" or another kind, its size in bytes, and how to read it."""

    name: str
    kind: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass
class Unpacking:
    """Writes members below `target`, `allowed` bytes of them in all; `kinds` has what is there, "file" or "folder"."""

    target: Path
    allowed: int
    kinds: dict[str, str] = field(default_factory=lambda: {".": "folder"})

    def add(self, member: Member, base: PurePosixPath) -> Path | None:
        """Write one member, its name taken from `base`; the path of a file. Raises Unusable for what is not wanted."""
        place = base / safe(member.name)
        if member.kind not in ("file", "folder"):
            raise Unusable(f"holds {member.name}, which is no file but a {member.kind}")
        self._claim(place, member.kind)
        if member.kind == "folder":
            return None
        path = self.target / place
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write(member, path)
        return path

    def _claim(self, place: PurePosixPath, kind: str) -> None:
        for folder in (place, *place.parents) if kind == "folder" else place.parents:
            if self.kinds.setdefault(folded(folder), "folder") == "file":
                raise Unusable(f"holds {folder} both as a file and as a folder")
        if kind == "file":
            if folded(place) in self.kinds:
                raise Unusable(f"holds two entries of one name on a disk that ignores case, {place}")
            self.kinds[folded(place)] = kind

    def _write(self, member: Member, path: Path) -> None:
        self.allowed -= member.size
        if self.allowed < 0:
            raise Unusable("unpacks to more than such an archive can hold, or than there is room for")
        with member.open() as source, path.open("xb") as file:
            shutil.copyfileobj(source, file, CHUNK)
            if file.tell() != member.size:
                raise EOFError(f"{member.name} is cut short")


def unpack(archive: Path, target: Path, progress: Progress) -> None:
    """Unpack a .zip, with the zips in it, or a .tar.gz into the empty folder `target`.

    Raises Unusable for one that is damaged, cut short, or holds what must not be written; OSError if `target` cannot be
    written. The caller then deletes `target`.
    """
    room = shutil.disk_usage(target).free - KEPT_FREE
    size = archive.stat().st_size
    unpacking = Unpacking(target, min(room, max(MOST_TIMES * size, LEAST_ALLOWED)))
    try:
        with archive.open("rb") as file:
            tar = archive.name.lower().endswith(TAR_SUFFIXES)
            for member in of_tar(file) if tar else of_zip(file):
                path = unpacking.add(member, PurePosixPath())
                if path and is_zip(path):
                    _nested(path, unpacking)
                progress(file.tell(), size)
    except DAMAGED as error:
        raise Unusable(f"is damaged or cut short ({str(error).rstrip('.')})") from error
    progress(size, size)


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by its name; the hidden files that macOS adds are none."""
    return path.suffix.lower() == ".zip" and not path.name.startswith(".")


def _nested(path: Path, unpacking: Unpacking) -> None:
    """Unpack a zip that came out of an archive into a folder of its name; zips in it stay as they are."""
    base = PurePosixPath(path.relative_to(unpacking.target).with_suffix("").as_posix())
    with path.open("rb") as file:
        for member in of_zip(file):
            unpacking.add(member, base)
    path.unlink()


def of_zip(file: BinaryIO) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            # The upper half is a Unix mode, 0 where the maker's system has none.
            mode = info.external_attr >> 16
            special = bool(stat.S_IFMT(mode)) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
            kind = "link or device" if special else "folder" if info.is_dir() else "file"
            yield Member(info.orig_filename, kind, info.file_size, partial(archive.open, info))


def of_tar(file: BinaryIO) -> Iterator[Member]:
    """The members of a .tar.gz, in its order; afterwards the checksum at the end of the gzip has been compared."""
    with gzip.open(file) as content, tarfile.open(fileobj=content, mode="r|") as archive:
        while (info := archive.next()) is not None:
            kind = "file" if info.isreg() else "folder" if info.isdir() else "link or device"
            opened = partial(archive.extractfile, info)
            yield Member(info.name, kind, info.size, opened)  # type: ignore[arg-type]  # None for a folder only.
            archive.members.clear()  # type: ignore[attr-defined]  # Hundreds of thousands of them add up.
        while content.read(CHUNK):
            pass


def safe(name: str) -> PurePosixPath:
    """A member's name as a path below its folder; raises Unusable for one that may lead elsewhere, on any system."""
    path = PureWindowsPath(name)
    if path.anchor or ".." in path.parts or {"\\", "\0"} & set(name):
        raise Unusable(f"holds {name!r}, a name that may lead out of its folder")
    return PurePosixPath(name)


def folded(path: PurePosixPath) -> str:
    """The key of a path on a disk that ignores case and how an accented letter is composed."""
    return unicodedata.normalize("NFC", str(path)).casefold()
