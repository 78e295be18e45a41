"""The figures that documents declare: each is drawn by a function that there is, and none breaks a run without it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from analysis import findings
from analysis.errors import RunError
from analysis.figures import figure_named, figures
from analysis.figures.layers import networks, networks_data
from analysis.findings.register import PrintedFigure
from analysis.report import render
from analysis.report.embed import embedder
from analysis.report.sections import DocumentFiguresSection
from analysis.results import Results
from analysis.runs import Run

DECLARED = [(document.name, figure) for document in findings.DOCUMENTS.values() for figure in document.figures]
EACH = pytest.mark.parametrize(
    ("document", "figure"), DECLARED, ids=[f"{figure.id} {figure.title}" for _, figure in DECLARED]
)
ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")


@EACH
def test_a_declared_figure_is_drawn_by_a_function_that_takes_its_options(document: str, figure: PrintedFigure) -> None:
    signature(figure_named(figure.drawn_by)).bind("results", "arms", **figure.options)


def test_figures_have_ids_of_their_document_and_titles_of_their_own() -> None:
    assert len({(figure.id, figure.title) for _, figure in DECLARED}) == len(DECLARED)
    assert all(figure.id.startswith(f"{findings.DOCUMENTS[document].key}-") for document, figure in DECLARED)


def test_an_unknown_function_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(RunError, match=r"Unknown figure 'curves.compare': did you mean 'curves.compared'?"):
        figure_named("curves.compare")
    assert "forest.effects" in figures() and "pipeline.workflow" in figures() and "layers.networks" in figures()


def test_the_register_imports_nothing_that_draws() -> None:
    code = "import sys, analysis.findings; print(sorted({'plotly', 'pandas', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.fixture(scope="module")
def run(synthetic_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    plan: dict[str, Any] = {"arms": ARMS, "claims": (), "repetitions": 2, "epochs": 3, "explored": 1, "notes": 1}
    return Run.load(synthetic_run(tmp_path_factory.mktemp("declared") / "run", **plan))


def of_document(run: Run, document: str) -> Run:
    return replace(run, study={**run.study, "study": {**run.study["study"], "document": document}})


def nothing_confirmed(run: Run) -> Run:
    return replace(run, trials=run.trials[:0], epochs=run.epochs[:0], predictions=run.predictions[:0])


def nothing_at_all(run: Run) -> Run:
    study = {**run.study, "study": {**run.study["study"], "arms": [], "claims": []}, "architectures": {}, "example": {}}
    return replace(nothing_confirmed(run), study=study, path=Path("nowhere"))


def drawn(run: Run, document: str, figure: PrintedFigure) -> list[Any]:
    results = Results.of(of_document(run, document))
    return list(figure_named(figure.drawn_by)(results, figure.arms(results.run.arms), **figure.options))


@EACH
def test_a_run_with_nothing_to_draw_draws_nothing(run: Run, document: str, figure: PrintedFigure) -> None:
    assert drawn(nothing_at_all(run), document, figure) == []


@EACH
def test_a_run_of_other_arms_or_without_trials_breaks_nothing(run: Run, document: str, figure: PrintedFigure) -> None:
    for lacking in (run, nothing_confirmed(run)):
        assert all(shown is not None for shown in drawn(lacking, document, figure))


def test_figures_are_in_the_order_of_the_document_whatever_draws_them(run: Run) -> None:
    section = DocumentFiguresSection.of(Results.of(run), embedder({}))
    assert section is not None
    ids = [figure.declared.id for figure in section.printed]
    assert ids == ["S4-G1", "S4-G2", "S4-G4", "S4-G6"]
    assert [figure.wide for figure in section.printed] == [True, True, True, False]
    assert DocumentFiguresSection.of(Results.of(nothing_at_all(run)), embedder({})) is None


def test_networks_have_their_layers_and_parameters_and_lead_to_the_table_of_them(run: Run) -> None:
    data = networks_data(Results.of(run), [ARMS[1], "no network"])
    assert [tuple(each) for each in data] == [(ARMS[1], 3, 390264)]
    (table,) = networks(Results.of(run), ARMS)
    assert table.rows[1][0].link == "layers-2" and table.numeric == (False, True, True)
    page = render(run)
    assert '<a href="#layers-2">LeNet_3*8_64*80</a>' in page and page.count('id="layers-2"') == 1
    assert '<td role="cell" class="brief figure" data-head="Parameters" data-value="390264">390,264</td>' in page
