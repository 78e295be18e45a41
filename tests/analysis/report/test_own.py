"""A study of no document: its own sentences on every page, and nothing of anybody else's."""

import json
from pathlib import Path

import pytest

from analysis.claims import Better
from analysis.report import matrix, render, render_overview, verdict_markdown
from analysis.runs import Run
from analysis.verdicts import finding_verdicts

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")
CLAIMS = (Better(finding="WIDE", better=ARMS[1], worse=ARMS[0], protocols=("corrected",)),)
PLAN = {"arms": ARMS, "claims": CLAIMS, "repetitions": 8, "epochs": 6, "explored": 1, "notes": 2, "pictures": False}
SENTENCE = "Kernels that span more time are better on my recordings."


def own_run(synthetic_run, path: Path, name: str, sentence: str) -> Run:
    """A made run of a study of no document."""
    study = json.loads((synthetic_run(path, **PLAN) / "study.json").read_text())
    study["study"] |= {"name": name, "document": "", "section": "", "title": "Wide kernels", "question": "Are they?"}
    study["study"] |= {"statements": {"WIDE": sentence}, "budget_epochs": 12}
    (path / "study.json").write_text(json.dumps(study))
    return Run.load(path)


@pytest.fixture(scope="module")
def runs(synthetic_run, tmp_path_factory) -> list[Run]:
    folder = tmp_path_factory.mktemp("own")
    return [
        own_run(synthetic_run, folder / "first", "wide", SENTENCE),
        own_run(synthetic_run, folder / "second", "another", "Another sentence of the same id."),
    ]


def test_the_page_has_the_title_and_the_sentence_of_the_study_and_nothing_of_a_document(runs: list[Run]):
    page = render(runs[0])
    assert "<h1>Wide kernels</h1>" in page and f"WIDE · {SENTENCE}</h3>" in page
    assert "direction" in page and "[DIR]" not in page and "of the 12 epochs that the study states" in page
    assert not any(said in page for said in ("Yun and Bi", "Contradictions", "Lines of the document"))
    assert not any(said in page for said in ("what the document did", "the document printed", "Printed or guessed"))
    heads = page.partition('<h2 id="verdicts">')[2].partition("</thead>")[0]
    assert ">Corrected<" in heads and ">As published<" not in heads and "Published figure" not in heads
    assert '<p class="standing">Test accuracy, n = 8: ' in page


def test_the_overview_has_a_row_for_each_study_however_their_ids_are_called(runs: list[Run]):
    rows = matrix([verdict for run in runs for verdict in finding_verdicts(run)])
    own = [row for row in rows if not row.finding.document]
    assert [(row.study, row.finding.id, row.finding.statement) for row in own] == [
        ("another", "WIDE", "Another sentence of the same id."),
        ("wide", "WIDE", SENTENCE),
    ]
    assert [row.cells["corrected"].verdict.origin.run for row in own] == ["second", "first"]
    page, markdown = render_overview(rows), verdict_markdown(rows)
    assert f"| WIDE | wide | {SENTENCE} |" in markdown
    assert SENTENCE in page and "of which 2 of no document" in page and page.count("of one&#39;s own</td>") == 2


def test_a_document_alone_has_none_of_them(runs: list[Run]):
    rows = matrix(finding_verdicts(runs[0]), "yun_bi")
    assert all(row.finding.document == "yun_bi" for row in rows)
