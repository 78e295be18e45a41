"""`etude watch`: a run as it is now, on 80 columns, until nobody drives it any more."""

import fcntl
import json
from pathlib import Path
from types import SimpleNamespace

import live_run
import pytest

from studies.commands import standing, watching
from studies.commands.watching import BLOCKS, sparkline
from studies.remote.mirror import LOCK
from trainables.storage.bucket import Bucket
from trainables.trial import OWNER


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return live_run.write(tmp_path / "runs" / "made")


def test_a_run_that_goes_on_is_shown_with_its_arms_trials_times_and_what_is_left(etude, run: Path, tmp_path: Path):
    with (run / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = etude("watch", "made", "--once", "--home", tmp_path)
    assert code == 0, err
    assert out.startswith("made: running\ntrials: explore 2 of 4, confirm 1 of 3; running for ")
    assert "CPU time 1.9 min; about 10.0 s left of what is planned" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if line[:1] == "│"]
    assert ["arm 5x5", "1", "1", "", "80.0 %"] in rows and ["arm 3x8", "", "", "1", "90.0 %"] in rows
    assert ["arm 3x8", "confirm", "3 of 4", "▂█▆", "80.0 %"] in rows and "Being trained" in out


def test_it_ends_when_nobody_drives_the_run_and_says_how_to_go_on(etude, run: Path, tmp_path: Path):
    code, out, _ = etude("watch", "made", "--home", tmp_path)
    assert code == 0 and "made: stopped" in out and "Unfinished" in out
    assert f"`etude resume {run}` goes on" in " ".join(out.split()) or "goes on" in out
    assert out.count("made: stopped") == 1


def test_it_shows_a_run_until_it_is_finished(etude, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def finish(seconds: float) -> None:
        assert seconds == watching.SECONDS
        study = json.loads((run / "study.json").read_text())
        study["progress"]["finished"] = True
        (run / "study.json").write_text(json.dumps(study))

    monkeypatch.setattr(watching.time, "sleep", finish)
    monkeypatch.setattr(standing, "verdicts_in", lambda directory: [SimpleNamespace(word="reproduced")])
    with (run / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = etude("watch", "made", "--home", tmp_path)
    assert code == 0, err
    assert "made: finished" in out and "1 reproduced; report: " in out and "Unfinished" not in out


def test_a_run_of_another_machine_is_copied_from_its_bucket_and_shown(etude, s3, run: Path, tmp_path: Path):
    stored = Bucket(f"{s3.new()}/runs/made")
    for path in run.rglob("*"):
        if path.is_file():
            stored.put(path.relative_to(run).as_posix(), path.read_bytes())
    stored.put(OWNER, b"1 on another machine:x")
    code, out, err = etude("watch", stored.url, "--once", "--home", tmp_path / "elsewhere")
    assert code == 0, err
    assert out.startswith("made: running\ntrials: explore 2 of 4, confirm 1 of 3; running for ")
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if line[:1] == "│"]
    assert ["arm 3x8", "confirm", "3 of 4", "▂█▆", "80.0 %"] in rows and "Being trained" in out
    assert stored.get(OWNER).content == b"1 on another machine:x"


def test_a_run_that_is_none_is_named(etude, tmp_path: Path):
    code, _, err = etude("watch", "nothing", "--once", "--home", tmp_path)
    assert code == 1 and "nothing" in err


@pytest.mark.parametrize(
    ("curve", "shown"),
    [
        ([], ""),
        ([0.0, 0.5, 1.0], "▁▅█"),
        ([0.5, float("nan")], "▅ "),
        ([i / 99 for i in range(100)], "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██"),
    ],
)
def test_sparkline(curve: list[float], shown: str):
    assert sparkline(curve, (0.0, 1.0)) == shown
    assert sparkline([0.3], (0.3, 0.3)) == BLOCKS[0]
