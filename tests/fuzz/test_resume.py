"""Whatever has become of the files of a run, going on gives what it would have given, or says in a sentence why not."""

import shutil
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from damage import damaged
from fuzzing import command, fuzzed, well_said
from hypothesis import event, given, note
from hypothesis import strategies as st
from plainly import Plainly

from analysis.claims import Equal
from analysis.runs import Run
from search_spaces.optimisation import batch_size
from studies import catalogue, scale
from studies.driver import launch, page
from studies.scale import Scale
from studies.study import Study, arm
from trainables.fit import CLOCKS
from trainables.storage import bucket

FRONT_END = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}
SCALE = Scale(name="tiny", trials=2, epochs=2, reduction=2, repetitions=1)
STUDY = Study(
    document="yun_bi",
    section="",
    title="5x5 kernels against 3x5 kernels",
    question="Does it go on?",
    corpus="philharmonia",
    epochs=2,
    fixed={"architecture": "lenet", "optimiser": "sgd", "learning_rate": 0.03, **FRONT_END},
    tuned=batch_size(8, 16),
    arms=(arm("five", kernel="5x5"), arm("three", kernel="3x5")),
    claims=(Equal(finding="S4-F3", first="five", second="three"),),
)
ALL = 16
"""Trials of the study."""

LOST = {"cut", "empty", "bytes", "gone", "folder"}
"""Damage that shows; a file that has been changed into another that makes sense is taken at its word."""


@pytest.fixture(scope="module")
def plainly(small_corpora: Path) -> Iterator[pytest.MonkeyPatch]:
    """The command line over the tiny study, which it trains in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "load", {"tiny/study": STUDY}.__getitem__)
        patch.setattr(scale, "SCALES", {"tiny": SCALE})
        patch.setattr(launch, "train_all", Plainly())
        # A report has a test of its own, and takes longer than the rest.
        patch.setattr(page, "render_results", lambda results: f"<p>{results.run.name}</p>")
        patch.setattr(bucket, "PATIENCE_SECONDS", 0.0)
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        yield patch


@pytest.fixture(scope="module", params=[ALL, 7])
def begun(request: Any, plainly: pytest.MonkeyPatch, small_corpora: Path, tmp_path_factory: Any) -> Path:
    """The home of a run that was finished, or stopped after some trials."""
    home: Path = tmp_path_factory.mktemp("begun")
    (home / "corpora").symlink_to(small_corpora)
    plainly.setattr(launch, "train_all", Plainly(request.param))
    said = command("run", "tiny/study", "--scale", "tiny", "--rendered", "--home", home)
    assert (said.code == 0) == (request.param == ALL), said
    plainly.setattr(launch, "train_all", Plainly())
    return home


@pytest.fixture(scope="module")
def whole(begun: Path, tmp_path_factory: Any) -> dict[str, Any]:
    """What such a run comes to."""
    home = tmp_path_factory.mktemp("whole")
    shutil.copytree(begun, home, symlinks=True, dirs_exist_ok=True)
    (run,) = (home / "runs").iterdir()
    assert command("resume", run.name, "--home", home).code == 0
    return outcome(run)


def outcome(run: Path) -> dict[str, str]:
    """Digests of the tables of a finished run without the seconds."""
    found = Run.load(run, finished=True)
    tables = {name: getattr(found, name) for name in ("trials", "epochs", "predictions")}
    timeless = {
        name: table.drop(columns=[c for c in table if "seconds" in c or c in CLOCKS]) for name, table in tables.items()
    }
    return {name: blake2b(table.to_json().encode()).hexdigest() for name, table in timeless.items()}


@fuzzed(0.05)
@given(data=st.data())
def test_damaged_run_goes_on_to_the_same_end_or_is_refused(begun: Path, whole: dict[str, Any], data: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        shutil.copytree(begun, home, symlinks=True, dirs_exist_ok=True)
        (run,) = (home / "runs").iterdir()
        files = sorted(path for path in run.rglob("*") if path.is_file() and path.suffix != ".html")
        chosen = data.draw(st.lists(st.sampled_from(files), unique=True, min_size=1, max_size=2))
        kept = {path: path.read_bytes() for path in chosen}
        ways = {str(path.relative_to(run)): damaged(data.draw, path) for path in chosen}
        note(str(ways))
        assert well_said("status", run.name, "--home", home).code in (0, 1)
        said = well_said("resume", run.name, "--home", home)
        event(f"{' and '.join(path.name for path in chosen)}: {said.code}")
        assert not list(run.rglob("*.tmp"))
        if said.code:
            # Nothing else was lost: with the files as they were, all is well.
            for path, content in kept.items():
                shutil.rmtree(path, ignore_errors=True)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True) if not path.is_dir() else None
                path.write_bytes(content)
            again = command("resume", run.name, "--home", home)
            assert again.code == 0, (said, again)
            assert outcome(run) == whole, (said, again)
        elif LOST.issuperset(ways.values()):
            assert outcome(run) == whole, said
