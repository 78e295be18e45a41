"""Evidence of many runs in one file: what goes in comes out, damage is named, and joining twice changes nothing."""

import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.claims import Better
from analysis.digests import run_digest
from analysis.runs import STUDY, TRIALS
from studies.driver.archive import MANIFEST, joined, once, unpacked, write_archive
from trainables.errors import UserError

ARMS = ("LSTM_64_64*80", "LeNet_3*8_128*80")
CLAIMS = (Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),)
PLAN = {"arms": ARMS, "claims": CLAIMS, "explored": 1, "notes": 2, "epochs": 3, "repetitions": 2, "pictures": False}
NAMES = ("a", "b", "c")
EVIDENCE = Path(analysis.__file__).parent / "evidence"


@pytest.fixture(scope="module")
def runs(synthetic_run: Callable[..., Path], tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    return {name: synthetic_run(folder / name, **PLAN, seed=seed) for seed, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def archive(runs: dict[str, Path], tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "runs.zip"
    write_archive(runs.values(), file)
    return file


@pytest.fixture(scope="module")
def small(runs: dict[str, Path], tmp_path_factory) -> bytes:
    """An archive of one run."""
    file = tmp_path_factory.mktemp("small") / "small.zip"
    write_archive([runs["a"]], file)
    return file.read_bytes()


def test_the_runs_that_come_out_say_what_went_in(runs, archive: Path, tmp_path: Path) -> None:
    folder = unpacked(archive, tmp_path)
    assert unpacked(archive, tmp_path) == folder
    assert {path.name for path in folder.iterdir()} == {*NAMES, MANIFEST}
    assert [run_digest(folder / name) for name in NAMES] == [run_digest(runs[name]) for name in NAMES]


def test_its_manifest_is_that_of_sha256sum(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        lines = [line.split("  ") for line in opened.read(MANIFEST).decode().splitlines()]
        assert {name for _, name in lines} == {*opened.namelist()} - {MANIFEST}
        assert all(sha256(opened.read(name)).hexdigest() == digest for digest, name in lines)


@settings(max_examples=4)
@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=3), st.data())
def test_joining_is_the_same_in_any_order_and_a_second_time(runs, parts: list[set[str]], data) -> None:
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"part-{number}.zip" for number in range(len(parts))]
        for file, part in zip(files, parts, strict=True):
            write_archive([runs[name] for name in part], file)
        home, whole, again = (Path(folder) / name for name in ("home", "whole.zip", "again.zip"))
        write_archive(joined(files, home), whole)
        write_archive(joined(data.draw(st.permutations([*files, whole])), home), again)
        assert whole.read_bytes() == again.read_bytes()
        assert {path.name for path in joined([again], home)} == set().union(*parts)


def test_a_copy_that_was_launched_again_is_the_same_run(runs, tmp_path: Path) -> None:
    copy = copytree(runs["a"], tmp_path / "a")
    study = json.loads((copy / STUDY).read_text())
    (copy / STUDY).write_text(json.dumps({**study, "provenance": {"launches": []}}))
    assert once([runs["a"], copy, runs["b"]]) == [runs["a"], runs["b"]]


def test_two_runs_of_one_name_that_differ_are_named(runs, tmp_path: Path) -> None:
    other = copytree(runs["a"], tmp_path / "a")
    (other / TRIALS).write_bytes((runs["b"] / TRIALS).read_bytes())
    with pytest.raises(UserError, match=r"^\S+/a and \S+/a have one name and differ: rename one of them, or leave it"):
        once([runs["a"], other])


def rewritten(archive: Path, to: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    with zipfile.ZipFile(archive) as opened:
        content = change({name: opened.read(name) for name in opened.namelist()})
    with zipfile.ZipFile(to, "w") as written:
        for name, each in content.items():
            written.writestr(name, each)
    return to


def test_a_changed_or_missing_file_is_named(archive: Path, tmp_path: Path) -> None:
    for change in (
        lambda files: {**files, f"b/{TRIALS}": files[f"a/{TRIALS}"]},
        lambda files: {name: each for name, each in files.items() if name != f"b/{TRIALS}"},
    ):
        bad = rewritten(archive, tmp_path / "bad.zip", change)
        with pytest.raises(UserError, match=r"bad.zip is damaged: b/trials.parquet is not what was packed; get the"):
            unpacked(bad, tmp_path / "home")


@settings(max_examples=25)
@given(st.data())
def test_a_changed_byte_is_noticed_or_changes_nothing(runs, small: bytes, data) -> None:
    place = data.draw(st.integers(0, len(small) - 1))
    damaged = small[:place] + bytes([small[place] ^ data.draw(st.integers(1, 255))]) + small[place + 1 :]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "small.zip"
        file.write_bytes(damaged)
        try:
            found = unpacked(file, Path(folder))
        except UserError:
            return
        assert run_digest(found / "a") == run_digest(runs["a"])


@pytest.mark.parametrize("name", ["../x/study.json", "/study.json", "a/b/study.json", "a/report.html", "study.json"])
def test_a_name_that_leads_elsewhere_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    def hostile(files: dict[str, bytes]) -> dict[str, bytes]:
        line = f"{sha256(b'x').hexdigest()}  {name}\n"
        return {**files, name: b"x", MANIFEST: files[MANIFEST] + line.encode()}

    with pytest.raises(UserError, match=rf"it lists '{name}', which is no file of one"):
        unpacked(rewritten(archive, tmp_path / "bad.zip", hostile), tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_what_is_no_archive_is_neither_read_nor_overwritten(runs, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.doc"
    thesis.write_text("years of work")
    for attempt in (lambda: unpacked(thesis, tmp_path), lambda: write_archive([runs["a"]], thesis)):
        with pytest.raises(UserError, match="is no archive of runs, or is damaged: `etude archive` writes one"):
            attempt()
    assert thesis.read_text() == "years of work"


def test_verdicts_follow_from_the_archive_alone(etude, runs, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    code, out, _ = etude("archive", file, *runs.values(), "--home", tmp_path)
    assert code == 0 and out.startswith(f"Archive: {file}, 3 runs, ")
    code, out, _ = etude("verdicts", "--storage", file, "--home", tmp_path / "home")
    assert code == 0 and "S4-F14" in out


def test_the_evidence_that_is_shipped_is_small() -> None:
    assert sum(path.stat().st_size for path in EVIDENCE.rglob("*") if path.is_file()) < 25_000_000
