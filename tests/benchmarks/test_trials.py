"""What a trial costs beside its training once the workers are warm."""

import json
import os
from pathlib import Path
from statistics import median

import pytest

REPEATS = int(os.environ.get("ETUDE_BENCHMARK_REPEATS", "1"))
TRIALS, PLACES = 60, 2
BOUND = 0.1


def training_seconds(directory: Path) -> list[float]:
    """Seconds inside the training loop of each one-epoch trial."""
    return [json.loads(path.read_text())["seconds"] for path in directory.glob("trials/*/epochs.jsonl")]


def overhead(result: dict) -> tuple[float, float]:
    """Seconds of a worker per trial beyond training, and of training.

    Counted from when each worker has ended two trials; by then it has imported and computed all it needs.
    """
    ended: dict[int, float] = {}
    for moment, done in result["ended"]:
        ended.setdefault(done, moment)
    first, last = 2 * PLACES, max(ended)
    seconds = training_seconds(Path(result["directory"]))
    training = sum(seconds) / len(seconds)
    return (ended[last] - ended[first]) * PLACES / (last - first) - training, training


@pytest.mark.benchmark
def test_overhead_of_a_trial(bench, table):
    """Sixty trials of one epoch. Walls: on a machine with other work the figure is an upper bound."""
    figures = []
    for repeat in range(REPEATS):
        result, _ = bench.study(f"trials-{repeat}", trials=TRIALS, epochs=1, stops=False, whole=False)
        figures.append(overhead(result))
    extra = [beyond for beyond, _ in figures]
    listed = ", ".join(f"{one:.3f}" for one in extra)
    training = median(one for _, one in figures)
    rows = [
        ("training, s", f"{training:.3f}"),
        ("beside it, s", f"{median(extra):.3f} (n = {REPEATS}: {listed}); bound {BOUND}"),
        ("beside it over training", f"{median(extra) / training:.2f}"),
    ]
    table(f"{TRIALS} trials of one epoch, {len(bench.store.clips)} clips, {PLACES} warm workers", rows)
    assert len(training_seconds(Path(result["directory"]))) == TRIALS
