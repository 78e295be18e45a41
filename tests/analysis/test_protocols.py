"""Protocols: one table, from which all else follows."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.claims import Better, Level, dump
from analysis.errors import RunError
from analysis.protocols import PROTOCOLS, Protocol, judging, protocol_name, shown
from analysis.report import matrix, render, render_overview, verdict_markdown
from analysis.runs import Run, confirm
from analysis.verdicts import finding_verdicts, inflation, other_cells, verdicts
from trainables.corpora import corpus

ADDED = Protocol("by_player", "by player", "as_printed", judges=True)
ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")


def claims() -> tuple[Better, Level]:
    printed = Level(finding="S4-F3", arm=ARMS[0], printed=90.0)
    return Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]), printed


def test_corpora_declare_the_protocols_of_the_table():
    assert set(corpus.PROTOCOLS) == set(PROTOCOLS)


def test_pages_show_the_headline_first():
    assert [each.name for each in shown()] == ["corrected", "as_published", "grouped_same_sizes"]
    assert [each.name for each in judging()] == ["corrected", "as_published"]


def test_claims_are_written_down_as_before():
    assert [claim["protocols"] for claim in dump(claims())] == [["as_published", "corrected"], ["as_published"]]


def test_a_protocol_of_another_version_keeps_its_name():
    assert (protocol_name("grouped_same_sizes"), protocol_name("by_day")) == ("grouped, same sizes", "by day")


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    """A run in which a protocol more than those of the table has trials: those of the document's own, once more."""
    plan: dict[str, Any] = {"arms": ARMS, "claims": claims(), "repetitions": 2, "epochs": 4, "explored": 2, "notes": 2}
    found = Run.load(synthetic_run(tmp_path_factory.mktemp("protocols") / "run", **plan))
    own = found.trials[found.trials["protocol"] == "as_published"]
    tables = [found.trials, own.assign(protocol=ADDED.name, trial="added " + own["trial"])]
    epochs, predictions = (again(table, own["trial"]) for table in (found.epochs, found.predictions))
    return replace(found, trials=pd.concat(tables, ignore_index=True), epochs=epochs, predictions=predictions)


def again(table: pd.DataFrame, trials: "pd.Series[str]") -> pd.DataFrame:
    copied = table[table["trial"].isin(trials)]
    return pd.concat([table, copied.assign(trial="added " + copied["trial"])], ignore_index=True)


def test_a_protocol_that_the_table_lacks_is_not_judged(run: Run):
    assert {verdict.protocol for verdict in verdicts(run)} == {"as_published", "corrected"}
    with pytest.raises(RunError, match="Unknown protocol 'by_player'"):
        confirm(run, ADDED.name)


def test_one_entry_brings_verdicts_figures_and_columns(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(PROTOCOLS, ADDED.name, ADDED)
    study = {**run.study["study"], "claims": dump(claims())}
    wider = replace(run, study={**run.study, "study": study})
    own, added = (
        [v for v in verdicts(wider) if v.protocol == name and v.kind == "DIR"] for name in ("as_published", ADDED.name)
    )
    assert [v.effect for v in own] == [v.effect for v in added] != []
    rows = matrix(finding_verdicts(wider))
    assert "| corrected | as published | by player |" in verdict_markdown(rows)
    page = render(wider)
    for shown_in in (render_overview(rows), page):
        assert re.search(r'<th [^>]*scope="col"[^>]*>By player</th>', shown_in)
    assert '"name":"by player"' in page


def test_one_that_only_shows_has_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(PROTOCOLS, ADDED.name, replace(ADDED, judges=False))
    page = render(run)
    assert '"name":"by player"' in page and 'scope="col">By player</th>' not in page
    assert {verdict.protocol for verdict in verdicts(run)} == {"as_published", "corrected"}


def test_the_configuration_that_does_not_decide_is_shown_without_a_verdict(run: Run):
    found = other_cells(run)
    assert {(verdict.protocol, verdict.word) for verdict in found} == {("corrected", "no claim")}
    assert all("as_printed configuration" in verdict.reason for verdict in found)


def test_inflation_is_of_the_documents_own_protocol_and_its_base(run: Run):
    table = inflation(run)
    assert list(table)[:4] == ["arm", "as_published", "grouped_same_sizes", "corrected"]
    assert table["inflation"].to_numpy() == pytest.approx(table["as_published"] - table["grouped_same_sizes"])
