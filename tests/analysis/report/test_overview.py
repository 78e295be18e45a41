"""The overview of all findings."""

from dataclasses import replace
from typing import Any

import pytest

from analysis import findings
from analysis.report import matrix, render_overview, replication_markdown, verdict_markdown
from analysis.verdicts import FindingVerdict
from analysis.verdicts.precedence import Origin
from analysis.verdicts.verdict import tally

FIRST = FindingVerdict(
    "S4-F3",
    "corrected",
    "reproduced",
    "",
    badges=(),
    kinds="EQ",
    parts={"": "reproduced"},
    effect=2.5,
    low=-1.0,
    high=4.0,
    unit="points",
    n=10,
    groups=30,
    smallest_detectable=1.0,
    reason="",
    trials=20,
    cpu_hours=1.0,
    origin=Origin("first", True, True, printed_epochs=True, full_form=True, started="2026-01-02T03:04:05+00:00"),
)
LARGER = replace(FIRST, word="inconclusive", label="", n=20, effect=-0.5, origin=replace(FIRST.origin, run="larger"))


def line(markdown: str, finding: str = "S4-F3") -> str:
    return next(line for line in markdown.splitlines() if line.startswith(f"| {finding} |"))


def test_every_finding_has_a_row_and_those_of_no_run_are_not_run():
    rows = matrix([FIRST])
    assert [row.finding.id for row in rows] == [f.id for f in findings.all()]
    words = {row.finding.id: row.cells["corrected"].word for row in rows}
    assert words["S4-F3"] == "reproduced"
    assert words["S4-F4"] == "not run"
    assert tally([row.cells["corrected"].word for row in rows]) == [("reproduced", 1), ("not run", len(rows) - 1)]


def test_a_document_has_its_findings_alone():
    rows = matrix([FIRST], "fagan")
    assert rows and {row.finding.document for row in rows} == {"fagan"}
    assert render_overview(rows).count('<tr role="row" id="S') == len(rows) == verdict_markdown(rows).count("\n| S")


def test_the_page_lists_the_other_runs_of_a_finding_with_their_verdicts():
    page = render_overview(matrix([FIRST, LARGER]))
    cell = page[page.index('id="S4-F3"') :]
    counted, _, others = cell.partition("</tr>")[0].partition("1 other run")
    assert "inconclusive" in counted and "larger" in counted and "first" not in counted
    assert "reproduced" in others and "first" in others and "+2.5 points [−1.0, +4.0]" in others


def test_markdown_has_one_line_per_finding_and_keeps_its_columns():
    published = replace(FIRST, protocol="as_published", word="contradicted", label="a|b", n=9)
    text = line(verdict_markdown(matrix([FIRST, published])))
    assert text.startswith("| S4-F3 | On 64 bands")
    assert "✓ reproduced; +2.5 points [−1.0, +4.0]" in text
    assert r"✗ contradicted (a\|b)" in text
    assert text.endswith("| 10, 9 | first |")
    assert line(verdict_markdown(matrix([])), "S4-F4").endswith("| ○ not run | ○ not run | – | – |")


def test_no_run_gives_an_overview_of_what_is_to_do():
    page = render_overview(matrix([]))
    assert page.count('<tr role="row" id="S') == len(findings.all())
    assert verdict_markdown([]).count("\n") == 2


@pytest.mark.parametrize("changes", [{"badges": ("<i>",)}, {"label": "<i>"}])
def test_overview_escapes_what_comes_from_runs(changes: dict[str, Any]):
    hostile = replace(FIRST, origin=replace(FIRST.origin, run="<script>x"), **changes)
    page = render_overview(matrix([hostile, replace(hostile, n=1)]))
    assert "<script>x" not in page and "<i>" not in page
    assert "&lt;script&gt;x" in page


ELSEWHERE = replace(FIRST, word="contradicted", label="null", n=9, origin=replace(FIRST.origin, elsewhere="gtzan"))


def test_a_replication_has_a_column_of_its_own_and_never_counts():
    (row,) = (row for row in matrix([ELSEWHERE]) if row.finding.id == "S4-F3")
    assert not row.judged and row.cells["corrected"].word == "not run"
    assert row.elsewhere["gtzan", "corrected"].verdict is ELSEWHERE
    both = matrix([ELSEWHERE, LARGER, FIRST])
    (row,) = (row for row in both if row.finding.id == "S4-F3")
    assert (row.cells["corrected"].verdict, row.cells["corrected"].others) == (LARGER, (FIRST,))
    said = "on gtzan, corrected: ✗ contradicted (null); +2.5 points [−1.0, +4.0]; n = 9, first"
    assert line(verdict_markdown(both)).endswith(f"| {said} |")
    assert line(verdict_markdown(both), "S4-F4").endswith("| ○ not run | ○ not run | – | – | – |")
    assert "on other audio" not in verdict_markdown(matrix([FIRST]))


def test_replications_have_a_table_with_one_line_per_finding_and_corpus():
    both = [ELSEWHERE, replace(ELSEWHERE, origin=replace(ELSEWHERE.origin, elsewhere="nsynth", run="third"), n=8)]
    first, second = [line for line in replication_markdown(matrix([*both, FIRST])).splitlines() if "| S" in line]
    assert first.endswith("| gtzan | ✗ contradicted (null); +2.5 points [−1.0, +4.0] | ○ not run | 9 | first |")
    assert "| nsynth |" in second and second.endswith("| 8 | third |")


def test_the_page_shows_replications_apart_and_counts_none():
    page = render_overview(matrix([ELSEWHERE]))
    found = page[page.index('id="S4-F3"') :].partition("</tr>")[0]
    assert found.count("data-facets='[\"not run\"]'") == 2
    assert "on gtzan, corrected:" in found and "contradicted" in found
    assert "On other audio" in page
    assert "contradicted" not in page[page.index('<ul class="tally">') :].partition("</ul>")[0]
    assert "On other audio" not in render_overview(matrix([FIRST]))
