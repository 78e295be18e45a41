"""`etude book`: which runs it joins."""

import json
from pathlib import Path
from shutil import copytree

from analysis.claims import Better
from studies.commands import bookmaking

ARMS = ("LSTM_64_64*80", "LeNet_3*8_128*80")
CLAIMS = (Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),)
PLAN = {"arms": ARMS, "claims": CLAIMS, "explored": 1, "notes": 2, "epochs": 3, "pictures": False}
SHIPPED, COUNTED = "yun_bi.kernel_shape-laptop-9e01b405", "lunger_rho.any_size-philharmonia-laptop-1a43bfca"


def runs_in(book: Path) -> set[str]:
    return runs_of(book / "runs")


def runs_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_where_nothing_was_run_the_shipped_runs_are_shown(etude, tmp_path: Path, monkeypatch) -> None:
    """Two of them, by which it is known what all would be: their pages take a minute."""
    assert {SHIPPED, COUNTED} <= runs_of(bookmaking.SHIPPED)
    for name in (SHIPPED, COUNTED):
        copytree(bookmaking.SHIPPED / name, tmp_path / "shipped" / name)
    monkeypatch.setattr(bookmaking, "SHIPPED", tmp_path / "shipped")
    code, out, _ = etude("book", "--home", tmp_path / "home", "--to", tmp_path / "book")
    assert code == 0 and out.strip() == f"Book: {(tmp_path / 'book/index.html').as_uri()}"
    assert runs_in(tmp_path / "book") == {SHIPPED, COUNTED}
    assert "contradicted" in (tmp_path / "book/findings/S4-F14.html").read_text()


def test_folders_and_archives_are_joined_and_a_run_in_two_of_them_is_shown_once(
    etude, synthetic_run, tmp_path: Path
) -> None:
    run = synthetic_run(tmp_path / "mine/one", **PLAN)
    copytree(run, tmp_path / "theirs/one")
    synthetic_run(tmp_path / "theirs/two", **PLAN)
    assert etude("archive", tmp_path / "theirs.zip", tmp_path / "theirs")[0] == 0
    places = tmp_path / "mine", tmp_path / "theirs.zip"
    code, _, err = etude("book", *places, "--to", tmp_path / "book", "--home", tmp_path / "home")
    assert (code, err) == (0, "")
    assert runs_in(tmp_path / "book") == {"one", "two"}


def test_two_runs_of_one_name_that_differ_are_named(etude, synthetic_run, tmp_path: Path) -> None:
    run = synthetic_run(tmp_path / "mine/one", **PLAN)
    other = copytree(run, tmp_path / "theirs/one")
    study = json.loads((other / "study.json").read_text())
    (other / "study.json").write_text(json.dumps({**study, "other": 1}))
    code, _, err = etude("book", tmp_path / "mine", tmp_path / "theirs", "--to", tmp_path / "book", "--home", tmp_path)
    assert code == 1 and err.strip().endswith("have one name and differ: rename one of them, or leave it out.")
    assert not (tmp_path / "book").exists()


def test_a_folder_without_runs_is_said(etude, tmp_path: Path) -> None:
    code, _, err = etude("book", tmp_path, "--to", tmp_path / "book", "--home", tmp_path)
    assert (
        code == 1
        and err.strip() == f"{tmp_path} holds no finished run: give a run's folder, one of runs, or an archive."
    )
