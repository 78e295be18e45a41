"""`etude judge`: from two files to verdicts and a page."""

import json
from pathlib import Path

import pytest

CSV = "arm,seed,score\n" + "".join(
    f"{arm},{seed},{level + seed / 100}\n" for arm, level in (("a", 5.0), ("b", 4.0)) for seed in range(8)
)
CLAIM = (
    '[[claims]]\nfinding = "P1"\nstatement = "A is better."\nkind = "DIR"\nbetter = "a"\nworse = "b"\nmargin = 0.5\n'
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    results, claims = tmp_path / "widgets.csv", tmp_path / "claims.toml"
    results.write_text(CSV)
    claims.write_text(CLAIM)
    return results, claims


def test_results_have_verdicts_a_folder_like_that_of_a_run_and_a_page(etude, tmp_path: Path, files):
    results, claims = files
    code, out, err = etude("judge", results, "--claims", claims, "--home", tmp_path / "home")
    assert code == 0, err
    assert "reproduced" in out and "P1" in out
    (folder,) = (tmp_path / "home" / "judged").iterdir()
    assert folder.name.startswith("widgets-")
    assert "A is better." in (folder / "report.html").read_text(encoding="utf-8")
    code, out, err = etude("verdicts", "--storage", tmp_path / "home" / "judged", "--json")
    assert code == 0, err
    assert [run["command"] for run in json.loads(out)["runs"]] == [""]
    code, _, _ = etude("report", folder, "--evidence", tmp_path / "handed on", "--home", tmp_path / "home")
    assert code == 0 and (tmp_path / "handed on" / folder.name / "predictions.parquet").exists()


def test_what_cannot_be_judged_is_one_sentence_and_leaves_nothing(etude, tmp_path: Path, files):
    results, claims = files
    claims.write_text(CLAIM.replace('worse = "b"', 'worse = "c"'))
    code, _, err = etude("judge", results, "--claims", claims, "--home", tmp_path / "home")
    assert code == 1 and "Unknown arm in the claim 'P1': 'c'" in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "home").exists()
