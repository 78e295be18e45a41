"""What a driver uses for a trial when there have been many."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ray.cluster_utils import Cluster

from trainables.corpora import CORPORA
from trainables.corpora.store import Store, pack

TRIALS = 1000
STEPS = (100, 250, 500, 1000)
WINDOW = 90
"""Trials over which CPU seconds are averaged, so that those of the start, when workers begin, are not among them."""

NODES = 2
BOUND = 1.5
HERE = Path(__file__).parent
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@pytest.fixture(scope="module")
def few_clips(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Fourteen rendered instruments, four clips of each."""
    folder = tmp_path_factory.mktemp("few")
    CORPORA["philharmonia"].render(folder / "music", clips_per_class=4)
    return pack(CORPORA["philharmonia"], folder / "music", folder / "corpora")


@pytest.fixture
def address() -> Iterator[str]:
    """A cluster of a head that takes no trials and of two nodes of one processor each."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 10**8})
    for _ in range(NODES):
        cluster.add_node(num_cpus=1, object_store_memory=10**8)
    yield cluster.address
    cluster.shutdown()


@pytest.mark.benchmark
def test_driver_of_a_thousand_trials(few_clips, address, tmp_path, table):
    """CPU seconds and memory of the driver's process with all its threads; the workers' and Ray's own are not in it."""
    options = {"store": str(few_clips.path), "storage": str(tmp_path / "runs"), "result": str(tmp_path / "result")}
    told = json.dumps({**options, "trials": TRIALS, "epochs": 1, "address": address})
    command = [sys.executable, str(HERE / "many.py"), told]
    subprocess.run(command, check=True, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE)
    result = json.loads((tmp_path / "result").read_text())
    used = {int(ended): figures for ended, figures in result["used"].items()}
    milliseconds = {step: (used[step][0] - used[step - WINDOW][0]) / WINDOW * 1e3 for step in STEPS}
    memory = {step: used[step][1] for step in STEPS}
    rows = [
        *[
            (f"after {step} trials: ms of CPU a trial, MB", f"{milliseconds[step]:.1f}, {memory[step]:.0f}")
            for step in STEPS
        ],
        ("CPU a trial, the last over the first", f"{milliseconds[TRIALS] / milliseconds[STEPS[0]]:.2f}; bound {BOUND}"),
        ("memory, the last over the first", f"{memory[TRIALS] / memory[STEPS[0]]:.2f}; bound {BOUND}"),
        (
            "tables and report at the end, s of CPU, MB",
            f"{result['end'][0] - used[TRIALS][0]:.1f}, {result['end'][1]:.0f}",
        ),
    ]
    table(f"{TRIALS} trials of one epoch on {NODES} nodes of one processor", rows)
    assert milliseconds[TRIALS] < BOUND * milliseconds[STEPS[0]]
    assert memory[TRIALS] < BOUND * memory[STEPS[0]]
