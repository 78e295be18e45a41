"""A figure that is added to what a section draws is on the page, drawn, labelled and listed like the others."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from analysis.claims import Equal
from analysis.figures.figure import Figure
from analysis.report import render
from analysis.report.sections import SECTIONS, ProblemsSection, Section
from analysis.results import Results
from analysis.runs import Run

CLAIMS = (Equal(finding="S4-F3", first="a", second="b"),)


def durations(results: Results, what: str) -> Iterator[Figure]:
    """The seconds of every trial; `what` is a word of the figure's label."""
    seconds = results.run.trials["seconds"].tolist()
    if seconds:
        drawing = go.Figure(go.Scatter(y=seconds), {"height": 200})
        yield Figure(drawing, f"Seconds of {len(seconds)} trials, {what}.", "A dot a trial.", "How long trials took")


@pytest.fixture(scope="module")
def run(synthetic_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    plan: dict[str, Any] = {"arms": ("a", "b"), "repetitions": 1, "epochs": 2, "explored": 1, "notes": 1}
    return Run.load(synthetic_run(tmp_path_factory.mktemp("added") / "run", claims=CLAIMS, **plan))


@pytest.fixture(scope="module")
def plain(run: Run) -> str:
    """The page as it is."""
    return render(run)


@pytest.fixture(scope="module")
def extended(run: Run) -> str:
    """The page with one more figure in each section, which names the section."""
    with pytest.MonkeyPatch.context() as patch:
        for section in SECTIONS:
            patch.setattr(section, "draws", (*section.draws, partial(durations, what=section.id)))
        return render(run)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_one_line_in_a_section_shows_it(section: type[Section], run: Run, plain: str, extended: str) -> None:
    if f'<h2 id="{section.id}">' not in plain:
        pytest.skip("this run has nothing for the section")
    shown = extended.partition(f'<h2 id="{section.id}">')[2].partition("<h2 ")[0]
    label = f'aria-label="Seconds of {len(run.trials)} trials, {section.id}."'
    assert label in shown and extended.count(label) == 1
    assert "<h4>How long trials took</h4>" in shown and "<figcaption>A dot a trial.</figcaption>" in shown


def test_where_there_is_nothing_to_draw_it_is_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProblemsSection, "draws", (lambda results: iter(()),))
    assert "How long trials took" not in render(run)


def test_the_contents_are_those_of_the_page(plain: str) -> None:
    contents = plain.partition('<nav class="toc"')[2].partition("</nav>")[0]
    listed = re.findall(r'^<li><a href="#([\w-]+)">([^<]+)</a>', contents, flags=re.M)
    assert listed == re.findall(r'^<h2 id="([\w-]+)">([^<]+)</h2>', plain, flags=re.M)
    assert set(listed) <= {(section.id, section.title) for section in SECTIONS}
    assert '<li><a href="#S4-F3">S4-F3</a></li>' in contents
