"""A run that is kept in a bucket: its driver's lease, this machine's copy, and what goes from one to the other."""

import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.runs import STUDY
from studies.remote.chunks import join, pieces
from studies.tasks import FAILED, Queue, Task
from trainables.errors import UserError
from trainables.fit import Record
from trainables.storage.bucket import SCHEME, Bucket, Changed, Stored
from trainables.storage.run_storage import Mirror
from trainables.trial import CHECKPOINT, OWNER

COPIES = "copies"
JOURNAL = "journal"
LOCK, REMOTE = "lock", "remote"
# Not stored, or not by this driver.
OWN = frozenset({LOCK, REMOTE, OWNER, CHECKPOINT})
SEND_SECONDS = 2.0
RENEW_SECONDS = 20.0
# Longer than a network fails, and than a driver's pauses.
LEASE_SECONDS = 120.0


def place(storage: str | None, home: Path) -> tuple[Path, str]:
    """The folder for runs on this machine, and the URL where they are kept, or ''."""
    if storage and storage.startswith(SCHEME):
        return (home / COPIES / storage.removeprefix(SCHEME)).absolute(), storage.rstrip("/")
    return (Path(storage) if storage else home / "runs").absolute(), ""


def host() -> str:
    """The name of this machine, and the kernel's id of its last start."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}:{boot.read_text()[:8] if boot.exists() else ''}"


class Lease:
    """Who drives a run in a bucket: an object with the driver's token, written anew every now and then.

    Its age is told by the server's clock. A driver of the same machine is known to be gone, because the lock on the
    machine's copy was free; one of another machine is taken to be gone when it has written nothing for two minutes.
    """

    def __init__(self, bucket: Bucket, token: str):
        self.bucket, self.content = bucket, token.encode()
        self.version = ""

    def take(self) -> None:
        """Raises UserError when another driver has the run."""
        found = self.bucket.get(OWNER)
        if found and self._alive(found):
            raise self._taken(found)
        condition = {"IfMatch": found.version} if found else {"IfNoneMatch": "*"}
        try:
            self.version = self.bucket.put(OWNER, self.content, **condition)
        except Changed:
            self._mine()

    def renew(self) -> None:
        """Say that this driver is alive; raises UserError when another one has the run now."""
        try:
            self.version = self.bucket.put(OWNER, self.content, IfMatch=self.version)
        except Changed:
            self._mine()

    def give_back(self) -> None:
        """Let another driver have the run at once."""
        self.bucket.delete(OWNER)

    def _mine(self) -> None:
        # A write that was done although its answer got lost is refused when it is tried again.
        found = self.bucket.get(OWNER)
        if found is None or found.content != self.content:
            raise self._taken(found)
        self.version = found.version

    def _alive(self, found: Stored) -> bool:
        return found.age < LEASE_SECONDS and f" on {host()}:".encode() not in found.content

    def _taken(self, found: Stored | None) -> UserError:
        holder = found.content.decode(errors="replace").partition(":")[0] if found else "another"
        ago = f", heard of {found.age:.0f} s ago" if found else ""
        return UserError(
            f"{self.bucket.url} is being run by process {holder}{ago}; wait for it, or stop it first. "
            f"If its machine is gone, run the same command again in {LEASE_SECONDS:.0f} s."
        )


class Sender:
    """The driver's side of a mirror: sends what the driver has written, and collects what workers have."""

    def __init__(self, mirror: Mirror, lease: Lease):
        self.mirror, self.lease = mirror, lease
        self.sent: dict[Path, tuple[int, int]] = {}
        self.stored: dict[Path, int] = {}
        self.turn = threading.Lock()
        self.ended = threading.Event()
        self.lost = ""
        self.queue: SentQueue | None = None

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Make the copy what is stored, and send and renew from then on."""
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
                self.send()
                self.lease.give_back()

    def over(self, queue: Queue) -> Queue:
        """The queue, whose trials are sent and collected."""
        self.queue = SentQueue(queue, self)
        return self.queue

    def _written(self) -> list[Path]:
        root = self.mirror.root
        paths = [*root.glob("*"), *root.glob(f"{JOURNAL}/*")]
        return [path for path in paths if path.is_file() and path.name not in OWN and path.suffix != ".tmp"]

    def send(self) -> None:
        """Upload the journals, tables and pages that have changed."""
        with self.turn:
            for path in self._written():
                if (now := version(path)) != self.sent.get(path):
                    self._send_journal(path) if path.parent.name == JOURNAL else self.mirror.send(path)
                    self.sent[path] = now

    def _send_journal(self, path: Path) -> None:
        size = path.stat().st_size
        for name, content in pieces(path, self.stored.get(path, 0)):
            self.mirror.bucket.put(f"{JOURNAL}/{name}", content)
        self.stored[path] = size

    def hand_out(self, folders: Iterable[Path]) -> None:
        """Upload trials that workers are to train, and first the journals that know of them."""
        self.send()
        for path in (path for folder in folders for path in sorted(folder.iterdir())):
            self.mirror.send(path)

    def collect(self, folder: Path) -> None:
        """Download what a worker has written, but for the checkpoint."""
        self.mirror.fetch(folder, but=frozenset({CHECKPOINT, FAILED}))

    def collect_all(self) -> None:
        """Download what the trials that have not ended have written."""
        for name in sorted(self.queue.out) if self.queue else ():
            self.collect(self.mirror.root / "trials" / name)

    def _keep_up(self) -> None:
        """Send and renew until the run ends; when the run is lost to another driver, interrupt this one."""
        waited = 0.0
        try:
            while not self.ended.wait(SEND_SECONDS):
                self.send()
                waited += SEND_SECONDS
                if waited >= RENEW_SECONDS:
                    self.lease.renew()
                    waited = 0.0
        except UserError as error:
            self.lost = str(error)
            os.kill(os.getpid(), signal.SIGINT)


def version(path: Path) -> tuple[int, int]:
    """What changes when a file does."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


class SentQueue:
    """A queue whose trials are sent to the bucket when they are given out, and collected when they end."""

    def __init__(self, queue: Queue, sender: Sender):
        self.queue, self.sender, self.phase = queue, sender, queue.phase
        self.trials = sender.mirror.root / "trials"
        self.known = set(self.trials.glob("*"))
        self.out: set[str] = set()

    @property
    def planned(self) -> int:
        """The queue's."""
        return self.queue.planned

    @property
    def done(self) -> int:
        """The queue's."""
        return self.queue.done

    @property
    def exhausted(self) -> bool:
        """The queue's."""
        return self.queue.exhausted

    def next(self) -> Task | None:
        """The next trial; its folder, and those of trials taken over whole on the way to it, are in the bucket."""
        ended = self.queue.done
        task = self.queue.next()
        # Folders are looked for only where trials were taken over: looking costs more the more there are.
        there = set(self.trials.glob("*")) if self.queue.done != ended else {task.directory} if task else set()
        self.sender.hand_out(sorted(there - self.known))
        self.known |= there
        if task:
            self.out.add(task.name)
        return task

    def decide(self, name: str, record: Record) -> bool:
        """The queue's."""
        return self.queue.decide(name, record)

    def hear(self, name: str, record: Record) -> None:
        """The queue's."""
        self.queue.hear(name, record)

    def close(self, name: str, failed: str | None = None) -> None:
        """The trial has ended: what its worker wrote is here now, and why it failed is there."""
        self.sender.collect(self.trials / name)
        self.queue.close(name, failed)
        if (reason := self.trials / name / FAILED).exists():
            self.sender.mirror.send(reason)
        self.out.discard(name)


class Here:
    """The keeper of a run whose folder is where it is kept."""

    def over(self, queue: Queue) -> Queue:
        """The queue itself."""
        return queue

    def collect_all(self) -> None:
        """Nothing: it is here."""


Keeper = Here | Sender


@contextmanager
def kept(directory: Path, url: str, token: str) -> Iterator[Keeper]:
    """Keep a run in its folder, or at a URL of which the folder is this machine's copy.

    Raises UserError when another driver has it, or when the bucket cannot be used.
    """
    if not url:
        yield Here()
        return
    lease = Lease(Bucket(url), token)
    lease.take()
    sender = Sender(Mirror(lease.bucket, directory), lease)
    with sender.sending():
        yield sender


def fetch(mirror: Mirror) -> None:
    """Make the copy of a run what is stored of it, but for what each machine has for itself."""
    mirror.fetch(mirror.root, but=OWN)
    join(mirror.root / JOURNAL)


def remote_of(directory: Path) -> str:
    """The URL of the folder of runs that holds a copied run; '' if the run is kept here."""
    note = directory / REMOTE
    return note.read_text().rpartition("/")[0] if note.exists() else ""


def stored_at(bucket: Bucket) -> Stored:
    """The description of the run at a URL; raises UserError if there is no run."""
    if stored := bucket.get(STUDY):
        return stored
    above = bucket.url.rpartition("/")[0]
    raise UserError(f"There is no run at {bucket.url}: `etude run STUDY --storage {above}` makes one.")


def driven(bucket: Bucket) -> bool:
    """Whether a driver of the run at a URL has been heard of while its lease lasts."""
    lease = bucket.get(OWNER)
    return lease is not None and lease.age < LEASE_SECONDS


def copied(url: str, home: Path) -> Path:
    """A copy of the run at a URL, without checkpoints; gives its folder.

    Raises UserError if there is none.
    """
    folder, remote = place(url, home)
    mirror = Mirror(Bucket(remote), folder)
    stored_at(mirror.bucket)
    fetch(mirror)
    (folder / REMOTE).write_text(remote)
    return folder


def fetched(storage: str | None, home: Path) -> Path:
    """The folder of all runs below a storage, copied here first if they are in a bucket."""
    folder, remote = place(storage, home)
    for run in sorted({name.partition("/")[0] for name in Bucket(remote).names() if "/" in name}) if remote else ():
        copied(f"{remote}/{run}", home)
    return folder
