"""What a plan prints before anything is spent."""

import re
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table

from analysis.claims import Cost, Share
from analysis.text import DASH
from studies import catalogue
from studies.checks.probing import Probe
from studies.checks.validity import without_weights
from studies.commands import budgeting, planning
from studies.console import show, silent
from studies.driver.launch import Launch
from studies.resources import Resources
from studies.scale import SCALES
from trainables.corpora.store import Store


def test_a_plan_says_costs_detectable_effects_and_the_audit(
    store: Store, tiny: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, tmp_path)
    show(*planning.plan(request, Resources(), silent))
    said = capsys.readouterr().out
    assert [said.index(title) for title in TITLES] == sorted(said.index(title) for title in TITLES)
    groups = next(line for line in said.splitlines() if "B1 groups on both sides" in line)
    assert [mark for mark in groups if mark in "✓✗–"] == ["✗", "✓", "✓"]
    # Two arms of one budget, with the seconds that were measured.
    flat = " ".join(said.replace("│", " ").split())
    assert "5 explored trials, 25 explored epochs, 4 finalists' trials, 20 finalists' epochs" in flat
    assert "Explore: 5 draws of what an arm tunes, weak ones stopped after 2 and 4 of 5 epochs." in said
    assert "Finalists: an arm's 1 best and the printed configuration, 2 fresh seeds each." in said
    assert "Confirm: 2 x 2 under as_published and 2 x 2 under corrected and 2 x 1 under grouped_same_sizes" in said
    assert said.rstrip().splitlines()[-1].startswith("This plan took ")
    assert list(tmp_path.iterdir()) == []


def test_a_plan_of_a_run_that_stops_when_decided_says_the_least_and_the_most(
    store: Store, tiny: Any, tmp_path: Path
) -> None:
    scale = tiny.SCALE.at(0).until_the_first_look()
    request = Launch(tiny.NAME, tiny.STUDY, scale, store, tmp_path)
    probes = [Probe(arm, 1, 0.0, 3600.0, 1) for arm in tiny.STUDY.arms]
    said = planning.between(request, probes)
    found = re.fullmatch(
        r"between (.+) hours \(8 repetitions of 2 epochs\) and (.+) hours \(32 repetitions of 5 epochs\); .*", said
    )
    assert found
    least, most = (float(each) for each in found.groups())
    assert least < sum(planning.hours(request, probes).values()) < most


def test_hours_count_what_published_excerpts_take_of_each_confirmed_trial(
    store: Store, tiny: Any, tmp_path: Path
) -> None:
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, tmp_path)
    without, including = (
        sum(planning.hours(request, [Probe(arm, 1, 0.0, 1.0, 1, excerpts=each) for arm in tiny.STUDY.arms]).values())
        for each in (0.0, 3600.0)
    )
    confirmed = sum(each["confirmed trials"] for each in planning.budgets(tiny.STUDY, tiny.SCALE).values())
    assert including - without == pytest.approx(confirmed) and confirmed > 0


@pytest.mark.parametrize(("name", "judges"), [("lunger_rho/gan", 1), ("lunger_rho/generated_length", 2)])
def test_hours_count_a_judge_once_for_the_arms_of_a_seed_that_share_it(
    name: str, judges: int, store: Store, tmp_path: Path
) -> None:
    study, scale = catalogue.load(name), SCALES["cluster"]
    request = Launch(name, study, scale, store, tmp_path)
    without, including = (
        sum(planning.hours(request, [Probe(arm, 1, 0.0, 1.0, 1, judge=each) for arm in study.arms]).values())
        for each in (0.0, 3600.0)
    )
    assert including - without == pytest.approx(judges * scale.repetitions)


TITLES = (
    "tiny/study at scale tiny",
    "trials on one GPU",
    "detectable at n = 2, points",
    "audit of the data",
    "audit of the design",
)


def test_a_plan_of_several_studies_counts_what_they_share_once(store: Store, tiny: Any, tmp_path: Path) -> None:
    both = [Launch(name, tiny.STUDY, tiny.SCALE, store, tmp_path) for name in ("tiny/one", "tiny/two")]
    (table,) = budgeting.plan_together(both, Resources(), 10.0, silent)
    assert isinstance(table, Table)
    cells = {str(column.header): [str(cell) for cell in column.cells] for column in table.columns}
    one, two, whole = zip(cells["trials"], cells["shared"], strict=True)
    # Two arms of five explored trials, four of finalists and four confirmed, and two of the inflation of one.
    assert (one, two, whole) == (("28", "0"), ("28", "28"), ("56", "28"))
    hours = [float(each) for each in cells["processor hours"]]
    assert hours[1] == 0.0 and hours[0] == hours[2]
    assert cells["study"] == ["tiny/one", "tiny/two", "in all"] and cells["arms"] == ["2", "2", "2"]
    assert float(cells["detectable at n = 2"][0]) > float(cells["at n = 32"][0])
    assert cells["undecidable"][0] == "S4-F3"


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a study that trains its arms"])
def test_arms_that_are_counted_are_neither_timed_nor_take_hours(
    beside: bool, store: Store, tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (arm.name for arm in tiny.STUDY.arms)
    claim = Cost(finding="S4-F3", cheaper=first, dearer=second, metric="parameters")
    counted = tiny.STUDY.model_copy(update={"claims": (claim,), "inflation": ()})
    studies = {"tiny/counted": counted, **({"tiny/trained": tiny.STUDY} if beside else {})}
    requests = [Launch(name, study, tiny.SCALE, store, tmp_path) for name, study in studies.items()]
    timed: list[str] = []
    probing = planning.probe
    monkeypatch.setattr(planning, "probe", lambda *given: timed.append(given[2].name) or probing(*given))
    costs = planning.timed(requests, Resources(), silent)
    assert timed == ([first, second] if beside else [])
    assert set(planning.hours(requests[0], costs["tiny/counted"]).values()) == {0.0}
    (table,) = budgeting.plan_together(requests, Resources(), None, silent)
    cells = {str(column.header): [str(cell) for cell in column.cells] for column in table.columns}
    assert (cells["trials"][0], cells["processor hours"][0]) == ("0", "0.00")
    assert (cells["trials"][-1] != "0") == beside


@pytest.mark.parametrize("name", catalogue.names())
def test_what_each_study_costs_is_shown_also_without_published_weights(name: str, store: Store, tmp_path: Path) -> None:
    study = without_weights(catalogue.load(name), tmp_path)
    request = Launch(name, study, SCALES["laptop"], store, tmp_path)
    has_trials = planning.trained(request)
    costs = [Probe(arm, 1, 1.0, 1.0, 1) if arm.name in has_trials else Probe(arm, 1, 0, 0, 0) for arm in study.arms]
    table = planning.cost_table(request, costs, Resources())
    assert table.row_count == len(study.arms)
    trials, _, hours, _ = budgeting.spending(request, costs, {})
    assert (trials > 0) == (hours > 0) == bool(has_trials)
    assert bool(planning.explained(request)) == bool(has_trials)


def test_a_plan_of_counted_arms_alone_asks_for_no_gpu(
    store: Store, tiny: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (arm.name for arm in tiny.STUDY.arms)
    claim = Cost(finding="S4-F3", cheaper=first, dearer=second, metric="parameters")
    study = tiny.STUDY.model_copy(update={"claims": (claim,), "inflation": ()})
    show(*planning.plan(Launch(tiny.NAME, study, tiny.SCALE, store, tmp_path), Resources(), silent))
    shown = capsys.readouterr().out
    assert "about 0.00 processor hours" in shown and "No arm is trained." in shown
    assert "trials on one GPU" not in shown and "detectable" not in shown


def test_a_claim_of_directions_has_no_margin_in_a_plan(store: Store, tiny: Any, tmp_path: Path) -> None:
    first, second = (arm.name for arm in tiny.STUDY.arms)
    pairs = (first, second), (second, 50.0)
    claims = tuple(Share(finding="S4-F3", part=each, pairs=pairs, share=each) for each in ("each", "most"))
    study = tiny.STUDY.model_copy(update={"claims": claims})
    table = planning.power_table(Launch(tiny.NAME, study, tiny.SCALE, store, tmp_path))
    margins, notes = (
        [str(cell) for cell in column.cells] for column in table.columns if column.header in ("margin", "note")
    )
    assert margins == ["2", DASH] and notes[0] and not notes[1]
