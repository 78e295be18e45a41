"""Ten thousand trials on 64 GPUs without training one: simulate.py OPTIONS, a JSON object; writes what was found.

Time is made up, and so are the curves and the predictions; all that a driver does is real: the queue, the journals,
rungs, TPE, what Tune calls, the files of the trials, gathering and the report. Ray and Tune themselves are not there.
A bucket that only counts stands for S3.
"""

import heapq
import json
import math
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np
from ray.tune.search import Searcher

from analysis.claims import Equal
from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate, weight_decay
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.launch import Launch, phases_of, reporting
from studies.driver.page import write_report
from studies.driver.run import ownership, progress_of, write_description, write_progress
from studies.driver.search import QueueScheduler, QueueSearch, Watch, assigning
from studies.remote.mirror import Lease, Sender
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, arm
from studies.tasks import LOCAL
from trainables.corpora.store import load
from trainables.data.features import FeatureCache
from trainables.storage import files
from trainables.storage.bucket import Stored
from trainables.storage.run_storage import Mirror
from trainables.trial import ABOUT, CONFIG, EPOCHS, OWNER, PREDICTIONS, Trial, owner_fence, parquet

EPOCH = 100
ITEMS, CLASSES, GROUP = 896, 14, 3
"""Test items of a fold of 4,479 clips, of 14 instruments, three clips to a group."""

BANDS = (32, 40, 48, 56, 64, 72, 80, 96, 112, 128)
ARMS = tuple(arm(f"LeNet_{bands}", bands=bands) for bands in BANDS)
STUDY = Study(
    document="yun_bi",
    section="",
    title="",
    question="",
    corpus="philharmonia",
    epochs=EPOCH,
    fixed={"architecture": "lenet", "kernel": "5x5", "frame": 1024, "hop": 512, "frames": 80},
    arms=ARMS,
    tuned=joined(learning_rate(1e-4, 1e-2), weight_decay(), batch_size(16, 32, 64)),
    claims=tuple(Equal(finding="S4-F2", first=one.name, second=two.name) for one, two in pairwise(ARMS)),
)
SEND_SECONDS = 2.0


class CountingBucket:
    """A bucket that holds what is in a folder, and counts requests and bytes."""

    url = "s3://made-up/run"

    def __init__(self, root: Path):
        self.root, self.requests, self.sent = root, Counter[str](), 0

    def get(self, name: str) -> Stored | None:
        self.requests["GET"] += 1
        return Stored((self.root / name).read_bytes(), "version", 0.0)

    def put(self, name: str, content: bytes, **condition: str) -> str:
        self.requests["PUT"] += 1
        self.sent += len(content)
        return "version"

    def delete(self, name: str) -> None:
        self.requests["DELETE"] += 1

    def names(self, below: str = "") -> list[str]:
        self.requests["LIST"] += 1
        return [str(path.relative_to(self.root)) for path in (self.root / below).rglob("*") if path.is_file()]

    def download(self, names: Iterable[str], root: Path) -> None:
        self.requests["GET"] += len(set(names))


class Clock:
    """CPU and wall seconds of the driver's parts."""

    def __init__(self) -> None:
        self.cpu, self.wall, self.calls = Counter[str](), Counter[str](), Counter[str]()

    def __call__(self, name: str, call: Any, *arguments: Any) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            return call(*arguments)
        finally:
            self.cpu[name] += time.process_time() - cpu
            self.wall[name] += time.perf_counter() - wall
            self.calls[name] += 1


class Worker:
    """One place of a GPU: trains the trial that it is given, epoch by epoch, at no cost."""

    def __init__(self, identity: str, config: dict[str, Any]):
        self.identity, self.name, self.directory = identity, config["name"], config["directory"]
        self.evaluate, self.history = config["evaluate"], []
        self.trial = SimpleNamespace(config=config, run_metadata=SimpleNamespace(num_failures=0), error_file=None)
        settings = json.loads((self.directory / "config.json").read_text())
        self.best = 0.4 + 0.5 * drawn(self.name)
        self.seconds = 1 + 0.4 * (drawn(self.name + "s") - 0.5)
        self.place = (settings["split_seed"], settings["fold"])

    def epoch(self) -> dict[str, Any]:
        """The next record."""
        number = len(self.history) + 1
        accuracy = self.best * (1 - math.exp(-number / 20)) * (1 + 0.02 * drawn(f"{self.name}{number}"))
        record = {"epoch": number, "train_loss": 1 / number, "train_accuracy": accuracy, "validation_loss": 1 / number}
        self.history.append({**record, "validation_accuracy": accuracy, "seconds": 1.0, "cpu_seconds": 1.0})
        return self.history[-1]

    def write(self) -> None:
        """What it leaves in the trial's folder."""
        (self.directory / ABOUT).write_text(json.dumps({"parameters": 100_000, "device": "cuda", "threads": 1}))
        (self.directory / EPOCHS).write_text("".join(json.dumps(record) + "\n" for record in self.history))
        if self.evaluate and len(self.history) == EPOCH:
            (self.directory / PREDICTIONS).write_bytes(parquet(self.predictions()))

    def predictions(self) -> dict[str, Any]:
        """Made-up answers to the items of its fold."""
        random = np.random.default_rng(int(drawn(self.name) * 2**32))
        first = self.place[1] * ITEMS
        label = (np.arange(ITEMS) + first) // GROUP % CLASSES
        answer = np.where(random.random(ITEMS) < self.best, label, random.integers(CLASSES, size=ITEMS))
        return {
            "item": [f"instrument_{item:05}.mp3" for item in range(first, first + ITEMS)],
            "group": [f"group_{item // GROUP:05}" for item in range(first, first + ITEMS)],
            "label": [f"instrument_{each:02}" for each in label],
            "prediction": [f"instrument_{each:02}" for each in answer],
            "confidence": random.random(ITEMS).tolist(),
            "logits": random.normal(size=(ITEMS, CLASSES)).astype(np.float32).tolist(),
        }


def drawn(text: str) -> float:
    """A number from 0 to 1 that a text stands for."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") / 2**32


def resident() -> float:
    """The memory of this process that is in RAM, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Simulation:
    """Places, the time, and what Tune would call."""

    def __init__(self, watch: Watch, places: int, epoch_seconds: float, sender: Sender | None):
        assign = assigning(Path(), Path(), "", "token", Resources())
        self.search, self.scheduler, self.sender = QueueSearch(watch, assign), QueueScheduler(watch), sender
        self.watch, self.places, self.epoch_seconds = watch, places, epoch_seconds
        self.clock, self.now, self.asked, self.sent_at = Clock(), 0.0, 0, 0.0
        self.running: list[tuple[float, int, Worker]] = []
        self.marks: dict[int, tuple[float, float, float]] = {}

    def fill(self) -> None:
        """Give free places trials."""
        while len(self.running) < self.places:
            identity = str(self.asked)
            config = self.clock("ask", self.search.suggest, identity)
            if config is None or config == Searcher.FINISHED:
                return
            self.asked += 1
            worker = Worker(identity, config)
            self.begin(worker)

    def begin(self, worker: Worker) -> None:
        """Train the next epoch."""
        end = self.now + worker.seconds * self.epoch_seconds
        heapq.heappush(self.running, (end, int(worker.identity), worker))

    def result(self) -> None:
        """The next epoch that ends anywhere."""
        self.now, _, worker = heapq.heappop(self.running)
        record = worker.epoch()
        decision = self.clock("tell", self.scheduler.on_trial_result, None, worker.trial, record)
        if decision == QueueScheduler.CONTINUE:
            self.begin(worker)
            return
        worker.write()
        self.clock("end", self.search.on_trial_complete, worker.identity, record)
        if (done := self.watch.queue.done) % 500 == 0:
            self.marks[done] = (sum(self.clock.cpu.values()), resident(), self.now)

    def send(self) -> None:
        """What the sender's own thread does meanwhile."""
        while self.sender and self.now - self.sent_at >= SEND_SECONDS:
            self.sent_at += SEND_SECONDS
            self.clock("send", self.sender.send_changes)

    def run(self) -> None:
        """Until all is done."""
        self.fill()
        while self.running:
            self.result()
            self.send()
            self.fill()


def files_of(run: Path) -> dict[str, int]:
    """How many files there are of the trials, how large they are, and the size of the journals."""
    sizes = [path.stat().st_size for path in run.glob("trials/*/*")]
    journals = [path.stat().st_size for path in run.glob("journal/*")]
    return {"files": len(sizes), "bytes": sum(sizes), "journals": sum(journals), "largest": max(journals)}


def lines_of(run: Path) -> int:
    """How many lines the journals have, for each of which the driver waits for its disk."""
    return sum(path.read_bytes().count(b"\n") for path in run.glob("journal/*"))


def requests_of_an_epoch(store: Path, folder: Path) -> dict[str, float]:
    """What a worker asks of a bucket for an epoch: counted while some are really trained."""
    configuration = STUDY.configured(ARMS[0], {"epochs": 3})
    directory = folder / "trials" / "one"
    files.replace_json(directory / CONFIG, dict(configuration.settings))
    files.replace(folder / OWNER, b"token")
    mirror = Mirror(bucket := CountingBucket(folder), folder)
    trial = Trial(directory, store, FeatureCache(), fence=owner_fence(folder / OWNER, "token", mirror), storage=mirror)
    counted = []
    for _ in range(3):
        trial.step()
        mirror.flush()
        counted.append(Counter(bucket.requests))
    return {kind: number / 2 for kind, number in (counted[-1] - counted[0]).items()}


def append_seconds(path: Path) -> float:
    """Seconds until an appended line is on this machine's disk: the median of fifty."""
    taken = []
    with path.open("ab") as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(b"line\n")
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken)


def main() -> None:
    """Simulate, and write down what was found."""
    options = json.loads(sys.argv[1])
    storage, store = Path(options["storage"]), Path(options["store"])
    asked, append = requests_of_an_epoch(store, storage / "one"), append_seconds(storage / "line")
    os.fsync = lambda _: None  # Its time is the disk's, and measured apart.
    trials = options["trials"] // len(ARMS) - 130
    scale = Scale(
        name="simulated",
        trials=trials,
        epochs=EPOCH,
        reduction=2,
        repetitions=10,
        decides=False,
    )
    request = Launch("yun_bi/simulated", STUDY, scale, load(store), storage)
    run = request.directory
    with ownership(run):
        write_description(run, request.name, STUDY, scale, request.store)
        bucket = CountingBucket(run)
        sender = Sender(Mirror(bucket, run), Lease(bucket, "token")) if options["remote"] else None
        explore = Explore(run, STUDY, scale, request.store.digest, request.buildable, sender or LOCAL)
        phases = phases_of(request, explore, sender or LOCAL)
        watch = Watch(phases, reporting(run, phases, lambda queue: None), lambda: options["places"])
        simulation = Simulation(watch, options["places"], options["epoch_seconds"], sender)
        begun = time.perf_counter()
        simulation.run()
        clock = simulation.clock
        took = time.perf_counter() - begun
        found: dict[str, Any] = {
            "asked": asked,
            "append": append,
            "results": clock.calls["tell"],
            "done": phases.done,
            "simulated": took,
            "hours": simulation.now / 3600,
        }
        found |= {"marks": simulation.marks, "lines": lines_of(run)}
        found |= {"requests": bucket.requests, "sent": bucket.sent, **files_of(run)}
        write_progress(run, progress_of(phases))
        clock("open", Explore, run, STUDY, scale, request.store.digest, request.buildable)
        found["memory"] = resident()
        clock("gather", gather, run, explore)
        found["memory_gather"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        clock("report", write_report, run)
        found["memory_report"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        found["report"] = (run / "report.html").stat().st_size
    files.replace_json(Path(options["result"]), {**found, "cpu": clock.cpu, "wall": clock.wall, "calls": clock.calls})


if __name__ == "__main__":
    main()
