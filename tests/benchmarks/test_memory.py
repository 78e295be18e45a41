"""What several workers on one corpus need of memory."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.gtzan_lists import GENRES
from trainables.corpora.rendering.notes import write_wav
from trainables.corpora.store import Store, pack

WORKERS = 4
SONGS, SECONDS, RATE = 690, 30, 22_050
BOUND = 150
"""MB of private memory that each worker takes for using the corpus, beside one copy of it for all of them."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Songs of noise in GTZAN's names, packed: more than 900 MB."""
    folder = tmp_path_factory.mktemp("memory")
    random = np.random.default_rng(0)
    for number in range(SONGS):
        genre = GENRES[number % len(GENRES)]
        noise = random.integers(-9999, 9999, SECONDS * RATE, dtype=np.int16)
        write_wav(folder / f"genres/{genre}/{genre}.{number // len(GENRES):05}.wav", noise, RATE)
    return pack(CORPORA["gtzan"], folder / "genres", folder / "corpora")


def answers(workers: list[subprocess.Popen[str]]) -> list[dict[str, float]]:
    """What each worker says of its memory, in MB, when all of them are ready; none goes on before all have said it."""
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * WORKERS
    found = []
    for worker in workers:
        print(file=worker.stdin, flush=True)
        found.append({name: 1024 * value / 1e6 for name, value in json.loads(worker.stdout.readline()).items()})
    for worker in workers:
        print(file=worker.stdin, flush=True)
    return found


@pytest.mark.benchmark
def test_workers_share_one_copy(store, table):
    """Four processes, before they have opened the store and after each has computed features of every clip.

    What a process has before is Python, torch and the other libraries, whatever it works on; the bound is on the rest.
    """
    size = store.audio.nbytes / 1e6
    assert size > 900
    command = [sys.executable, str(Path(__file__).with_name("hold.py")), str(store.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, **pipes) for _ in range(WORKERS)]
    try:
        before, after = answers(workers), answers(workers)
    finally:
        for worker in workers:
            worker.communicate()

    def private(found: list[dict[str, float]]) -> np.ndarray:
        return np.array([each["Private_Clean"] + each["Private_Dirty"] for each in found])

    taken = private(after) - private(before)
    together = sum(each["Pss"] for each in after) - sum(each["Pss"] for each in before)
    rows = [
        ("audio in the store, MB", f"{size:.0f}"),
        ("of it mapped and resident in each worker, MB", ", ".join(f"{each['Audio']:.0f}" for each in after)),
        ("private memory before the store is opened, MB", ", ".join(f"{each:.0f}" for each in private(before))),
        ("private memory taken for using it, MB", f"{', '.join(f'{each:.0f}' for each in taken)}; bound {BOUND}"),
        (
            "taken by all together (proportional set size), MB",
            f"{together:.0f}; bound {size:.0f} + {WORKERS} x {BOUND}",
        ),
    ]
    table(f"{WORKERS} workers on {len(store.clips)} clips", rows)
    assert all(each["Audio"] > 0.99 * size for each in after)
    assert taken.max() <= BOUND
    assert together <= size + WORKERS * BOUND
