"""How long a study takes beside bare loops on the same two cores."""

import os
from pathlib import Path
from statistics import median

import pandas as pd
import pytest

REPEATS = int(os.environ.get("ETUDE_BENCHMARK_REPEATS", "1"))
# About 6 s a trial, or 30 s as in the promise.
EPOCHS = 50 if os.environ.get("ETUDE_BENCHMARK_FULL") == "1" else 10
TRIALS = 12
BOUND = 1.10


@pytest.mark.benchmark
def test_wall_of_a_study(bench, table):
    """Twelve trials of equal length, none stopped; whole processes, so that each start weighs less in the full size."""
    ratios, rows = [], []
    for repeat in range(REPEATS):
        result, ours = bench.study(f"wall-{repeat}", trials=TRIALS, epochs=EPOCHS, stops=False, whole=False)
        bare = bench.bare(f"wall-loop-{repeat}", result["directory"])
        trials = pd.read_parquet(Path(result["directory"]) / "trials.parquet")
        ratios.append(ours.wall / bare.wall)
        rows += [
            ("étude, s (a trial)", f"{ours.wall:.1f} ({trials['seconds'].mean():.1f})"),
            ("bare loops, s", f"{bare.wall:.1f}"),
        ]
    ratio = f"{median(ratios):.2f} (n = {REPEATS}: {', '.join(f'{one:.2f}' for one in ratios)}); bound {BOUND}"
    title = f"{TRIALS} trials of {EPOCHS} epochs, {len(bench.store.clips)} clips, two workers"
    table(title, [*rows, ("wall, étude over bare loops", ratio)])
    assert (trials["epochs"] == EPOCHS).all()
