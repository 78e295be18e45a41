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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Read by Ray when it is imported or started: no usage statistics, no progress tables, no snapshots of what the journal
# holds, and no workers in reserve, which Tune would not use because its own have an environment.
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
from studies.console import Interrupted
from studies.console.log import LOG
from studies.driver.setups import MONITOR, SetUps
from studies.resources import Resources, capacity
from studies.tasks import Queue, Task
from trainables.classifier import Assignment, Classifier
from trainables.errors import UserError
from trainables.extensions import Extension

OBJECT_STORE_BYTES = 100_000_000
MAX_FAILURES = 3
MOST_AT_ONCE = 1_000_000
WATCH_SECONDS = 5.0
EXIT_CLUSTER_LOST = 75

Assign = Callable[[Task], Assignment]


@dataclass
class Watch:
    """What the searcher and the scheduler of a run share."""

    queue: Queue
    # Called after each record and after each trial, to show and note the progress.
    advance: Callable[[], None]
    # How many trials may run at once.
    capacity: Callable[[], int]
    # Why the run stops before its end; '' while it goes on.
    stop_reason: str = ""
    # The task of each running trial, by the trial's id in Tune.
    running: dict[str, Task] = field(default_factory=dict)
    # The tasks of trials that lost their worker and that Tune will not restart.
    requeued: list[Task] = field(default_factory=list)
    # The last epoch that each trial has reported.
    last_epoch: dict[str, int] = field(default_factory=dict)
    # How many workers each trial has lost since its last epoch.
    crashes: dict[str, int] = field(default_factory=dict)
    # The exception with which the last worker of a trial ended that Tune gave up.
    errors: dict[str, str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        # Tune pickles searcher and scheduler into a snapshot that nobody reads: give it nothing.
        return {}

    def next(self) -> Task | None:
        """The next task to run; requeued tasks come first."""
        return self.requeued.pop(0) if self.requeued else self.queue.next()

    @property
    def exhausted(self) -> bool:
        """Whether no task is left; a running one may be requeued."""
        return self.queue.exhausted and not self.running and not self.requeued

    @contextmanager
    def stopping_on_errors(self) -> Iterator[None]:
        """Stop the run at a UserError of the driver (a full disk), of which Tune would make a traceback."""
        try:
            yield
        except UserError as error:
            self.stop_reason = self.stop_reason or str(error)


class QueueSearch(Searcher):
    """Hands the tasks of a queue to Tune, and closes them."""

    def __init__(self, watch: Watch, assign: Assign):
        super().__init__(metric="epoch", mode="max")
        self.watch, self.assign = watch, assign

    def suggest(self, trial_id: str) -> Any:
        """The next task as a Trainable's configuration; None while no more trials may run."""
        watch, task = self.watch, None
        with watch.stopping_on_errors():
            if not watch.stop_reason and len(watch.running) < watch.capacity():
                task = watch.next()
        if task is None:
            # None makes Tune ask again when a trial has ended.
            return Searcher.FINISHED if watch.stop_reason or watch.exhausted else None
        watch.running[trial_id] = task
        return asdict(self.assign(task))

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Close a trial that was stopped or has failed; requeue one that lost its worker, but not for ever."""
        watch = self.watch
        if watch.stop_reason:
            # Record nothing after a stop: the journal must have no gaps. The trial reports these epochs again when the
            # run is resumed.
            return
        task = watch.running.pop(trial_id)
        if error and watch.crashes.get(task.name, 0) <= MAX_FAILURES:
            watch.requeued.append(task)
            return
        epoch = watch.last_epoch.get(task.name, 0) + 1
        crashed = f"its worker crashed or hung {MAX_FAILURES + 1} times in a row in epoch {epoch}"
        crashed += watch.errors.get(task.name, "")
        with watch.stopping_on_errors():
            watch.queue.close(task.name, crashed if error else (result or {}).get("trouble"))
            watch.advance()

    def save(self, checkpoint_path: str) -> None:
        """Nothing: the journal is the truth."""

    def restore(self, checkpoint_path: str) -> None:
        """Nothing: the journal is the truth."""

    def __getstate__(self) -> dict[str, Any]:
        return {}


class QueueScheduler(FIFOScheduler):
    """Tells the queue each record, and stops the trials that end with it."""

    _supports_buffered_results = False

    def __init__(self, watch: Watch):
        super().__init__()
        self.watch = watch

    def on_trial_result(self, tune_controller: Any, trial: Any, result: dict[str, Any]) -> str:
        """STOP or CONTINUE; trouble stops the trial, and the whole run unless it is fatal for this trial alone."""
        watch, name = self.watch, trial.config["name"]
        if "trouble" in result and not result["fatal"]:
            watch.stop_reason = watch.stop_reason or result["trouble"]
        if "trouble" in result or watch.stop_reason:
            return TrialScheduler.STOP
        if result["epoch"] > watch.last_epoch.get(name, 0):
            watch.last_epoch[name] = result["epoch"]
            watch.crashes.pop(name, None)
            # A trial may lose any number of workers as long as it progresses: only losses in one epoch count.
            trial.run_metadata.num_failures = 0
        ends = True
        with watch.stopping_on_errors():
            ends = watch.queue.tell(name, result)
            watch.advance()
        return TrialScheduler.STOP if ends else TrialScheduler.CONTINUE

    def on_trial_error(self, tune_controller: Any, trial: Any) -> None:
        """Count the lost workers of a trial that Tune gives up.

        Tune does so after too many, but also after the first if a worker is lost between two trials: the second trial
        has then not begun, and Tune never retries it.
        """
        name = trial.config["name"]
        self.watch.crashes[name] = self.watch.crashes.get(name, 0) + trial.run_metadata.num_failures
        self.watch.errors[name] = exception_of(trial)

    def choose_trial_to_run(self, tune_controller: Any) -> None:
        """Nothing: Tune then gives a free worker to a trial that has none.

        The base class chooses the first pending trial, whose own worker may just be starting. Where trials are shorter
        than that start, it would be lost again and again. The base class also searches all trials, which grows slow.
        """

    def __getstate__(self) -> dict[str, Any]:
        return {}


def exception_of(trial: Any) -> str:
    """The exception with which the last worker of a trial ended, after a comma; '' where the worker itself was lost."""
    text = Path(trial.error_file).read_text() if trial.error_file else ""
    lines = text.rpartition("Failure # ")[2].splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    found = next((line for line in lines[frames[-1] :] if not line.startswith(" ")), "") if frames else ""
    return f", the last time with {found}" if found else ""


class Capacity:
    """How many trials may run at once; updated every few seconds, because clusters grow and shrink.

    Raises UserError when no machine, present or to be added, has room for one trial: Ray would wait for it for ever.
    """

    def __init__(self, resources: Resources):
        self.resources = resources
        self.trials, self.updated = self._now(), time.monotonic()
        if not self.trials:
            raise UserError(no_room(resources))

    def __call__(self) -> int:
        """As many as fit now, and at least one."""
        if time.monotonic() - self.updated > WATCH_SECONDS:
            self.trials, self.updated = self._now(), time.monotonic()
        return max(self.trials, 1)

    def _now(self) -> int:
        return capacity(self.resources, ray.nodes(), Path.home())


def no_room(resources: Resources) -> str:
    if resources.address != "local":
        return (
            f"No machine of the cluster has room for a trial of {resources.threads} CPUs and {resources.gpus:g} GPUs: "
            f"add such machines, or ask for less with --threads-per-trial and --gpus-per-trial."
        )
    machine = ray.cluster_resources()
    has = f"{int(machine.get('CPU', 0))}" + (f" and {int(machine.get('GPU', 0))} GPUs" if resources.gpus else "")
    takes = f"{resources.threads} CPUs" + (f" and {resources.gpus:g} GPUs" if resources.gpus else "")
    return f"A trial takes {takes} and this machine has {has}."


def no_ray(address: str, why: str) -> str:
    if address == "local":
        return f"Ray does not start on this machine ({why}): run the same command again when it is less busy."
    return (
        f"No Ray cluster answers at '{address}' ({why}): start one with `ray up cluster.yaml`, or leave --address out "
        "to use this machine."
    )


def ray_in_words(resources: Resources) -> str:
    """Which Ray is used, how many CPUs it has and how many are free, and whether the trials have to wait for them."""
    cpus, free = (int(each.get("CPU", 0)) for each in (ray.cluster_resources(), ray.available_resources()))
    if resources.address == "local":
        return f"Ray: started on this machine for this run, {cpus} CPUs."
    waiting = "" if resources.fits(ray.available_resources()) else "; trials wait until there is room for one"
    address = ray.get_runtime_context().gcs_address
    return f"Ray: joined at {address}, {cpus} CPUs, {free} of them free{waiting}."


@contextmanager
def cluster(resources: Resources) -> Iterator[Capacity]:
    """Start or join Ray; gives how many trials may run at once.

    Raises UserError when the cluster does not answer, or has no room for one trial.
    """
    refuse_missing(resources)
    verbose = LOG.isEnabledFor(logging.DEBUG)
    quiet: dict[str, Any] = {"log_to_driver": verbose, "logging_level": logging.INFO if verbose else logging.ERROR}
    if resources.address == "local":
        quiet |= {"include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES}
    threads = str(resources.threads)
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    try:
        environment = {"env_vars": dict.fromkeys(names, threads)}
        ray.init(address=resources.address, runtime_env=environment, **quiet)
    except Exception as error:  # Ray raises plain ones, too, where a busy machine is slow to start it
        raise UserError(no_ray(resources.address, str(error).partition("\n")[0])) from error
    signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    try:
        yield Capacity(resources)
    finally:
        ray.shutdown()


def train(
    queue: Queue, advance: Callable[[], None], capacity: Callable[[], int], assign: Assign, resources: Resources
) -> None:
    """Train the tasks of a queue.

    Raises UserError with the reason when the run has to stop, and Interrupted after Ctrl-C.
    """
    watch = Watch(queue, advance, capacity)
    scratch = tempfile.mkdtemp(prefix="etude-tune-")
    trainable = tune.with_resources(Classifier, {"cpu": resources.threads, "gpu": resources.gpus})
    tuner = tune.Tuner(
        trainable,
        tune_config=tune.TuneConfig(
            search_alg=QueueSearch(watch, assign),
            scheduler=QueueScheduler(watch),
            num_samples=-1,
            # No limit: the search holds trials back, because the capacity changes and this number cannot.
            max_concurrent_trials=MOST_AT_ONCE,
            reuse_actors=True,
            trial_name_creator=lambda trial: trial.config["name"],
            trial_dirname_creator=lambda trial: trial.config["name"],
        ),
        run_config=tune.RunConfig(
            storage_path=scratch,
            name=queue.phase,
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=MAX_FAILURES),
            # A trial's own directory holds its state.
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False),
        ),
    )
    # Tune logs the traceback of each lost worker; the reason of a failed trial is recorded, the rest is retried.
    logging.getLogger("ray.tune").setLevel(logging.CRITICAL)
    done = threading.Event()
    threading.Thread(target=watch_cluster, args=(done, resources), daemon=True).start()
    on_interrupt = signal.getsignal(signal.SIGINT)
    try:
        tuner.fit()
    finally:
        done.set()
        # Tune leaves its own handler behind, which would ignore the next Ctrl-C.
        signal.signal(signal.SIGINT, on_interrupt)
        shutil.rmtree(scratch, ignore_errors=True)
    if watch.stop_reason:
        raise UserError(watch.stop_reason)
    if queue.done < queue.planned or not queue.exhausted:
        ended = f"{queue.done} trial{'s' if queue.done != 1 else ''}"
        raise Interrupted(f"Stopped after {ended}; run the same command again to go on.")


def watch_cluster(done: threading.Event, resources: Resources) -> None:
    """End the process with a sentence when no node is left, or none will come: Tune would wait for one for ever.

    Machines whose set-up has failed are named, whether others do the work or not.
    """
    dead, setups = 0, SetUps(autoscaler_log()) if resources.address != "local" else None
    while not done.wait(WATCH_SECONDS):
        try:
            alive = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        except Exception:  # a lost cluster fails in many ways
            alive = []
        dead = 0 if alive else dead + 1
        for sentence in setups.news() if setups else ():
            say(sentence)
        if dead >= 2 and not done.is_set():
            end("Ray has lost its last node; run the same command again to go on.")
        if setups and setups.over(time.time()) and not any(map(resources.fits, alive)) and not done.is_set():
            end("No machine has room for a trial and none is being set up: mend the set-up, then run this again.")


def autoscaler_log() -> Path:
    """Where the autoscaler writes on the head, on which the driver runs too; no file on another machine."""
    node: Any = ray._private.worker._global_node
    return Path(node.get_session_dir_path()) / "logs" / MONITOR


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def end(sentence: str) -> None:
    """End this process, which hangs in Tune; the run's directory has all that was trained."""
    say(sentence)
    os._exit(EXIT_CLUSTER_LOST)


def assigning(
    store: Path, run: Path, remote: str, token: str, resources: Resources, extension: Extension | None = None
) -> Assign:
    """A function that makes a task of a run the assignment of a worker."""
    worker: dict[str, Any] = {"device": resources.device, "threads": resources.threads, "limit": resources.minutes * 60}
    worker["extension"] = extension and tuple(extension)
    return lambda task: Assignment(**vars(task), store=store, run=run, remote=remote, token=token, **worker)
