"""`etude verdicts`: whatever its output, the same run counts."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from analysis import findings
from analysis.claims import Better
from analysis.report import matrix, render
from analysis.runs import Run
from analysis.verdicts import finding_verdicts
from studies.catalogue import declared, names
from studies.commands import launching, overview

ARMS = ("LSTM_64_64*80", "LeNet_3*8_128*80")
CLAIMS = (Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),)
PLAN = {"arms": ARMS, "claims": CLAIMS, "explored": 1, "notes": 4, "pictures": False}
LARGE, SMALL = "a-cluster", "b-laptop"
STATEMENT = "LeNet is more accurate with 3x8 kernels than with 5x5."


@pytest.fixture(scope="module")
def home(synthetic_run, tmp_path_factory) -> Path:
    """A run of all printed epochs with a repetition too few; a later one with enough, which settled after fewer."""
    home = tmp_path_factory.mktemp("verdicts")
    for name, repetitions, epochs, day in ((LARGE, 7, 100, "02"), (SMALL, 8, 60, "03")):
        path = synthetic_run(home / "runs" / name, **PLAN, repetitions=repetitions, epochs=epochs)
        study = json.loads((path / "study.json").read_text())
        study["scale"]["epochs"], study["provenance"]["started"] = epochs, f"2026-01-{day}T00:00:00+00:00"
        (path / "study.json").write_text(json.dumps(study))
    return home


def test_the_two_runs_disagree(home: Path) -> None:
    words = {run: finding_verdicts(Run.load(home / "runs" / run))[0].word for run in (LARGE, SMALL)}
    assert words == {LARGE: "inconclusive", SMALL: "reproduced"}


def test_all_outputs_take_the_same_run(etude, home: Path, tmp_path: Path) -> None:
    runs = [Run.load(home / "runs" / name) for name in (SMALL, LARGE)]
    rows = matrix([verdict for run in runs for verdict in finding_verdicts(run)])
    cell = next(row for row in rows if row.finding.id == "S4-F14").cells["corrected"]
    assert cell.verdict.origin.run == LARGE and [other.origin.run for other in cell.others] == [SMALL]
    terminal = etude("verdicts", "--home", home)[1]
    markdown = etude("verdicts", "--home", home, "--markdown")[1]
    etude("verdicts", "--home", home, "--html", tmp_path / "findings.html")
    page = (tmp_path / "findings.html").read_text()
    found = page[page.index(STATEMENT) :].partition("</tr>")[0]
    for text in (*lines_of(terminal), *lines_of(markdown), found.partition("<details")[0]):
        assert "inconclusive" in text and LARGE in text
        assert "reproduced" not in text and SMALL not in text
    assert "reproduced" in found.partition("<details")[2] and SMALL in found.partition("<details")[2]


def lines_of(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if "S4-F14" in line]
    assert lines
    return lines


@pytest.mark.parametrize("document", ["yun_bi", "fagan"])
def test_a_document_alone_in_every_output(etude, home: Path, tmp_path: Path, document: str) -> None:
    page = tmp_path / "findings.html"
    etude("verdicts", "--home", home, "--document", document, "--html", page)
    shown = [etude("verdicts", "--home", home, "--document", document, *more)[1] for more in ((), ("--markdown",))]
    for text in (*shown, page.read_text()):
        assert all(finding.id in text for finding in findings.of(document))
        assert ("S4-F14" in text) == (document == "yun_bi") and ("S2-F14" in text) == (document == "fagan")


def test_every_output_names_the_study_of_a_finding(etude, home: Path, tmp_path: Path) -> None:
    page = tmp_path / "findings.html"
    etude("verdicts", "--home", home, "--html", page)
    terminal, markdown = (etude("verdicts", "--home", home, more)[1] for more in ("--all", "--markdown"))
    tests = {finding: name for name in names() for finding in declared(name).tested}
    for finding in findings.all():
        lines = [line for text in (terminal, markdown) for line in text.splitlines() if finding.id in line.split()]
        found = page.read_text().partition(f'id="{finding.id}"')[2].partition("</tr>")[0]
        assert len(lines) > 1
        for text in (*lines, found):
            assert tests.get(finding.id, "") in text


def test_one_output_at_a_time(etude, home: Path, tmp_path: Path) -> None:
    code, _, err = etude("verdicts", "--home", home, "--markdown", "--html", tmp_path / "page.html")
    assert code == 1 and err.strip() == "Give one of --markdown, --json and --html."
    assert not (tmp_path / "page.html").exists()


def test_what_was_run_is_shown_and_the_rest_is_counted(etude, home: Path) -> None:
    code, out, _ = etude("verdicts", "--home", home)
    assert code == 0
    assert [line.split()[1] for line in out.splitlines() if line.startswith("│")] == ["S4-F14", "S4-F14"]
    tested = {finding for name in names() for finding in declared(name).tested}
    written = len(tested) - 1
    assert f"Of the others {written} findings have a study that was not run, and " in out
    assert f" and {len(findings.all()) - len(tested)} have no study yet: `etude verdicts --all` lists them." in out


def test_what_was_replicated_elsewhere_does_not_wait(monkeypatch, capsys) -> None:
    first, *others = matrix([], "yun_bi")
    rows = [replace(first, elsewhere={("other", "corrected"): None}), *others]
    monkeypatch.setattr(overview, "terminal_table", lambda shown: " ".join(row.finding.id for row in shown))
    overview.print_rows(rows, every=False)
    shown, counted = capsys.readouterr().out.splitlines()
    assert shown == first.finding.id
    assert counted.startswith("Of the others 0 findings") and f" {len(others)} have no study yet" in counted


def test_without_a_run_only_what_waits_is_counted(etude, tmp_path: Path) -> None:
    code, out, _ = etude("verdicts", "--home", tmp_path)
    assert code == 0
    first, second = out.splitlines()
    assert first == "No finished run has tested a finding."
    assert second.startswith("Of the others ")


def test_a_study_that_was_not_run_reads_otherwise_than_none(etude, home: Path) -> None:
    _, out, _ = etude("verdicts", "--home", home, "--all")
    rows = {line.split()[1]: line for line in out.splitlines() if line.startswith("│")}
    assert list(rows) == [finding.id for finding in findings.all()]
    tested = {finding for name in names() for finding in declared(name).tested}
    assert "yun_bi/units" in rows["S4-F5"] and "not run" in rows["S4-F5"]
    assert {id for id, line in rows.items() if "no study yet" in line} == rows.keys() - tested
    assert LARGE in rows["S4-F14"]


def test_a_finished_run_says_its_verdicts_in_numbers(etude, home: Path) -> None:
    words = Counter(verdict.word for verdict in finding_verdicts(Run.load(home / "runs" / LARGE)))
    counted = ", ".join(f"{number} {word}" for word, number in words.items())
    code, out, _ = etude("status", LARGE, "--home", home)
    assert code == 0
    assert out.strip().endswith(f"; {counted}; {home / 'runs' / LARGE}")
    code, out, _ = etude("status", "--home", home)
    lines = {line.split()[1]: line for line in out.splitlines() if line.startswith("│")}
    assert list(lines) == [SMALL, LARGE]
    assert counted in lines[LARGE]


def test_the_end_of_a_run_is_its_verdicts_and_the_link_of_its_page(home: Path, capsys) -> None:
    launching.show_end(home / "runs" / LARGE / "report.html")
    out = capsys.readouterr().out
    assert "S4-F14" in out and "inconclusive" in out
    assert out.splitlines()[-1] == f"Report: {(home / 'runs' / LARGE / 'report.html').as_uri()}"


@pytest.fixture
def replicated(home: Path, tmp_path: Path) -> Path:
    """The runs of `home`, and the larger one as if it were one on GTZAN of a study of Philharmonia."""
    copytree(home, tmp_path / "home")
    path = tmp_path / "home" / "runs" / "c-moved"
    copytree(home / "runs" / SMALL, path)
    study = json.loads((path / "study.json").read_text())
    moved = {"corpus": "philharmonia", "settings": {}, "changed": {"seconds": [1.0, 2.0]}, "left_out": ["S4-F1: why"]}
    study["study"]["replicates"], study["data"]["corpus"] = moved, "gtzan"
    (path / "study.json").write_text(json.dumps(study))
    return tmp_path / "home"


def test_a_run_on_other_audio_is_shown_apart_everywhere(etude, replicated: Path) -> None:
    terminal = etude("verdicts", "--home", replicated)[1]
    markdown = etude("verdicts", "--home", replicated, "--markdown")[1]
    for text in (*lines_of(terminal), *lines_of(markdown)):
        own, _, moved = text.partition("on gtzan")
        assert "inconclusive" in own and "reproduced" not in own
        assert "reproduced" in moved and "c-moved" in moved
    (verdict,) = finding_verdicts(Run.load(replicated / "runs" / "c-moved"))[:1]
    assert "replication on gtzan" in verdict.badges
    page = render(Run.load(replicated / "runs" / "c-moved"))
    assert "A conceptual replication on gtzan of a study of philharmonia: no verdict of the finding itself." in page
    assert "Changed: seconds from 1 to 2. Left out: S4-F1: why." in page
    assert "On gtzan, corrected:" in page and "Corrected, on gtzan</th>" in page


def test_findings_that_only_other_audio_has_tested_wait_for_their_run(etude, replicated: Path) -> None:
    for name in (LARGE, SMALL):
        rmtree(replicated / "runs" / name)
    code, terminal, _ = etude("verdicts", "--home", replicated)
    assert code == 0
    (line, *_) = lines_of(terminal)
    assert "yun_bi/kernel_shape" in line and "not run" in line and "on gtzan: ✓ reproduced" in line


def test_the_json_of_a_run_has_the_command_that_repeats_it(etude, home: Path) -> None:
    code, out, _ = etude("verdicts", "--home", home, "--json")
    assert code == 0
    commands = {run["id"]: run["command"] for run in json.loads(out)["runs"]}
    assert commands.keys() == {LARGE, SMALL}
    assert all(command.startswith("etude run ") and "--epochs" in command for command in commands.values())
