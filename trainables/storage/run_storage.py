"""Where a run is kept: in a folder that all its processes see, or in a bucket of which each machine has a copy."""

from collections.abc import Container
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from trainables.errors import UserError
from trainables.storage import files
from trainables.storage.bucket import Bucket


class Storage(Protocol):
    """What a trial needs of the place where its run is kept; paths are those of this machine."""

    def fetch(self, folder: Path) -> None:
        """Make a folder of the run what is stored of it."""

    def keep(self, path: Path, content: bytes, *, beside: bool = False) -> None:
        """Write a file whole or not at all; `beside` the training, where that takes long."""

    def read(self, path: Path) -> bytes:
        """A file as it is stored now; raises UserError if there is none."""

    def flush(self) -> None:
        """Return when all that was to be kept is stored."""


class Folder:
    """A folder on this machine's disk, or one that all machines share: what is written is stored."""

    def fetch(self, folder: Path) -> None:
        """Nothing: it is here."""

    def keep(self, path: Path, content: bytes, *, beside: bool = False) -> None:
        """Write a file whole or not at all."""
        files.replace(path, content)

    def read(self, path: Path) -> bytes:
        """A file's content."""
        try:
            return path.read_bytes()
        except OSError as error:
            raise UserError(f"Cannot read {path} ({error.strerror}): run the same command again.") from error

    def flush(self) -> None:
        """Nothing: it is stored."""


class Mirror:
    """A bucket, whose content is the truth, and this machine's copy of it below `root`.

    A large file is uploaded beside the training, one at a time: the next one waits for it, so that what is stored is
    never more than one epoch behind.
    """

    def __init__(self, bucket: Bucket, root: Path):
        self.bucket, self.root = bucket, root
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="upload")
        self.pending: Future[str] | None = None

    def name(self, path: Path) -> str:
        """The object of a file."""
        return path.relative_to(self.root).as_posix()

    def fetch(self, folder: Path, but: Container[str] = ()) -> None:
        """Make a folder what is stored of it: files that are not stored go. Files named in `but` are left alone."""
        self.flush()
        below = "" if folder == self.root else f"{self.name(folder)}/"
        stored = {name for name in self.bucket.names(below) if Path(name).name not in but}
        self.bucket.download(stored, self.root)
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in but and self.name(path) not in stored:
                path.unlink()

    def keep(self, path: Path, content: bytes, *, beside: bool = False) -> None:
        """Write a file here, and upload it."""
        files.replace(path, content)
        self.flush() if beside else None
        if beside:
            self.pending = self.pool.submit(self.bucket.put, self.name(path), content)
        else:
            self.bucket.put(self.name(path), content)

    def send(self, path: Path) -> None:
        """Upload a file as it is here."""
        self.bucket.put(self.name(path), path.read_bytes())

    def read(self, path: Path) -> bytes:
        """A file as it is stored now."""
        stored = self.bucket.get(self.name(path))
        if stored is None:
            raise UserError(f"{self.bucket.url}/{self.name(path)} is missing: run the same command again.")
        return stored.content

    def flush(self) -> None:
        """Wait for the upload that is under way; raises UserError if it failed."""
        pending, self.pending = self.pending, None
        if pending:
            pending.result()


def storage(remote: str, root: Path) -> Storage:
    """The storage of a run whose folder is `root`, kept at the URL `remote`, or in that folder if that is ''."""
    return Mirror(Bucket(remote), root) if remote else Folder()
