"""Where a run stands, in a folder or in a bucket, without copying it."""

import fcntl
import json
from datetime import UTC, datetime, timedelta

import pytest

from analysis.errors import RunError
from studies.commands.standing import runs_table, status_line
from studies.remote.mirror import LOCK, REMOTE
from trainables.errors import UserError
from trainables.storage.bucket import Bucket
from trainables.trial import OWNER

PROGRESS = {"finished": False, "explore": {"done": 3, "planned": 10}}


@pytest.fixture
def run(tmp_path):
    """The folder of a run that has been begun."""
    folder = tmp_path / "runs" / "begun"
    folder.mkdir(parents=True)
    (folder / "study.json").write_text(json.dumps({"progress": PROGRESS}))
    return folder


@pytest.fixture
def bucket(s3):
    """Where a run has been begun."""
    stored = Bucket(f"{s3.new()}/runs/begun")
    stored.put("study.json", json.dumps({"progress": PROGRESS}).encode())
    return stored


def test_a_run_that_no_driver_holds_is_stopped(run, tmp_path):
    said = f"begun: stopped; trials: explore 3 of 10; `etude resume {run}` goes on"
    assert status_line("begun", tmp_path) == status_line(str(run), tmp_path) == said


def test_the_last_look_of_a_run_that_stops_when_decided(run, tmp_path):
    look = {"epochs": 34, "repetitions": 8, "tested": False, "open": {}, "next_epochs": 34, "looked": "now"}
    undecided = {
        **look,
        "repetitions": 12,
        "tested": True,
        "open": [{"arm": "wide", "protocol": "corrected", "why": "is undecided in S4-F3"}],
    }
    (run / "study.json").write_text(json.dumps({"progress": PROGRESS, "looks": [look, undecided]}))
    assert "last look after 12 repetitions of 34 epochs: wide (corrected) is undecided in S4-F3; " in status_line(
        "begun", tmp_path
    )
    (run / "study.json").write_text(json.dumps({"progress": PROGRESS, "looks": [look]}))
    assert "last look after 8 repetitions of 34 epochs: no arm is still learning; " in status_line("begun", tmp_path)


def test_a_run_whose_lock_is_held_is_running(run, tmp_path):
    with (run / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert status_line("begun", tmp_path) == f"begun: running; trials: explore 3 of 10; {run}"


def test_in_a_bucket_it_runs_while_its_driver_renews_its_lease(bucket, tmp_path, monkeypatch):
    assert status_line(bucket.url, tmp_path).endswith(
        f"stopped; trials: explore 3 of 10; `etude resume {bucket.url}` goes on"
    )
    bucket.put(OWNER, b"1 on another machine:x")
    assert status_line(f"{bucket.url}/", tmp_path) == f"begun: running; trials: explore 3 of 10; {bucket.url}"
    monkeypatch.setattr("studies.remote.mirror.LEASE_SECONDS", -1.0)
    assert "begun: stopped; " in status_line(bucket.url, tmp_path)
    assert not list(tmp_path.iterdir())


def test_of_a_copy_the_bucket_is_asked_unless_the_driver_is_here(bucket, run, tmp_path):
    (run / REMOTE).write_text(bucket.url)
    bucket.put(OWNER, b"1 on another machine:x")
    bucket.put("study.json", json.dumps({"progress": {"finished": False}}).encode())
    assert status_line("begun", tmp_path) == f"begun: running; trials: none yet; {bucket.url}"
    with (run / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert status_line("begun", tmp_path) == f"begun: running; trials: explore 3 of 10; {run}"


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}"])
def test_a_description_that_says_nothing_is_a_sentence(bucket, tmp_path, content):
    bucket.put("study.json", content)
    with pytest.raises((UserError, RunError), match=bucket.url):
        status_line(bucket.url, tmp_path)


def test_where_there_is_no_run(bucket, tmp_path):
    above = bucket.url.rpartition("/")[0]
    with pytest.raises(
        UserError, match=f"^There is no run at {above}/none: `etude run STUDY --storage {above}` makes one.$"
    ):
        status_line(f"{above}/none", tmp_path)


def test_without_a_name_all_runs_are_listed_the_last_begun_first(run, tmp_path):
    hours = [datetime.now(UTC) - timedelta(hours=number, minutes=1) for number in (3, 1)]
    for name, begun in zip(("old", "new"), hours, strict=True):
        (tmp_path / "runs" / name).mkdir()
        started = {"provenance": {"started": begun.isoformat()}, "progress": PROGRESS}
        (tmp_path / "runs" / name / "study.json").write_text(json.dumps(started))
    (tmp_path / "runs" / "audited").mkdir()
    (tmp_path / "runs" / "audited" / LOCK).touch()
    table = runs_table(tmp_path)
    assert table.title == f"Runs in {tmp_path / 'runs'}"
    rows = list(zip(*(column.cells for column in table.columns), strict=True))
    assert rows == [
        ("new", "stopped", "1 h ago", "explore 3 of 10", ""),
        ("old", "stopped", "3 h ago", "explore 3 of 10", ""),
        ("begun", "cannot be read", "", "", ""),
        ("audited", "stopped in its audit", "", "none yet", ""),
    ]


def test_where_nothing_was_run_says_how_to(tmp_path):
    assert runs_table(tmp_path) == f"No runs in {tmp_path / 'runs'}: `etude run STUDY` makes one."


def test_a_folder_that_is_no_run_is_called_so(tmp_path):
    (tmp_path / "runs" / "audited").mkdir(parents=True)
    for name in ("audited", str(tmp_path / "runs" / "audited")):
        with pytest.raises(UserError, match=r"audited holds no study.json: it is no run, or one that was stopped"):
            status_line(name, tmp_path)


def test_as_json_a_run_has_the_same_values(etude, run, tmp_path):
    (tmp_path / "runs" / "audited").mkdir()
    (tmp_path / "runs" / "audited" / LOCK).touch()
    code, out, _ = etude("status", "begun", "--json", "--home", tmp_path)
    found = json.loads(out)
    assert code == 0 and found["format"] == 1
    (one,) = found["runs"]
    assert one == {
        "run": "begun",
        "place": str(run),
        "state": "stopped",
        "started": "",
        "trials": {"explore": {"done": 3, "planned": 10}},
        "verdicts": {},
        "last_look": "",
    }
    every = json.loads(etude("status", "--json", "--home", tmp_path)[1])["runs"]
    assert {each["run"]: each["state"] for each in every} == {
        "begun": "cannot be read",
        "audited": "stopped in its audit",
    }
