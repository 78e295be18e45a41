"""Where corpora and runs are kept, what they take, and what of them can be removed."""

import fcntl
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.runs import Run
from studies.commands.home import usual
from studies.remote.mirror import LOCK
from trainables.corpora.store import stores

Command = Callable[..., tuple[int, str, str]]
CHECKPOINT = b"0" * 2500


@pytest.fixture
def home(tmp_path: Path, synthetic_run: Callable[..., Path]) -> Path:
    """A home with a finished run and one that is not, each with one trial that has a checkpoint."""
    for name, finished in (("ended", True), ("begun", False)):
        run = synthetic_run(tmp_path / "runs" / name, arms=("a", "b"), claims=(), repetitions=2, explored=1)
        study = json.loads((run / "study.json").read_text())
        (run / "study.json").write_text(json.dumps({**study, "progress": {"finished": finished}}))
        (run / "trials" / "one").mkdir(parents=True)
        (run / "trials" / "one" / "checkpoint").write_bytes(CHECKPOINT)
    return tmp_path


def checkpoints(home: Path) -> list[str]:
    return sorted(path.parts[-4] for path in home.rglob("checkpoint"))


def test_runs_are_listed_with_their_sizes(etude: Command, home: Path) -> None:
    code, out, _ = etude("runs", "--home", home)
    assert code == 0 and "ended" in out and "begun" in out and "2.5 kB" in out
    assert checkpoints(home) == ["begun", "ended"]


def test_checkpoints_of_finished_runs_are_removed_and_tables_stay(etude: Command, home: Path) -> None:
    code, out, _ = etude("runs", "--clean", "--yes", "--home", home)
    assert code == 0 and "Removed 1 checkpoints." in out
    assert checkpoints(home) == ["begun"]
    assert len(Run.load(home / "runs" / "ended", finished=True).trials)
    assert "No finished run here has checkpoints." in etude("runs", "--clean", "--home", home)[1]


@pytest.mark.parametrize(("answer", "left"), [("n\n", ["begun", "ended"]), ("y\n", ["begun"])])
def test_it_asks_first(
    etude: Command, home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    code, _, _ = etude("runs", "ended", "--clean", "--home", home)
    assert code == 0 and checkpoints(home) == left


def test_a_run_that_a_driver_holds_keeps_its_checkpoints(etude: Command, home: Path) -> None:
    with (home / "runs" / "ended" / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        etude("runs", "--clean", "--yes", "--home", home)
    assert checkpoints(home) == ["begun", "ended"]


def test_unknown_run_is_named(etude: Command, home: Path) -> None:
    code, _, err = etude("runs", "endet", "--home", home)
    assert code == 1 and "did you mean 'ended'?" in err


def test_all_of_a_corpus_is_removed_and_nothing_of_another(etude: Command, tmp_path: Path) -> None:
    for name in ("philharmonia-real-abc", "philharmonia-rendered-def", "gtzan-real-abc"):
        (tmp_path / "corpora" / name).mkdir(parents=True)
        (tmp_path / "corpora" / name / "store.json").write_text("{}")
    (tmp_path / "downloads" / "philharmonia").mkdir(parents=True)
    code, out, _ = etude("data", "philharmonia", "--clean", "--yes", "--home", tmp_path)
    assert code == 0 and "Removed 3 folders." in out
    assert [path.name for path in (tmp_path / "corpora").iterdir()] == ["gtzan-real-abc"]
    assert not list((tmp_path / "downloads").iterdir())
    assert stores(tmp_path / "corpora", "gtzan", rendered=False)
    code, _, err = etude("data", "philharmonia", "--clean", "--yes", "--home", tmp_path)
    assert code == 1 and "There is nothing of philharmonia" in err


def test_home_is_the_variable_then_a_folder_here_then_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETUDE_HOME", raising=False)
    assert usual() == Path(os.environ["XDG_DATA_HOME"]) / "etude"
    (tmp_path / ".etude").mkdir()
    assert usual() == Path(".etude")
    monkeypatch.setenv("ETUDE_HOME", str(tmp_path / "said"))
    assert usual() == tmp_path / "said"


def test_a_sentence_says_where_that_is(etude: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETUDE_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    code, out, err = etude("runs")
    assert code == 0 and f"No runs in {tmp_path / 'data' / 'etude' / 'runs'}" in out
    assert f"Note: corpora and runs are kept in {tmp_path / 'data' / 'etude'}: --home or ETUDE_HOME names" in err
    monkeypatch.setenv("ETUDE_HOME", str(tmp_path))
    assert etude("runs")[2] == ""
