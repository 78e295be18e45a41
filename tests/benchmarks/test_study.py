"""What a study costs beside a bare loop that trains the same."""

import os
from statistics import median

import pandas as pd
import pytest

REPEATS = int(os.environ.get("ETUDE_BENCHMARK_REPEATS", "1"))
BOUND = 1.15


@pytest.mark.benchmark
def test_cpu_seconds_per_epoch_of_a_study(bench, table):
    """Twelve trials of at most nine epochs, and three confirm trials of one; two workers of one thread.

    Counted on both sides: everything from the start of the interpreter to the end of the last process, features among
    it. étude's side also has the search, the journal, checkpoints, the tables and the report.
    """
    ratios, rows = [], []
    for repeat in range(REPEATS):
        result, ours = bench.study(f"study-{repeat}", trials=12, epochs=9, stops=True, whole=True)
        bare = bench.bare(f"loop-{repeat}", result["directory"])
        trials = pd.read_parquet(f"{result['directory']}/trials.parquet").drop_duplicates("trial")
        epochs, training = trials["epochs"].sum(), trials["cpu_seconds"].sum()
        ratios.append(ours.cpu / bare.cpu)
        rows += [
            (
                "étude, CPU s per epoch (of it in the training loop)",
                f"{ours.cpu / epochs:.2f} ({training / epochs:.2f})",
            ),
            ("bare loop, CPU s per epoch", f"{bare.cpu / epochs:.2f}"),
            ("étude's processes, CPU s", ", ".join(f"{kind} {used:.1f}" for kind, used in ours.kinds.items())),
        ]
    ratio = f"{median(ratios):.2f} (n = {REPEATS}: {', '.join(f'{one:.2f}' for one in ratios)}); bound {BOUND}"
    title = f"{len(trials)} trials, {epochs} epochs, {len(bench.store.clips)} clips"
    table(title, [*rows, ("CPU seconds per epoch, étude over bare loop", ratio)])
    assert epochs > len(trials)
