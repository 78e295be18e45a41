"""What the next trial of an arm costs when the arm has had many."""

import json
import os
import time
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from small_study import small_study

from search_spaces import joined
from search_spaces.optimisation import (
    batch_size,
    beta1,
    class_weights,
    decay_epochs,
    decay_factor,
    initialisation,
    learning_rate,
    weight_decay,
)
from studies.driver import sampling
from studies.driver.journal import METRIC, Explore
from studies.scale import Scale
from studies.study import arm
from trainables.trial import ABOUT, EPOCHS

HISTORIES = (100, 1000, 5000)
ASKED = 20
BOUND = 0.1
SCALE = Scale(name="ask", trials=10_000, epochs=6, reduction=2, repetitions=1)
STUDY = small_study(
    arm("only"),
    fixed={"architecture": "lenet", "schedule": "step"},
    tuned=joined(
        learning_rate(),
        weight_decay(),
        batch_size(),
        beta1(),
        decay_epochs(),
        decay_factor(),
        class_weights(),
        initialisation("default", "xavier"),
    ),
)


def train(explore: Explore, until: int) -> None:
    """Ask for trials, and tell made-up values of them, until there have been so many."""
    while explore.done < until:
        task = explore.next()
        number = explore.arms["only"].numbers[task.name]
        for epoch in range(1, SCALE.epochs + 1):
            record = {"epoch": epoch, METRIC: (number * 7919 % 1000) / 1000 + epoch / 100}
            if explore.tell(task.name, record):
                break
        leave(task.directory, epoch)
        explore.close(task.name)


def leave(directory: Path, epochs: int) -> None:
    """What a worker leaves behind, without which a trial would be taken for damaged and be trained again."""
    (directory / ABOUT).write_text(json.dumps({"parameters": 1, "device": "cpu"}))
    records = [{"epoch": epoch, "seconds": 0.0, "cpu_seconds": 0.0} for epoch in range(1, epochs + 1)]
    (directory / EPOCHS).write_text("".join(json.dumps(record) + "\n" for record in records))


def asking(explore: Explore) -> float:
    """Seconds to ask for a new trial: the median of twenty."""
    taken, before = [], len(explore.arms["only"].numbers)
    for _ in range(ASKED):
        begun = time.perf_counter()
        task = explore.next()
        taken.append(time.perf_counter() - begun)
        # Left open, as those are that run meanwhile.
        assert task
    assert len(explore.arms["only"].numbers) == before + ASKED
    return median(taken)


@pytest.mark.benchmark
def test_ask_with_a_long_history(tmp_path: Path, table: Any) -> None:
    """Eight parameters, all in one arm, through the queue: TPE, the journal on disk, the trial's folder.

    The history is drawn at random, and written without waiting for the disk, so that it takes a minute.
    """
    rows, seconds = [], {}
    for history in HISTORIES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sampling, "RANDOM_TRIALS", 10**9)
            patch.setattr(os, "fsync", lambda _: None)
            train(Explore(tmp_path / "run", STUDY, SCALE, "digest"), history)
        begun = time.perf_counter()
        explore = Explore(tmp_path / "run", STUDY, SCALE, "digest")
        opened = time.perf_counter() - begun
        seconds[history] = asking(explore)
        size = (tmp_path / "run" / "journal" / "only").stat().st_size / 1e6
        said = f"{1e3 * seconds[history]:.1f}, {opened:.2f}, {size:.1f}"
        rows.append((f"after {history} trials: ms to ask, s to open, MB of journal", said))
    table(f"asking for a trial of {len(STUDY.tuned)} parameters (median of {ASKED}); bound {1e3 * BOUND:.0f} ms", rows)
    assert seconds[HISTORIES[-1]] < BOUND
