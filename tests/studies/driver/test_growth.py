"""What a driver does for a trial does not grow with how many there have been: counted, not timed."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_study import small_study

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.driver import sampling
from studies.driver.journal import METRIC, Explore
from studies.remote import chunks
from studies.remote.mirror import Lease, Sender
from studies.scale import Scale
from studies.study import arm
from trainables.storage.run_storage import Mirror

EARLY, LATE = (20, 50), (170, 200)
"""The trials over which work is counted."""

SCALE = Scale(name="growth", trials=LATE[1], epochs=3, reduction=2, repetitions=1)
ARMS = (arm("one", kernel="5x5"), arm("other", kernel="3x8"))
STUDY = small_study(*ARMS, epochs=3, tuned=joined(learning_rate(), batch_size()))


class CountingBucket:
    """A bucket that holds what is in a folder; requests, and bytes that are put, are counted."""

    url = "s3://made-up/run"

    def __init__(self, root: Path):
        self.root, self.counts = root, Counter[str]()

    def put(self, name: str, content: bytes, **condition: str) -> str:
        self.counts.update(requests=1, sent=len(content))
        return "version"

    def names(self, below: str = "") -> list[str]:
        self.counts["requests"] += 1
        return [str(path.relative_to(self.root)) for path in (self.root / below).glob("*") if path.is_file()]

    def above(self) -> "CountingBucket":
        """Itself: there is no other run beside this one."""
        return self

    def folders(self) -> list[str]:
        self.counts["requests"] += 1
        return []

    def download(self, names: set[str], root: Path) -> None:
        self.counts["requests"] += len(names)


class Work:
    """What this process has read and written, in bytes, and entries of folders that it has looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bucket: CountingBucket):
        self.entries, self.bucket, scan = 0, bucket, os.scandir
        monkeypatch.setattr(os, "scandir", lambda path=".": self.counted(scan(path)))

    def counted(self, entries: Any) -> Any:
        with entries:
            found = list(entries)
        self.entries += len(found)
        return Scanned(found)

    def so_far(self) -> Counter[str]:
        lines = (line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
        used = {name: int(value) for name, value in lines}
        return Counter(read=used["rchar"], written=used["wchar"], looked_at=self.entries, **self.bucket.counts)


class Scanned(list):
    """What os.scandir gives: entries, to be closed."""

    def __enter__(self) -> "Scanned":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def train(queue: Any, until: int) -> None:
    """Train as one worker would, with made-up values."""
    while queue.done < until:
        task = queue.next()
        for epoch in range(1, SCALE.epochs + 1):
            record = {"epoch": epoch, METRIC: len(task.name) / 100 + epoch / 10}
            if queue.tell(task.name, record):
                break
        queue.close(task.name)


def test_work_for_a_trial(tmp_path, monkeypatch):
    """A run that is kept in a bucket, whose driver reads, writes and sends the more the fewer shortcuts it takes."""
    # Random draws, which are quick, and small pieces, of which even this short study fills several.
    monkeypatch.setattr(sampling, "RANDOM_TRIALS", 10**9)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 2**12)
    bucket = CountingBucket(tmp_path)
    sender = Sender(Mirror(bucket, tmp_path), Lease(bucket, "token"))
    queue = Explore(tmp_path, STUDY, SCALE, "digest", keeper=sender)
    work, marks = Work(monkeypatch, bucket), {}
    for trials in (*EARLY, *LATE):
        train(queue, trials)
        marks[trials] = work.so_far()
    early, late = (Counter({name: marks[b][name] - marks[a][name] for name in marks[b]}) for a, b in (EARLY, LATE))
    assert set(early) == {"read", "written", "looked_at", "requests", "sent"}
    assert all(early.values())
    grown = {name: late[name] / early[name] for name in early}
    assert max(grown.values()) < 1.25, grown
