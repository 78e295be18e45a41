"""A run that is kept in a bucket: the driver's lease, this machine's copy, and the transfers between the two."""

import fcntl
import os
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from analysis.runs import STUDY
from studies.adoption import FAILED
from studies.console.log import FILE as LOG
from studies.remote.chunks import chunks, join
from studies.tasks import LOCAL, Keeper
from trainables.errors import UserError
from trainables.storage.bucket import SCHEME, Bucket, Changed, Stored
from trainables.storage.run_storage import Mirror
from trainables.trial import CHECKPOINT, OWNER

COPIES = "copies"
JOURNAL = "journal"
LOCK, REMOTE = "lock", "remote"
# Files of this machine alone, and those that the lease or the workers store.
OWN = frozenset({LOCK, REMOTE, LOG, OWNER, CHECKPOINT})
SEND_SECONDS = 2.0
RENEW_SECONDS = 20.0
# Longer than a usual failure of the network, and than the pauses of a driver.
LEASE_SECONDS = 120.0


def place(storage: str | None, home: Path) -> tuple[Path, str]:
    """The folder for runs on this machine, and the URL where they are kept, or ''."""
    if storage and storage.startswith(SCHEME):
        return (home / COPIES / storage.removeprefix(SCHEME)).absolute(), storage.rstrip("/")
    return (Path(storage) if storage else home / "runs").absolute(), ""


def host() -> str:
    """The name of this machine and the kernel's id of its last boot."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}:{boot.read_text()[:8] if boot.exists() else ''}"


def awake() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Lease:
    """The right to drive a run in a bucket: an object with the driver's token, which the driver renews.

    The server's clock gives its age. A lease held from this machine has expired, because the lock on the machine's copy
    was free. A lease held from another machine expires two minutes after its last renewal.
    """

    def __init__(self, bucket: Bucket, token: str):
        self.bucket, self.content = bucket, token.encode()
        self.version = ""
        self.renewed = awake()

    def take(self) -> None:
        """Take the lease; raises UserError when another driver holds it."""
        found = self.bucket.get(OWNER)
        if found and self._alive(found):
            raise self._taken(found)
        condition = {"IfMatch": found.version} if found else {"IfNoneMatch": "*"}
        try:
            self.version = self.bucket.put(OWNER, self.content, **condition)
        except Changed:
            self._mine()

    def renew(self) -> None:
        """Renew the lease; raises UserError when another driver has taken it."""
        try:
            self.version = self.bucket.put(OWNER, self.content, IfMatch=self.version)
        except Changed:
            self._mine()
        self.renewed = awake()

    def renew_if_due(self) -> None:
        """Renew a lease that was renewed some time ago, before anything is written by its right."""
        if awake() - self.renewed >= RENEW_SECONDS:
            self.renew()

    def give_back(self) -> None:
        """Release the lease: another driver need not wait for it to expire."""
        self.bucket.delete(OWNER)

    def _mine(self) -> None:
        # The write may have been done and its answer lost; the retry is then refused, although the lease is ours.
        found = self.bucket.get(OWNER)
        if found is None or found.content != self.content:
            raise self._taken(found)
        self.version = found.version

    def _alive(self, found: Stored) -> bool:
        return found.age < LEASE_SECONDS and f" on {host()}:".encode() not in found.content

    def _taken(self, found: Stored | None) -> UserError:
        holder = found.content.decode(errors="replace").partition(":")[0] if found else "another"
        ago = f", last seen {found.age:.0f} s ago" if found else ""
        return UserError(
            f"{self.bucket.url} is being run by process {holder}{ago}; wait for it, or stop it first. "
            f"If its machine is gone, run the same command again in {LEASE_SECONDS:.0f} s."
        )


class Sender(Keeper):
    """The keeper of a run in a bucket: sends what the driver has written, collects what workers have written."""

    def __init__(self, mirror: Mirror, lease: Lease):
        self.mirror, self.lease = mirror, lease
        # The version of each file as it was last sent.
        self.sent: dict[Path, tuple[int, int]] = {}
        # Bytes of each journal that are stored.
        self.stored: dict[Path, int] = {}
        self.lock = threading.Lock()
        self.ended = threading.Event()
        # Why this driver has lost the run to another; '' while it has not.
        self.lost = ""

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Fetch what is stored; then send changes and renew the lease in the background until the run ends."""
        fetch(self.mirror)
        self.sent = {path: version(path) for path in self._written()}
        (self.mirror.root / REMOTE).write_text(self.mirror.bucket.url)
        thread = threading.Thread(target=self._keep_up, name="sender", daemon=True)
        thread.start()
        try:
            yield
        except BaseException as error:
            if self.lost:
                raise UserError(self.lost) from error
            raise
        finally:
            self.ended.set()
            thread.join()
            if not self.lost:
                self.send_changes()
                self.lease.give_back()

    def _written(self) -> list[Path]:
        root = self.mirror.root
        paths = [*root.glob("*"), *root.glob(f"{JOURNAL}/*")]
        return [path for path in paths if path.is_file() and path.name not in OWN and path.suffix != ".tmp"]

    def send_changes(self) -> None:
        """Upload the journals, tables and pages that have changed; raises UserError where the run is another's."""
        with self.lock:
            self.lease.renew_if_due()
            for path in self._written():
                if (now := version(path)) != self.sent.get(path):
                    self._send_journal(path) if path.parent.name == JOURNAL else self.mirror.send(path)
                    self.sent[path] = now

    def _send_journal(self, path: Path) -> None:
        size = path.stat().st_size
        for name, content in chunks(path, self.stored.get(path, 0)):
            self.mirror.bucket.put(f"{JOURNAL}/{name}", content)
        self.stored[path] = size

    def send(self, paths: Iterable[Path]) -> None:
        """Upload files of trials, and first the journals, which know of these trials."""
        self.send_changes()
        for path in paths:
            self.mirror.send(path)

    @cached_property
    def storage(self) -> Bucket:
        """What is stored of this run and of others beside it."""
        return self.mirror.bucket.above()

    @cached_property
    def elsewhere(self) -> dict[str, list[str]]:
        """The files of each trial in the other runs of the storage, by its id; of none that this machine drives."""
        found: dict[str, list[str]] = {}
        for run in self.storage.folders():
            if run != self.mirror.root.name and not is_held(self.mirror.root.parent / run):
                for name in self.storage.names(f"{run}/trials/"):
                    path = Path(name)
                    if path.name not in (CHECKPOINT, FAILED):
                        found.setdefault(path.parts[2], []).append(name)
        return found

    def bring(self, trials: Iterable[str]) -> None:
        """Download what other runs hold of trials, beside this machine's copy of this run; each once."""
        names = [name for trial in trials for name in self.elsewhere.pop(trial, [])]
        if names:
            self.storage.download(names, self.mirror.root.parent)

    def send_checkpoint(self, other: Path, directory: Path) -> None:
        """Copy a checkpoint within the storage: this machine has only those that its own workers have written."""
        if (directory / CHECKPOINT).exists():
            return
        root = self.mirror.root.parent
        if stored := self.storage.get((other / CHECKPOINT).relative_to(root).as_posix()):
            self.storage.put((directory / CHECKPOINT).relative_to(root).as_posix(), stored.content)

    def collect(self, directory: Path) -> None:
        """Download a trial's files, but for the checkpoint and the driver's own `failed.json`."""
        self.mirror.fetch(directory, but=frozenset({CHECKPOINT, FAILED}))

    def _keep_up(self) -> None:
        """Send changes, under a lease, until the run ends; interrupt this driver when it has lost the run."""
        try:
            while not self.ended.wait(SEND_SECONDS):
                self.send_changes()
        except UserError as error:
            self.lost = str(error)
            os.kill(os.getpid(), signal.SIGINT)


def version(path: Path) -> tuple[int, int]:
    """Modification time in nanoseconds and size in bytes, which change when a file does."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@contextmanager
def kept(directory: Path, url: str, token: str) -> Iterator[Keeper]:
    """The keeper of a run; if `url` is not '', the run is kept there and the folder is this machine's copy.

    Raises UserError when another driver holds the run, or when the bucket cannot be used.
    """
    if not url:
        yield LOCAL
        return
    lease = Lease(Bucket(url), token)
    lease.take()
    sender = Sender(Mirror(lease.bucket, directory), lease)
    with sender.sending():
        yield sender


def fetch(mirror: Mirror) -> None:
    """Download what is stored of a run, but for the files that each machine has for itself."""
    mirror.fetch(mirror.root, but=OWN)
    join(mirror.root / JOURNAL)


def remote_of(directory: Path) -> str:
    """The URL below which a copied run is kept; '' if the run is kept on this machine."""
    note = directory / REMOTE
    return note.read_text().rpartition("/")[0] if note.exists() else ""


def stored_at(bucket: Bucket) -> Stored:
    """The description of the run at a URL; raises UserError if there is no run."""
    if stored := bucket.get(STUDY):
        return stored
    above = bucket.url.rpartition("/")[0]
    raise UserError(f"There is no run at {bucket.url}: `etude run STUDY --storage {above}` makes one.")


def driven(bucket: Bucket) -> bool:
    """Whether a driver holds an unexpired lease on the run in a bucket."""
    lease = bucket.get(OWNER)
    return lease is not None and lease.age < LEASE_SECONDS


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


def copied(url: str, home: Path) -> Path:
    """A copy of the run at a URL, without checkpoints; gives its folder.

    The copy of a driver on this machine is not touched: it is newer than what is stored. Raises UserError if there is
    no run.
    """
    folder, remote = place(url, home)
    if is_held(folder):
        return folder
    mirror = Mirror(Bucket(remote), folder)
    stored_at(mirror.bucket)
    fetch(mirror)
    (folder / REMOTE).write_text(remote)
    return folder


def fetched(storage: str | None, home: Path) -> Path:
    """The folder of all runs below a storage, copied here first if they are in a bucket."""
    folder, remote = place(storage, home)
    for run in Bucket(remote).folders() if remote else ():
        copied(f"{remote}/{run}", home)
    return folder
