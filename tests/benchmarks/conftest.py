"""Benchmarks are run on demand only: with ETUDE_BENCHMARK=1 in the environment; ratios and memory, each of one run."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trainables.corpora import CORPORA
from trainables.corpora.corpus import MARKER
from trainables.corpora.philharmonia import INSTRUMENTS
from trainables.corpora.store import Store, pack

HERE = Path(__file__).parent
CLIPS = 833
"""As many as the other tools were measured on, drawn evenly from 14 instruments."""

# One thread a process, in both of what is compared.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Each takes minutes; those that hold a bound by a clock do so only on a machine that does nothing else.
    skipped = pytest.mark.skip(reason="a benchmark, minutes long: set ETUDE_BENCHMARK=1 to have its ratios printed")
    if os.environ.get("ETUDE_BENCHMARK") != "1":
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(skipped)


@dataclass(frozen=True)
class Usage:
    """What a command used: wall in seconds, CPU seconds of all its processes, and the same by kind of process."""

    wall: float
    cpu: float
    kinds: dict[str, float]


@dataclass(frozen=True)
class Bench:
    """Runs studies and bare loops on one packed corpus, each in a process of its own."""

    store: Store
    folder: Path

    def measure(self, name: str, *command: object) -> Usage:
        """Run a command of this Python to its end; gives what it used."""
        path = self.folder / f"{name}.json"
        whole = [sys.executable, HERE / "measure.py", path, sys.executable, *command]
        subprocess.run([str(part) for part in whole], check=True, env={**os.environ, **THREADS}, stdout=subprocess.PIPE)
        content = json.loads(path.read_text())
        return Usage(content["wall"], content["cpu"], content["kinds"])

    def study(self, name: str, **options: Any) -> tuple[dict[str, Any], Usage]:
        """Run a study of drive.py anew; gives what it says of itself, and what it used."""
        result = self.folder / f"{name}-result.json"
        where = {"store": self.store.path, "storage": self.folder / name, "result": result}
        told = json.dumps({**options, **{key: str(path) for key, path in where.items()}})
        usage = self.measure(name, HERE / "drive.py", told)
        return json.loads(result.read_text()), usage

    def bare(self, name: str, directory: str) -> Usage:
        """Train what the run in `directory` trained in a bare loop."""
        plan = [sys.executable, HERE / "plan.py", directory, self.store.path, self.folder / name]
        subprocess.run([str(part) for part in plan], check=True)
        return self.measure(f"{name}-bare", HERE / "bare.py", self.folder / name)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """833 clips, packed: of the samples in ETUDE_PHILHARMONIA, or rendered if that is not set."""
    folder = tmp_path_factory.mktemp("benchmark")
    corpus = CORPORA["philharmonia"]
    if named := os.environ.get("ETUDE_PHILHARMONIA"):
        source = Path(named)
    else:
        source = folder / "rendered"
        corpus.render(source, clips_per_class=-(-CLIPS // 14))
    chosen = folder / "chosen"
    for path in [*evenly(source, CLIPS), *source.glob(MARKER)]:
        link = chosen / path.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    return Bench(pack(corpus, chosen, folder / "corpora"), folder)


def evenly(source: Path, count: int) -> Iterable[Path]:
    """`count` sample files, as many of each of the fourteen instruments as of any other, or one more."""
    corpus = CORPORA["philharmonia"]
    clips = [clip for clip in corpus.scan(source).clips if (source / clip.path).stat().st_size]
    labels = sorted({clip.label for clip in clips} & set(INSTRUMENTS))
    for place, label in enumerate(labels):
        paths = [clip.path for clip in clips if clip.label == label]
        wanted = count // len(labels) + (place < count % len(labels))
        yield from (source / paths[number * len(paths) // wanted] for number in range(wanted))


@pytest.fixture
def table(capsys: pytest.CaptureFixture[str]) -> Callable[[str, Iterable[tuple[str, str]]], None]:
    """Print a title and rows of two columns past pytest's capture."""

    def show(title: str, rows: Iterable[tuple[str, str]]) -> None:
        with capsys.disabled():
            load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
            print(f"\n{title} (load averages {load} on {os.cpu_count()} cores)")
            for name, value in rows:
                print(f"  {name:<58}{value}")

    return show
