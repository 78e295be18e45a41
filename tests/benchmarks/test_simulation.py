"""Ten thousand trials on 64 GPUs: what their driver would need, and what breaks first. No GPU is used."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trainables.corpora import CORPORA
from trainables.corpora.store import Store, pack

TRIALS, GPUS, TRIALS_A_GPU, EPOCH_SECONDS = int(os.environ.get("ETUDE_SIMULATED_TRIALS", "10000")), 64, 4, 5.0
PLACES = GPUS * TRIALS_A_GPU
LENGTHS = (1.0, EPOCH_SECONDS, 30.0)
"""Seconds that an epoch may take, for which it is told how busy the driver is."""

RAY_TRIALS, RAY_EPOCHS, FIRST = 20, 100, 4
"""Trained with Ray; counted from when this many have ended, and all workers have begun."""

HEAD_MEGABYTES = 8000
"""The memory of an m7i.large, the head of cluster.yaml."""

S3_WRITES = 3500
"""Requests a second that S3 promises below one prefix (Amazon S3's user guide, "Best practices design patterns")."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

Rows = Iterator[tuple[str, str]]


@pytest.fixture(scope="module")
def some_clips(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Fourteen rendered instruments, eight clips of each: enough for five folds."""
    folder = tmp_path_factory.mktemp("some")
    CORPORA["philharmonia"].render(folder / "music", clips_per_class=8)
    return pack(CORPORA["philharmonia"], folder / "music", folder / "corpora")


def told(script: str, folder: Path, store: Store, **options: Any) -> dict[str, Any]:
    """What a script of this folder writes down."""
    where = {"store": str(store.path), "storage": str(folder / "runs"), "result": str(folder / "result")}
    (folder / "runs").mkdir(parents=True)
    command = [sys.executable, str(Path(__file__).with_name(script)), json.dumps({**where, **options})]
    subprocess.run(command, check=True, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE)
    return json.loads((folder / "result").read_text())


def seconds_of_a_result(real: dict[str, Any]) -> float:
    """CPU seconds of a driver with Ray and Tune for each epoch it is told of, once its workers have begun."""
    used = real["used"]
    return (used[str(RAY_TRIALS)][0] - used[str(FIRST)][0]) / ((RAY_TRIALS - FIRST) * RAY_EPOCHS)


def rows(found: dict[str, Any], result: float) -> Rows:
    """What a run of so many trials takes."""
    cpu, done, results = found["cpu"], found["done"], found["results"]
    own = cpu["tell"] / results
    trial = (cpu["ask"] + cpu["end"]) / done
    marks = {int(mark): memory for mark, (_, memory, _) in found["marks"].items()}
    yield f"epochs, hours at {EPOCH_SECONDS:g} s each", f"{results:,}, {found['hours']:.1f}"
    yield f"driver with Ray, ms of CPU a result (n = {(RAY_TRIALS - FIRST) * RAY_EPOCHS:,})", f"{1e3 * result:.2f}"
    yield "of it étude's, ms; and ms for each trial beside", f"{1e3 * own:.2f}; {1e3 * trial:.1f}"
    for length in LENGTHS:
        busy = PLACES / length * (result + trial * done / results)
        waits = PLACES / length * found["append"] * found["lines"] / results
        yield f"epochs of {length:g} s: the driver computes, waits for its disk", f"{busy:.0%}, {waits:.0%} of the time"
    yield (
        "driver's memory after the first 500 trials and the last, MB",
        f"{marks[min(marks)]:.0f}, {marks[max(marks)]:.0f}",
    )
    yield "journals, MB; s of CPU to open them again", f"{found['journals'] / 1e6:.0f}; {cpu['open']:.1f}"
    yield "files of trials, MB without checkpoints", f"{found['files']:,}, {found['bytes'] / 1e6:.0f}"
    yield "tables: s of CPU, peak of memory in MB", f"{cpu['gather']:.0f}, {found['memory_gather']:.0f}"
    said = f"{cpu['report']:.0f}, {found['memory_report']:.0f}, {found['report'] / 1e6:.1f}"
    yield "report: s of CPU, peak so far in MB, size in MB", said
    yield "requests of the driver to S3", ", ".join(f"{n:,} {kind}" for kind, n in found["requests"].items())
    yield "sent by the driver, GB", f"{found['sent'] / 1e9:.1f}"
    asked = ", ".join(f"{n:g} {kind}" for kind, n in found["asked"].items())
    yield "requests of workers: an epoch, in all", f"{asked}; {sum(found['asked'].values()) * results:,.0f}"


def limits(found: dict[str, Any], result: float) -> dict[str, float]:
    """What share of each limit is used."""
    own = (found["cpu"]["ask"] + found["cpu"]["end"]) / found["results"]
    shares = {f"driver's processor, epochs of {each:g} s": PLACES / each * (result + own) for each in LENGTHS}
    writes = found["asked"]["PUT"] * PLACES / EPOCH_SECONDS
    waits = PLACES / EPOCH_SECONDS * found["append"] * found["lines"] / found["results"]
    return {
        **shares,
        f"driver's disk, epochs of {EPOCH_SECONDS:g} s": waits,
        "head's memory (8 GB) for the tables": found["memory_gather"] / HEAD_MEGABYTES,
        "head's memory (8 GB) for the report": found["memory_report"] / HEAD_MEGABYTES,
        f"S3's {S3_WRITES:,} writes a second, epochs of {EPOCH_SECONDS:g} s": writes / S3_WRITES,
    }


@pytest.mark.benchmark
def test_what_breaks_first(some_clips: Store, tmp_path: Path, table: Any) -> None:
    """A simulation of étude's part, and Ray's part of the driver measured on a few trials of many epochs.

    Ten arms of the scale `cluster`, but with as many explored trials as it takes, in a bucket.
    """
    options = {"trials": TRIALS, "places": PLACES, "epoch_seconds": EPOCH_SECONDS, "remote": True}
    found = told("simulate.py", tmp_path / "simulated", some_clips, **options)
    real = told("many.py", tmp_path / "real", some_clips, trials=RAY_TRIALS, epochs=RAY_EPOCHS, address="local")
    result = seconds_of_a_result(real)
    table(f"{TRIALS:,} trials on {GPUS} GPUs, {TRIALS_A_GPU} on each", rows(found, result))
    used = sorted(limits(found, result).items(), key=lambda limit: -limit[1])
    table("what breaks first", ((name, f"{share:.0%} of it used") for name, share in used))
    assert found["done"] == TRIALS
