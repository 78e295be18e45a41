"""Where a run is kept: in a folder that all processes share, or in a bucket of which each machine has a copy."""

from collections.abc import Container
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from trainables.errors import UserError
from trainables.storage import files
from trainables.storage.bucket import Bucket


class Storage(Protocol):
    """The place where a trial keeps its files; paths are those of this machine."""

    def fetch(self, folder: Path) -> None:
        """Make a folder of the run equal to what is stored of it."""

    def keep(self, path: Path, content: bytes, *, background: bool = False) -> None:
        """Store a file whole or not at all; a large one may be uploaded in the background."""

    def read(self, path: Path) -> bytes:
        """A file as it is stored now; raises UserError if there is none."""

    def flush(self) -> None:
        """Wait until all files are stored."""


class Folder:
    """A folder on this machine's disk or one that all machines share: a file is stored once it is written."""

    def fetch(self, folder: Path) -> None:
        """Nothing."""

    def keep(self, path: Path, content: bytes, *, background: bool = False) -> None:
        files.replace(path, content)

    def read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise UserError(f"Cannot read {path} ({error.strerror}): run the same command again.") from error

    def flush(self) -> None:
        """Nothing."""


class Mirror:
    """A bucket, which is authoritative, and this machine's copy of it below `root`.

    Uploads in the background run one at a time: the next one waits, so that the bucket is at most one epoch behind.
    """

    def __init__(self, bucket: Bucket, root: Path):
        self.bucket, self.root = bucket, root
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="upload")
        self.pending: Future[str] | None = None

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def fetch(self, folder: Path, but: Container[str] = ()) -> None:
        """Make a folder equal to what is stored of it, by downloads and deletions; files named in `but` are ignored."""
        self.flush()
        below = "" if folder == self.root else f"{self.name(folder)}/"
        stored = {name for name in self.bucket.names(below) if Path(name).name not in but}
        self.bucket.download(stored, self.root)
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in but and self.name(path) not in stored:
                path.unlink()

    def keep(self, path: Path, content: bytes, *, background: bool = False) -> None:
        files.replace(path, content)
        if background:
            self.flush()
            self.pending = self.pool.submit(self.bucket.put, self.name(path), content)
        else:
            self.bucket.put(self.name(path), content)

    def send(self, path: Path) -> None:
        self.bucket.put(self.name(path), path.read_bytes())

    def read(self, path: Path) -> bytes:
        """A file as it is in the bucket now; raises UserError if there is none."""
        stored = self.bucket.get(self.name(path))
        if stored is None:
            raise UserError(f"{self.bucket.url}/{self.name(path)} is missing: run the same command again.")
        return stored.content

    def flush(self) -> None:
        """Wait for the running upload; raises UserError if it failed."""
        pending, self.pending = self.pending, None
        if pending:
            pending.result()


def storage(remote: str, root: Path) -> Storage:
    """The storage of a run: the URL `remote`, of which `root` is this machine's copy, or `root` if the URL is ''."""
    return Mirror(Bucket(remote), root) if remote else Folder()
