"""A run in a notebook: tables with settings as columns, verdicts, figures; and the notebook that shows it."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis import loaded
from analysis.columns import TABLES
from analysis.errors import RunError
from analysis.loaded import Loaded, table_of
from analysis.report import page
from analysis.report.sections import SECTIONS
from analysis.runs import EXCERPTS, STEPS, TEST_EVALUATIONS, TRIALS, VERDICTS
from analysis.verdicts import verdicts

ROOT = Path(__file__).parents[2]
EVIDENCE = sorted(path for path in (ROOT / "analysis" / "evidence").iterdir() if path.is_dir())
NOTEBOOK = ROOT / "analysis" / "example.ipynb"


@pytest.fixture(scope="module")
def run(synthetic_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded.of(synthetic_run(tmp_path_factory.mktemp("made") / "run", arms=("a", "b"), claims=(), explored=3))


@pytest.fixture(scope="module")
def real() -> Loaded:
    return Loaded.of(EVIDENCE[-1])


def test_settings_are_columns(run: Loaded) -> None:
    stored = pd.read_parquet(run.path / TRIALS)
    assert "settings" not in run.trials and len(run.trials) == len(stored)
    for row, text in zip(run.trials.to_dict("records"), stored["settings"], strict=True):
        for name, value in json.loads(text).items():
            assert row[f"setting_{name}"] == value


def test_verdicts_are_those_of_the_report_and_a_table(real: Loaded) -> None:
    assert list(real.verdicts) == list(verdicts(real.run))
    table = real.verdict_table
    assert table["finding"].tolist() == [each.finding for each in real.verdicts]
    assert table["effect"].tolist() == [each.effect for each in real.verdicts]
    assert set(table["arms"]) <= {"; ".join(each.arms) for each in real.verdicts}


def test_verdicts_come_back_from_csv(real: Loaded) -> None:
    read = pd.read_csv(io.StringIO(real.verdict_table.to_csv(index=False)), keep_default_na=False, na_values=[""])
    assert list(read) == [column.name for column in TABLES[VERDICTS]]
    assert read["low"].tolist() == pytest.approx(real.verdict_table["low"].tolist(), nan_ok=True)


def test_figures_are_those_of_the_page(run: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (loaded, page):
        monkeypatch.setattr(module, "SECTIONS", SECTIONS[:5])
    shown = set(re.findall(r'id="(figure-\d+)"', page.render(run.run)))
    assert len(run.figures) == len(shown) > 1
    assert all(isinstance(figure, go.Figure) for figure in run.figures.values())


@pytest.mark.parametrize("folder", EVIDENCE, ids=lambda path: path.name)
@pytest.mark.parametrize("file", TABLES)
def test_every_column_of_a_real_table_is_in_the_dictionary(folder: Path, file: str) -> None:
    if file == VERDICTS:
        table = table_of(Loaded.of(folder).verdicts)
    elif not (folder / file).exists():
        assert file in (EXCERPTS, STEPS)
        return
    elif file == TEST_EVALUATIONS:
        table = pd.read_json(folder / file, lines=True)
    else:
        table = pd.read_parquet(folder / file)
    columns = {column.name: column for column in TABLES[file]}
    assert set(table) <= set(columns)
    assert table.empty or {column.name for column in columns.values() if column.always} <= set(table)
    for name in table:
        assert fits(table[name].dropna(), columns[name].kind, columns[name].unit), name


def fits(values: "pd.Series[object]", kind: str, unit: str) -> bool:
    """Whether values are of the kind that the dictionary says."""
    types = pd.api.types
    if not len(values):
        return True
    if kind == "numbers":
        return all(types.is_numeric_dtype(np.asarray(each)) and np.ndim(each) == 1 for each in values[:100])
    if unit == "share":
        return bool(values.between(0, 1).all())
    whole = types.is_numeric_dtype(values) and (values == values.round()).all()
    checks = {"text": types.is_string_dtype, "number": types.is_numeric_dtype, "flag": types.is_bool_dtype}
    return bool(whole if kind == "whole" else checks[kind](values) or name_of_time(values, kind))


def name_of_time(values: "pd.Series[object]", kind: str) -> bool:
    """Whether pandas has made times of texts in JSON."""
    return kind == "text" and pd.api.types.is_datetime64_any_dtype(values)


def test_no_run_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no study\.json"):
        Loaded.of(tmp_path)


def test_notebook_runs_and_imports_neither_torch_nor_ray(tmp_path: Path) -> None:
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    script = tmp_path / "cells.py"
    script.write_text(
        f"import sys\nsys.path[:0] = {[str(ROOT), str(tmp_path)]!r}\n{code}\n"
        "assert len(recall) == 14 and len(accuracy) and len(explored)\n"
        "assert not {'torch', 'ray'} & set(sys.modules)\n"
    )
    (tmp_path / "etude").symlink_to(ROOT / "studies" / "etude")
    ended = subprocess.run([sys.executable, script], cwd=NOTEBOOK.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
