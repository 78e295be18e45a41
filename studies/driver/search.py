"""Ray Tune over a queue: Ray executes and remembers nothing that matters."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Read by Ray when it is imported or started: no usage statistics, no progress tables, no snapshots of what our journal
# knows, and no workers held ready that Tune would never use, because it gives its own an environment.
os.environ.update(
    RAY_USAGE_STATS_ENABLED="0",
    RAY_AIR_NEW_OUTPUT="0",
    RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",
    TUNE_DISABLE_AUTO_CALLBACK_LOGGERS="1",
    TUNE_GLOBAL_CHECKPOINT_S="1000000000",
    RAY_prestart_worker_first_driver="0",
)

import ray
from ray import tune
from ray.tune.schedulers import FIFOScheduler, TrialScheduler
from ray.tune.search import Searcher

from studies.checks.gpu_sharing import refuse_missing
from studies.resources import Resources, places
from studies.tasks import Queue, Task
from trainables.classifier import Classifier
from trainables.errors import UserError

OBJECT_STORE_BYTES = 100_000_000
MAX_FAILURES = 3
WATCH_SECONDS = 5.0
EXIT_CLUSTER_LOST = 75


class Interrupted(UserError):
    """Ctrl-C, or a request to end: nothing is lost."""

    exit_code = 130


@dataclass
class Watch:
    """What the search and the scheduler of one phase share.

    The queue, how many trials may be out at once, the task of each trial that is out, the tasks to hand out once more,
    the last epoch that each trial has said, how often it has crashed since then, and why to halt.
    """

    queue: Queue
    advance: Callable[[Queue], None]
    places: Callable[[], int]
    halted: str = ""
    out: dict[str, Task] = field(default_factory=dict)
    again: list[Task] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    crashes: dict[str, int] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        # Tune pickles searcher and scheduler into a snapshot that nobody reads: give it nothing.
        return {}

    def next(self) -> Task | None:
        """The next task: one whose worker was lost before it began, or the queue's."""
        return self.again.pop(0) if self.again else self.queue.next()

    @property
    def exhausted(self) -> bool:
        """Whether no task will come any more; one that is out may come back."""
        return self.queue.exhausted and not self.out and not self.again

    @contextmanager
    def halting(self) -> Iterator[None]:
        """Turn a user error of the driver (a full disk) into the end of the run instead of a traceback of Tune's."""
        try:
            yield
        except UserError as error:
            self.halted = self.halted or str(error)


class QueueSearch(Searcher):
    """Hands the tasks of a queue to Tune."""

    def __init__(self, watch: Watch, common: dict[str, Any]):
        super().__init__(metric="epoch", mode="max")
        self.watch, self.common = watch, common

    def suggest(self, trial_id: str) -> Any:
        """The next task as a Trainable's configuration; None while as many are out as may be."""
        task = None
        if len(self.watch.out) >= self.watch.places() and not self.watch.halted:
            return None
        with self.watch.halting():
            task = None if self.watch.halted else self.watch.next()
        if task is None:
            # None has Tune ask again when a trial has ended.
            return Searcher.FINISHED if self.watch.halted or self.watch.exhausted else None
        self.watch.out[trial_id] = task
        own = {"name": task.name, "directory": str(task.directory), "heard": task.heard, "evaluate": task.evaluate}
        return {**own, **self.common}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """A record that the scheduler let pass."""
        with self.watch.halting():
            self.watch.queue.hear(self.watch.out[trial_id].name, result)
            self.watch.advance(self.watch.queue)

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """The trial was ended by the scheduler, crashed too often, or was interrupted."""
        if self.watch.halted:
            # Nothing more is written down: a gap in what was told could not be closed, what is missing is said again.
            return
        task = self.watch.out.pop(trial_id)
        name = task.name
        if error and self.watch.crashes.get(name, 0) <= MAX_FAILURES:
            self.watch.again.append(task)
            return
        with self.watch.halting():
            if result and "epoch" in result and "trouble" not in result and not error:
                self.watch.queue.hear(name, result)
            epoch = self.watch.said.get(name, 0) + 1
            crashed = f"its worker crashed or hung {MAX_FAILURES + 1} times in a row in epoch {epoch}"
            self.watch.queue.close(name, crashed if error else None)
            self.watch.advance(self.watch.queue)

    def save(self, checkpoint_path: str) -> None:
        """Nothing: the journal is the truth."""

    def restore(self, checkpoint_path: str) -> None:
        """Nothing: the journal is the truth."""

    def __getstate__(self) -> dict[str, Any]:
        return {}


class QueueScheduler(FIFOScheduler):
    """Asks the queue whether a trial ends with a record."""

    _supports_buffered_results = False

    def __init__(self, watch: Watch):
        super().__init__()
        self.watch = watch

    def on_trial_result(self, tune_controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """STOP or CONTINUE; a trial in trouble ends, and with it the run unless the trouble is its own."""
        if self.watch.halted:
            return TrialScheduler.STOP
        name = trial.config["name"]
        if trouble := result.get("trouble"):
            with self.watch.halting():
                if result["fatal"]:
                    self.watch.queue.close(name, trouble)
                else:
                    self.watch.halted = self.watch.halted or trouble
            return TrialScheduler.STOP
        if result["epoch"] > self.watch.said.get(name, 0):
            self.watch.said[name] = result["epoch"]
            self.watch.crashes.pop(name, None)
            # A trial that comes on may lose any number of workers: only those lost in one epoch count against it.
            trial.run_metadata.num_failures = 0
        ends = True
        with self.watch.halting():
            ends = self.watch.queue.decide(name, result)
        return TrialScheduler.STOP if ends else TrialScheduler.CONTINUE

    def on_trial_error(self, tune_controller: Any, trial: Any) -> None:
        """Count the crashes of a trial that Tune gives up.

        It does so after too many, but also at the first if that comes between two trials of one worker: the second has
        then not begun, and is never tried again by Tune.
        """
        name = trial.config["name"]
        self.watch.crashes[name] = self.watch.crashes.get(name, 0) + trial.run_metadata.num_failures

    def choose_trial_to_run(self, tune_controller: Any) -> None:
        """Nothing: Tune then gives a free worker to a trial that has none.

        The base class would choose the first trial that waits, which may wait for a worker of its own to start: that
        start would be lost, again and again where trials are shorter than it. And it looks through all trials.
        """

    def __getstate__(self) -> dict[str, Any]:
        return {}


class Places:
    """The number of trials that shall be out at once; asked anew now and then, because clusters grow and shrink.

    Raises UserError when there is no room for one trial and none can be had: Ray would wait for it for ever.
    """

    def __init__(self, resources: Resources):
        self.resources = resources
        self.number, self.asked = self._ask(), time.monotonic()
        if not self.number:
            raise UserError(no_room(resources))

    def __call__(self) -> int:
        """As many as fit now, and at least one."""
        if time.monotonic() - self.asked > WATCH_SECONDS:
            self.number, self.asked = self._ask(), time.monotonic()
        return max(self.number, 1)

    def _ask(self) -> int:
        return places(self.resources, ray.nodes(), Path.home())


def no_room(resources: Resources) -> str:
    """The sentence for a cluster, or a machine, that cannot hold one trial."""
    if resources.address != "local":
        return (
            f"No machine of the cluster has room for a trial of {resources.threads} CPUs and {resources.gpus:g} GPUs: "
            f"add such machines, or ask for less with --threads-per-trial and --gpus-per-trial."
        )
    machine = ray.cluster_resources()
    has = f"{int(machine.get('CPU', 0))}" + (f" and {int(machine.get('GPU', 0))} GPUs" if resources.gpus else "")
    takes = f"{resources.threads} CPUs" + (f" and {resources.gpus:g} GPUs" if resources.gpus else "")
    return f"A trial takes {takes} and this machine has {has}."


@contextmanager
def cluster(resources: Resources) -> Iterator[Places]:
    """Ray, started or joined; gives the number of trials that can run at once.

    Raises UserError when the cluster does not answer, or has no room for one trial.
    """
    refuse_missing(resources)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if resources.address == "local":
        quiet |= {"include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES}
    threads = str(resources.threads)
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    try:
        environment = {"env_vars": dict.fromkeys(names, threads)}
        ray.init(address=resources.address, runtime_env=environment, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise UserError(
            f"No Ray cluster answers at '{resources.address}' ({str(error).splitlines()[0]}): "
            f"start one with `ray up cluster.yaml`, or leave --address out to use this machine."
        ) from error
    signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    try:
        yield Places(resources)
    finally:
        ray.shutdown()


def train(queue: Queue, watch: Watch, resources: Resources, common: dict[str, Any]) -> None:
    """Train every task of a queue.

    Raises UserError with what made the run halt, and Interrupted after Ctrl-C.
    """
    scratch = tempfile.mkdtemp(prefix="etude-tune-")
    trainable = tune.with_resources(Classifier, {"cpu": resources.threads, "gpu": resources.gpus})
    tuner = tune.Tuner(
        trainable,
        tune_config=tune.TuneConfig(
            search_alg=QueueSearch(watch, common),
            scheduler=QueueScheduler(watch),
            num_samples=-1,
            # It is the search that holds trials back; Tune would keep the number it is given here for good.
            max_concurrent_trials=queue.planned,
            reuse_actors=True,
            trial_name_creator=lambda trial: trial.config["name"],
            trial_dirname_creator=lambda trial: trial.config["name"],
        ),
        run_config=tune.RunConfig(
            storage_path=scratch,
            name=queue.phase,
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=MAX_FAILURES),
            # Tune would else save each trial at its end, to no purpose.
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False),
        ),
    )
    # Tune logs the traceback of each worker that is lost; what matters of it is in the queue's reason, or mends itself.
    logging.getLogger("ray.tune").setLevel(logging.CRITICAL)
    done = threading.Event()
    threading.Thread(target=watch_cluster, args=(done,), daemon=True).start()
    on_interrupt = signal.getsignal(signal.SIGINT)
    try:
        tuner.fit()
    finally:
        done.set()
        # Tune leaves its own handler behind, which would let the next Ctrl-C pass unheard.
        signal.signal(signal.SIGINT, on_interrupt)
        shutil.rmtree(scratch, ignore_errors=True)
    if watch.halted:
        raise UserError(watch.halted)
    if queue.done < queue.planned:
        raise Interrupted(f"Stopped after {queue.done} trials; run the same command again to go on.")


def watch_cluster(done: threading.Event) -> None:
    """End the process with a sentence when no node is left: Tune's loop would wait for one for ever."""
    dead = 0
    while not done.wait(WATCH_SECONDS):
        try:
            dead = 0 if any(node["Alive"] for node in ray.nodes()) else dead + 1
        except Exception:  # whatever a lost cluster answers with, it is not an answer
            dead += 1
        if dead >= 2 and not done.is_set():
            print("Ray has lost its last node; run the same command again to go on.", file=sys.stderr, flush=True)
            os._exit(EXIT_CLUSTER_LOST)


def run_queue(
    queue: Queue,
    advance: Callable[[Queue], None],
    places: Callable[[], int],
    resources: Resources,
    common: dict[str, Any],
) -> None:
    """Train what is left of a queue."""
    if queue.done < queue.planned:
        train(queue, Watch(queue, advance, places), resources, {**common, "threads": resources.threads})


def common_settings(store: Path, run: Path, remote: str, token: str, resources: Resources) -> dict[str, Any]:
    """What every task of a run is given: its packed data, its folder, the URL where that is kept, its owner's token."""
    where = {"store": str(store), "run": str(run), "remote": remote, "token": token}
    return {**where, "device": resources.device, "limit": resources.minutes * 60}
