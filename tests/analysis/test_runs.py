"""Reading a run directory, and what is said of a broken one."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.claims import Better
from analysis.confirmed import Confirmed
from analysis.errors import NotRun, RunError
from analysis.metrics import METRICS
from analysis.runs import (
    EPOCHS,
    PICTURES,
    PREDICTIONS,
    STUDY,
    TEST_EVALUATIONS,
    TRIALS,
    Run,
    answers_of,
    confirm,
    understood,
)

ARMS = ("a", "b")


def write(run: Run, path: Path) -> Path:
    (path / STUDY).write_text(json.dumps(run.study))
    for table, name in ((run.trials, TRIALS), (run.epochs, EPOCHS), (run.predictions, PREDICTIONS)):
        table.to_parquet(path / name)
    return path


@pytest.fixture
def directory(planted: Any, tmp_path: Path) -> Path:
    claims = [Better(finding="S4-F4", better="a", worse="b")]
    return write(planted({"a": 0.8, "b": 0.7}, claims, n=3, groups=5, items=2), tmp_path)


def test_a_run_is_read_as_written(directory: Path) -> None:
    run = Run.load(directory, finished=True)
    assert run.name == "planted" and run.arms == ["a", "b"]
    assert len(run.trials) == 2 * 3 * 2


def test_only_judged_confirm_rows_are_used(directory: Path) -> None:
    run = Run.load(directory)
    assert set(confirm(run, "corrected")["configuration"]) == {"chosen"}
    assert set(confirm(run, "as_published")["configuration"]) == {"as_printed"}
    with pytest.raises(RunError, match="did you mean 'corrected'"):
        confirm(run, "corected")


def test_a_repetition_counts_when_all_its_folds_are_complete(directory: Path) -> None:
    run = Run.load(directory)
    second = run.trials.assign(fold=1, trial=run.trials["trial"] + "-fold1")
    second.loc[second["repetition"] == 1, "state"] = "unfinished"
    folds = Run(run.path, run.study, pd.concat([run.trials, second]), run.epochs, run.predictions)
    assert set(confirm(folds, "corrected")["repetition"]) == {0, 2}


def answers(run: Run) -> pd.DataFrame:
    rows = confirm(run, "corrected")
    return answers_of(run, rows[rows["arm"] == "a"])


def test_folds_of_a_repetition_are_joined(directory: Path) -> None:
    run = Run.load(directory)
    half = run.predictions["item"].isin([f"item{i}" for i in range(5)])
    moved = run.predictions.assign(trial=run.predictions["trial"].where(half, run.predictions["trial"] + "-fold1"))
    trials = pd.concat([run.trials, run.trials.assign(fold=1, trial=run.trials["trial"] + "-fold1")])
    joined = Run(run.path, run.study, trials, run.epochs, moved)
    columns = ["repetition", "item", "correct"]
    before, after = (answers(each)[columns].sort_values(columns[:2]) for each in (run, joined))
    assert before.to_numpy().tolist() == after.to_numpy().tolist()


def test_accuracies_are_means_over_items(directory: Path) -> None:
    run = Run.load(directory)
    table = answers(run)
    expected = 100 * table.groupby("repetition")["correct"].mean()
    found = Confirmed(run, "corrected").cells(("a", "b")).per_repetition()
    assert found["a"].to_numpy() == pytest.approx(expected.to_numpy())


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_number_per_arm_and_repetition(directory: Path, fully_recorded: Any, name: str) -> None:
    cells = Confirmed(fully_recorded(Run.load(directory)), "corrected").cells(ARMS, name)
    table = cells.per_repetition()
    assert table.shape == (3, 2) and not table.isna().any().any()
    assert cells.held_out == (5 if METRICS[name].totals else 0)


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.totals])
def test_what_is_computed_from_items_is_that_of_each_trial(directory: Path, fully_recorded: Any, name: str) -> None:
    confirmed = Confirmed(fully_recorded(Run.load(directory)), "corrected")
    found = confirmed.cells(("a",), name).per_repetition()["a"]
    rows = confirmed.rows[confirmed.rows["arm"] == "a"].sort_values("repetition")
    expected = [METRICS[name].compute(confirmed._record(row, 0.0)) for _, row in rows.iterrows()]
    assert found.to_list() == pytest.approx(expected)


def test_what_only_another_training_measures_was_not_run(directory: Path) -> None:
    with pytest.raises(NotRun, match="has 'flatness' of all of a, b under corrected"):
        Confirmed(Run.load(directory), "corrected").cells(ARMS, "flatness")


def test_an_arm_without_trials_was_not_run(directory: Path) -> None:
    with pytest.raises(NotRun, match="'c'"):
        Confirmed(Run.load(directory), "corrected").cells(("a", "c"))


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is no run directory"):
        Run.load(tmp_path / "nothing")


def test_an_unfinished_run_where_a_finished_one_is_asked_for(directory: Path) -> None:
    study = json.loads((directory / STUDY).read_text())
    study["progress"]["finished"] = False
    (directory / STUDY).write_text(json.dumps(study))
    Run.load(directory)
    with pytest.raises(RunError, match="is not finished: 'etude resume"):
        Run.load(directory, finished=True)


@pytest.mark.parametrize("name", [STUDY, TRIALS, EPOCHS, PREDICTIONS])
def test_a_missing_or_cut_file_is_named(directory: Path, name: str) -> None:
    whole = (directory / name).read_bytes()
    (directory / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RunError, match=f"{name} cannot be read"):
        Run.load(directory)
    (directory / name).unlink()
    with pytest.raises(RunError, match=name):
        Run.load(directory)


def test_pictures_may_be_missing_but_not_cut(directory: Path) -> None:
    assert Run.load(directory).pictures == {}
    (directory / PICTURES).write_text('{"labels": ["a"]}')
    assert Run.load(directory).pictures == {"labels": ["a"]}
    (directory / PICTURES).write_text('{"labels": ')
    with pytest.raises(RunError, match=r"pictures.json cannot be read .*: delete it"):
        _ = Run.load(directory).pictures


def test_a_lacking_column_or_section_is_named(directory: Path) -> None:
    pd.read_parquet(directory / TRIALS).drop(columns="seconds").to_parquet(directory / TRIALS)
    with pytest.raises(RunError, match="lacks the column 'seconds'"):
        Run.load(directory)
    (directory / STUDY).write_text("[]")
    with pytest.raises(RunError, match="lacks 'study'"):
        Run.load(directory)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.drop(columns="arm"), "lacks the column 'arm'"),
        (lambda table: table.assign(arm=1), "has other values than text in the column 'arm'"),
        (lambda table: table.assign(seconds="long"), "has other values than numbers in the column 'seconds'"),
        (lambda table: table.assign(repetition=None), "has a row without a value in the column 'repetition'"),
        (lambda table: pd.concat([table, table[:1]]), "has a row twice, by trial, phase, arm"),
    ],
)
def test_table_that_is_not_what_was_gathered_is_refused(directory: Path, change: Any, said: str) -> None:
    change(pd.read_parquet(directory / TRIALS)).to_parquet(directory / TRIALS)
    with pytest.raises(RunError, match=f"{TRIALS} {said}.*: 'etude resume {directory}' gathers it"):
        Run.load(directory)


@pytest.mark.parametrize("text", ["3", "[]", "{}", '{"study": 1}', "[" * 10**5, '{"study": '])
def test_description_of_something_else_is_refused(directory: Path, text: str) -> None:
    (directory / STUDY).write_text(text)
    with pytest.raises(RunError, match=rf"{STUDY} (lacks|cannot be read)"):
        Run.load(directory)


@pytest.mark.parametrize("line", ["3", "{", "null"])
def test_ledger_with_a_damaged_line_is_refused(directory: Path, line: str) -> None:
    (directory / TEST_EVALUATIONS).write_text(f'{{"trial": "a"}}\n{line}\n')
    with pytest.raises(RunError, match=r"cannot be read .*: delete that line"):
        _ = Run.load(directory).test_evaluations


def test_what_is_wrong_deep_in_a_run_is_a_sentence_with_its_cause(directory: Path) -> None:
    with (
        pytest.raises(RunError, match=r"cannot be understood \(KeyError: 'x'\): .*`etude --debug`") as error,
        understood(directory),
    ):
        _ = {}["x"]
    assert isinstance(error.value.__cause__, KeyError)
