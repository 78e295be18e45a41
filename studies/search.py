"""Ray Tune over a queue: Ray executes and remembers nothing that matters."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
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

from studies.resources import Resources
from studies.tasks import Queue
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
    """What the search and the scheduler of one phase share: the queue, the tasks out, and why to halt."""

    queue: Queue
    advance: Callable[[Queue], None]
    halted: str = ""
    out: dict[str, str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        # Tune pickles searcher and scheduler into a snapshot that nobody reads: give it nothing.
        return {}

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
        """The next task as a Trainable's configuration."""
        task = None
        with self.watch.halting():
            task = None if self.watch.halted else self.watch.queue.next()
        if task is None:
            return Searcher.FINISHED
        self.watch.out[trial_id] = task.name
        own = {"name": task.name, "directory": str(task.directory), "heard": task.heard, "evaluate": task.evaluate}
        return {**own, **self.common}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """A record that the scheduler let pass."""
        with self.watch.halting():
            self.watch.queue.hear(self.watch.out[trial_id], result)
        self.watch.advance(self.watch.queue)

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """The trial was ended by the scheduler, crashed too often, or was interrupted."""
        if self.watch.halted:
            # Nothing more is written down: a gap in what was told could not be closed, what is missing is said again.
            return
        name = self.watch.out[trial_id]
        with self.watch.halting():
            if result and "epoch" in result and "trouble" not in result and not error:
                self.watch.queue.hear(name, result)
            self.watch.queue.close(name, f"its worker crashed {MAX_FAILURES + 1} times" if error else None)
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
        ends = True
        with self.watch.halting():
            ends = self.watch.queue.decide(name, result)
        return TrialScheduler.STOP if ends else TrialScheduler.CONTINUE

    def __getstate__(self) -> dict[str, Any]:
        return {}


@contextmanager
def cluster(resources: Resources) -> Iterator[int]:
    """Ray, started or joined; gives the number of trials that can run at once.

    Raises UserError when the cluster does not answer, or has no room for one trial.
    """
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
        yield slots(resources)
    finally:
        ray.shutdown()


def slots(resources: Resources) -> int:
    """How many trials the cluster can run at once; on an autoscaling cluster at least one per node type's worth."""
    total = ray.cluster_resources()
    gpus = total.get("GPU", 0)
    if resources.gpus and not gpus and resources.address == "local":
        raise UserError("A GPU was asked for (--gpus-per-trial) and this machine has none: leave the option out.")
    places = int(total.get("CPU", 0) // resources.threads)
    if resources.gpus and gpus:
        places = min(places, int(gpus / resources.gpus + 1e-9))
    if places < 1 and resources.address == "local":
        raise UserError(f"A trial takes {resources.threads} CPUs and this machine has {int(total.get('CPU', 0))}.")
    return max(places, 1)


def train(queue: Queue, watch: Watch, resources: Resources, places: int, common: dict[str, Any]) -> None:
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
            max_concurrent_trials=places,
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
        where = f"Stopped after {queue.done} of {queue.planned} {queue.phase} trials"
        raise Interrupted(f"{where}; run the same command again to go on.")


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
    queue: Queue, advance: Callable[[Queue], None], resources: Resources, places: int, common: dict[str, Any]
) -> None:
    """Train what is left of a queue."""
    if queue.done < queue.planned:
        train(queue, Watch(queue, advance), resources, places, {**common, "threads": resources.threads})


def common_settings(store: Path, owner: Path, token: str, resources: Resources) -> dict[str, Any]:
    """What every task of a run is given."""
    return {"store": str(store), "owner": str(owner), "token": token, "device": resources.device}
