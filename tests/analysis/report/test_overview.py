"""The overview of all findings."""

import pandas as pd

from analysis import findings
from analysis.report import render_overview, verdict_markdown
from analysis.report.overview import matrix, tally
from analysis.verdicts.table import COLUMNS

SHOWN = {"label": "", "badges": (), "effect": 2.5, "low": 1.0, "high": 4.0, "unit": "points", "n": 10, "reason": ""}


def table(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([{**SHOWN, **row} for row in rows], columns=[*COLUMNS, "run"])


FIRST = {"finding": "S4-F3", "protocol": "corrected", "word": "reproduced", "run": "first"}


def test_every_finding_has_a_row_and_those_of_no_run_are_not_run():
    rows = matrix([table(FIRST)])
    assert [row.finding.id for row in rows] == [f.id for f in findings.all()]
    words = {row.finding.id: row.cells["corrected"].word for row in rows}
    assert words["S4-F3"] == "reproduced"
    assert words["S4-F4"] == "not run"
    assert tally(rows, "corrected") == [("reproduced", 1), ("not run", len(rows) - 1)]


def test_the_run_with_most_evidence_is_shown_whatever_it_says():
    larger = {**FIRST, "word": "inconclusive", "n": 20, "run": "larger"}
    stand_in = {**FIRST, "word": "contradicted", "n": 50, "badges": ("rendered audio",)}
    for order in ((FIRST, larger, stand_in), (stand_in, larger, FIRST)):
        rows = matrix([table(row) for row in order])
        found = next(row for row in rows if row.finding.id == "S4-F3").cells["corrected"]
        assert (found.word, found.run) == ("inconclusive", "larger")


def test_joined_tables_with_gaps_are_read():
    gaps = pd.concat([table(FIRST), pd.DataFrame([{"finding": "S4-F4", "protocol": "corrected", "word": "not run"}])])
    assert "| S4-F4 | After the first epoch" in verdict_markdown(gaps)
    assert "not run" in render_overview([gaps])


def test_markdown_has_one_line_per_finding_and_keeps_its_columns():
    published = {**FIRST, "protocol": "as_published", "word": "contradicted", "label": "a|b"}
    lines = verdict_markdown(table(FIRST, published)).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("| S4-F3 | On 64 bands")
    assert "✓ reproduced; +2.5 points [+1.0, +4.0]" in lines[2]
    assert r"✗ contradicted (a\|b)" in lines[2]
    assert lines[2].endswith("| 10 |")


def test_no_table_gives_an_overview_of_what_is_to_do():
    page = render_overview([])
    assert page.count('<tr role="row" id="S') == len(findings.all())
    assert verdict_markdown(pd.DataFrame()).count("\n") == 2


def test_overview_escapes_what_comes_from_runs():
    page = render_overview([table({**FIRST, "run": "<script>x", "badges": ("<i>",)})])
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
