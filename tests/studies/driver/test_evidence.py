"""The evidence of a run is a run of its own, small, and says what the run says."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.claims import Equal, Slope
from analysis.digests import TABLES, run_digest
from analysis.errors import RunError
from analysis.report import render
from analysis.runs import EXCERPT_COLUMNS, EXCERPTS, PREDICTIONS, SOUNDS, STEP_COLUMNS, STEPS, STUDY, Run
from analysis.verdicts import finding_verdicts
from studies.driver.evidence import COPIED, write_evidence

ARMS = ("5x5", "3x8")
UNREAD = ["crest", "root_mean_square"]
"""Covariates of test items, of which no claim says anything."""


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Path:
    claims = (Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),)
    folder = synthetic_run(tmp_path_factory.mktemp("evidence") / "run", arms=ARMS, claims=claims, repetitions=8)
    answers = pd.read_parquet(folder / PREDICTIONS)
    answers["logits"] = list(np.random.default_rng(0).standard_normal((len(answers), 3)))
    answers[UNREAD] = np.random.default_rng(1).uniform(size=(len(answers), len(UNREAD)))
    answers.to_parquet(folder / PREDICTIONS)
    several = {"labels": answers["label"], "number_of_labels": 1}
    several |= dict.fromkeys(("named", "ranked"), answers["prediction"])
    answers.assign(**several)[list(EXCERPT_COLUMNS)].to_parquet(folder / EXCERPTS)
    losses = answers[["trial"]].assign(epoch=1, **dict.fromkeys(STEP_COLUMNS[2:], 0.5))
    losses.to_parquet(folder / STEPS)
    (folder / SOUNDS).write_text(json.dumps([{"arm": ARMS[0]}]))
    (folder / "trials").mkdir(exist_ok=True)
    (folder / "trials" / "checkpoint").write_bytes(b"large")
    return folder


@pytest.fixture(scope="module")
def evidence(run: Path, tmp_path_factory) -> Path:
    return write_evidence(run, tmp_path_factory.mktemp("repository"))


def test_it_has_the_name_of_the_run_and_the_files_of_its_page_alone(run: Path, evidence: Path) -> None:
    assert evidence.name == run.name
    assert {path.name for path in evidence.iterdir()} <= {*COPIED, *TABLES}


def test_tables_are_equal_and_smaller(run: Path, evidence: Path) -> None:
    whole, kept = Run.load(run), Run.load(evidence)
    for name in ("trials", "epochs", "excerpts", "steps"):
        assert getattr(kept, name).equals(getattr(whole, name))
    assert kept.predictions.drop(columns="logits").equals(whole.predictions.drop(columns=["logits", *UNREAD]))
    assert kept.sounds == whole.sounds == [{"arm": ARMS[0]}]
    assert (evidence / PREDICTIONS).stat().st_size < 0.7 * (run / PREDICTIONS).stat().st_size


def test_it_has_logits_where_a_claim_or_a_figure_reads_them_and_the_digest_of_the_run(run, evidence, tmp_path) -> None:
    assert {len(each) for each in Run.load(run).predictions["logits"]} == {3}
    assert {len(each) for each in Run.load(evidence).predictions["logits"]} == {0}
    assert run_digest(evidence) == run_digest(run)
    reading = tmp_path / run.name
    shutil.copytree(run, reading)
    study = json.loads((run / STUDY).read_text())
    for change in (
        {"claims": [{**study["study"]["claims"][0], "metric": "test_loss", "margin": 0.1}]},
        {"document": "raval_mateti"},
    ):
        (reading / STUDY).write_text(json.dumps({**study, "study": {**study["study"], **change}}))
        kept = write_evidence(reading, tmp_path / "kept")
        assert {len(each) for each in Run.load(kept).predictions["logits"]} == {3}
        assert run_digest(kept) == run_digest(reading) != run_digest(run)


def test_it_has_the_covariates_that_a_claim_reads(run: Path, tmp_path: Path) -> None:
    reading = Path(shutil.copytree(run, tmp_path / run.name))
    study = json.loads((run / STUDY).read_text())
    slope = json.loads(Slope(finding="S4-F3", arm=ARMS[0], covariate="crest", direction="rises").model_dump_json())
    (reading / STUDY).write_text(json.dumps({**study, "study": {**study["study"], "claims": [slope]}}))
    kept = write_evidence(reading, tmp_path / "kept")
    whole = Run.load(reading).predictions.drop(columns=["logits", "root_mean_square"])
    assert Run.load(kept).predictions.drop(columns="logits").equals(whole)
    assert run_digest(kept) == run_digest(reading) != run_digest(run)
    assert finding_verdicts(Run.load(kept)) == finding_verdicts(Run.load(reading))


def test_verdicts_and_page_are_equal(run: Path, evidence: Path) -> None:
    whole, kept = Run.load(run), Run.load(evidence)
    assert finding_verdicts(kept) == finding_verdicts(whole)
    assert render(kept) == render(whole)


def test_an_unfinished_run_is_no_evidence(run: Path, tmp_path: Path) -> None:
    unfinished = tmp_path / "run"
    unfinished.mkdir()
    for name in TABLES:
        (unfinished / name).write_bytes((run / name).read_bytes())
    study = json.loads((run / STUDY).read_text())
    (unfinished / STUDY).write_text(json.dumps({**study, "progress": {"finished": False}}))
    with pytest.raises(RunError, match="is not finished"):
        write_evidence(unfinished, tmp_path / "evidence")
    assert not (tmp_path / "evidence").exists()


def test_the_command_writes_it_beside_the_page(run: Path, tmp_path: Path, etude) -> None:
    code, out, _ = etude("report", run, "--evidence", tmp_path / "kept")
    assert code == 0
    assert str(tmp_path / "kept" / run.name) in out
    assert finding_verdicts(Run.load(tmp_path / "kept" / run.name)) == finding_verdicts(Run.load(run))


def test_it_does_not_say_in_which_folder_the_file_of_a_study_of_ones_own_was(run: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(run, tmp_path / "run"))
    study = json.loads((own / STUDY).read_text())
    (own / STUDY).write_text(json.dumps({**study, "file": {"path": "/home/somebody/mine.py", "text": "STUDY = ..."}}))
    kept = write_evidence(own, tmp_path / "repository")
    assert json.loads((kept / STUDY).read_text())["file"] == {"path": "mine.py", "text": "STUDY = ..."}
    assert run_digest(kept) == run_digest(own) != run_digest(run)
