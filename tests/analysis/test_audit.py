"""What the checks of results count, and what of it a reader sees."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.audit import results_card, tested, tuned
from analysis.claims import Better
from analysis.report import render
from analysis.report.banner import lacks_official_test
from analysis.report.sections.protocols import protocol_matrix
from analysis.runs import TEST_EVALUATIONS, Run
from analysis.verdicts import verdicts

ARMS = ("LeNet_5*5_64*80", "LSTM_64_64*80")
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def run(synthetic_run: Make, tmp_path_factory: pytest.TempPathFactory) -> Run:
    claims = (Better(finding="S4-F5", better=ARMS[0], worse=ARMS[1]),)
    plan = {"arms": ARMS, "claims": claims, "labels": ("banjo", "cello"), "notes": 3, "epochs": 6, "explored": 4}
    path = tmp_path_factory.mktemp("audit") / "run"
    return Run.load(synthetic_run(path, repetitions=2, pictures=False, **plan))


def test_the_card_is_in_the_order_of_its_ids_and_says_no_infinity(run: Run) -> None:
    card = results_card(run, verdicts(run))
    assert [check.id for check in card] == ["B4", "B6", "B9", "B10", "B13", "B14", "B15", "B18", "B19"]
    assert all(pd.notna(check.figure) and abs(check.figure) < 1e6 for check in card)


def test_a_run_without_trials_has_nothing_to_check(planted: Any) -> None:
    empty = planted({"a": 0.8}, n=1, groups=4, items=1)
    none = replace(
        empty, trials=empty.trials.iloc[:0], epochs=empty.epochs.iloc[:0], predictions=empty.predictions.iloc[:0]
    )
    assert {check.outcome for check in results_card(none, [])} == {"not applicable"}


def test_items_of_groups_that_are_trained_on_are_counted_apart(planted: Any) -> None:
    base = planted({"a": 0.8}, n=2, groups=20, items=1, cells=(("as_published", "as_printed"),))
    known = base.predictions["group"].astype(int) < 12
    told = base.predictions.assign(group_trained_on=known, prediction=base.predictions["label"])
    wrong = told.index[~known][::2]
    told.loc[wrong, "prediction"] = "none"
    found = tested.familiar(replace(base, predictions=told))
    assert (found.outcome, found.figure) == ("fail", 50.0)
    assert "is trained on 100.0 % are right, of items of new groups 50.0 % (a, as published)" in found.explanation
    alike = tested.familiar(replace(base, predictions=told.assign(prediction=told["label"])))
    assert (alike.outcome, alike.figure) == ("pass", 0.0)
    for none in (base.predictions, told.assign(group_trained_on=False)):
        assert tested.familiar(replace(base, predictions=none)).outcome == "not applicable"


def test_a_ledger_that_a_crash_cut_short_is_read_to_its_last_whole_line(run: Run, tmp_path: Path) -> None:
    text = (run.path / TEST_EVALUATIONS).read_text()
    (tmp_path / TEST_EVALUATIONS).write_text(text[:-5])
    whole, cut = run.test_evaluations, replace(run, path=tmp_path).test_evaluations
    assert whole is not None and cut is not None
    assert len(cut) == len(whole) - 1 == len(run.predictions["trial"].unique()) - 1
    assert replace(run, path=tmp_path / "nowhere").test_evaluations is None


def test_optimism_compares_the_last_epoch_that_both_have(planted: Any) -> None:
    base = planted({"a": 0.8}, n=2, groups=4, items=1)
    curve = pd.DataFrame({"trial": "best", "epoch": [1, 2, 3], "validation_accuracy": [0.2, 0.4, 0.9]})
    row = {"trial": "best", "phase": "explore", "arm": "a", "state": "complete", "validation_accuracy": 0.9}
    other = {**row, "trial": "other", "validation_accuracy": 0.5}
    stopped = {**row, "trial": "stopped", "state": "stopped", "validation_accuracy": 0.99}
    trials = pd.concat([base.trials, pd.DataFrame([row, other, stopped])])
    made = replace(base, trials=trials, epochs=pd.concat([base.epochs, curve]))
    refits = base.epochs[base.epochs["trial"].str.startswith("corrected") & base.epochs["epoch"].eq(3)]
    assert tuned.optimism_of(made, "a") == pytest.approx(100 * (0.9 - refits["validation_accuracy"].mean()))


def test_a_gap_is_the_mean_of_an_arm_under_a_protocol(run: Run) -> None:
    trials = run.trials.copy()
    mine = (trials["arm"] == ARMS[1]) & (trials["protocol"] == "as_published") & (trials["phase"] == "confirm")
    trials["train_accuracy"], trials["validation_accuracy"] = 0.9, 0.89
    trials.loc[mine, "train_accuracy"] = [0.97, 0.99]
    found = tuned.gaps(replace(run, trials=trials))
    assert found.figure == pytest.approx(9.0)
    assert "9.0 points (LSTM_64_64*80, as published); 1 of 6 means" in found.explanation


def test_effort_names_every_measure(run: Run) -> None:
    trials = run.trials.copy()
    explored = trials["phase"] == "explore"
    trials.loc[explored, ["epochs", "cpu_seconds"]] = [10, 5.0]
    first = trials.index[explored & (trials["arm"] == ARMS[0])]
    found = tuned.effort(replace(run, trials=trials.drop(first[0])))
    assert found.figure == pytest.approx(4 / 3)
    assert "3 to 4 explored trials, 0 finalists' trials, 30 to 40 explored epochs" in found.explanation
    assert "15 to 20 seconds. The largest ratio, 1.33," in found.explanation


def test_the_trials_of_finalists_are_effort_too(run: Run) -> None:
    of_first = run.trials[(run.trials["phase"] == "explore") & (run.trials["arm"] == ARMS[0])].head(1)
    more = of_first.assign(trial="finalist", phase="choose", configuration="finalist")
    found = tuned.effort(replace(run, trials=pd.concat([run.trials, more])))
    assert found.outcome == "fail" and "0 to 1 finalists' trials" in found.explanation


def test_every_figure_has_its_unit_and_its_limit(run: Run) -> None:
    checks = [check for check in results_card(run, verdicts(run)) if check.outcome != "not applicable"]
    assert len(checks) >= 4 and all(check.unit and check.limit for check in checks)


def test_samples_of_a_network_that_generates_are_counted_by_seed(run: Run) -> None:
    settings = json.dumps({"training": "dcgan", "samples": 600})
    found = tested.generated(replace(run, trials=run.trials.assign(settings=settings)))
    assert (found.outcome, found.figure) == ("fail", 600.0)
    assert "600 samples of each of 2 seeds" in found.explanation
    assert tested.generated(run).outcome == "not applicable"


def test_outputs_that_are_stacked_are_compared_after_the_last_epoch(run: Run) -> None:
    last = run.epochs["epoch"].eq(6) & run.epochs["trial"].str.startswith("as-")
    epochs = run.epochs.assign(entropy_distance=0.3, entropy_p=0.0).where(last | ~run.epochs["epoch"].eq(6))
    epochs = epochs.assign(trial=run.epochs["trial"], epoch=run.epochs["epoch"])
    epochs.loc[last, "entropy_distance"] = 0.02
    found = tuned.stacked(replace(run, epochs=epochs))
    # Where the last epoch has no figure the one before it stands.
    assert (found.outcome, found.figure) == ("fail", pytest.approx(0.3))
    assert "4 of 6 means" in found.explanation


def test_protocols_stand_side_by_side_with_what_applies_to_any(run: Run) -> None:
    rows = protocol_matrix(run.study["protocols"])
    assert [row.id for row in rows] == sorted((row.id for row in rows), key=lambda id: int(id[1:]))
    assert all(len(row.checks) == 3 for row in rows)
    assert [row.name for row in rows if not row.applies] == [
        "instruments on both sides",
        "fault-filtered and artist-filtered lists",
    ]


def test_a_protocol_that_lacks_a_check_has_a_gap() -> None:
    check = {"id": "B1", "name": "x", "outcome": "pass", "figure": 0.0, "explanation": ""}
    (row,) = protocol_matrix({"as_published": {}, "corrected": {"checks": [check]}})
    assert row.checks == [None, check]


@pytest.mark.parametrize(("outcomes", "lacks"), [("fail fail", True), ("fail pass", False), ("not-applicable", False)])
def test_results_without_the_official_test_are_not_comparable(outcomes: str, lacks: bool) -> None:
    cards = {str(n): {"checks": [{"id": "B3", "outcome": each}]} for n, each in enumerate(outcomes.split())}
    assert lacks_official_test(cards) is lacks


def test_the_page_groups_the_checks_and_says_outcomes_in_words(run: Run) -> None:
    page = render(run)
    places = [page.index(f"<h3>{title}</h3>") for title in HEADINGS]
    assert places == sorted(places)
    before, design, results = (page[a:b] for a, b in zip(places, [*places[1:], len(page)], strict=True))
    assert '<span aria-hidden="true">✗</span> fail</span> <span class="quiet">0.930</span>' in before
    assert "Not applicable to these data: B4 instruments on both sides; B6 fault-filtered" in before
    assert "B12</span> one factor in each comparison" in design
    assert f"{len(run.predictions['trial'].unique())} evaluations of" in results
    assert "evaluations (one of each trial)</span>" in results and "between two arms (at most 1.2)</span>" in results
    assert "not comparable with the literature" not in page


@pytest.fixture(scope="module")
def other_page(run: Run) -> str:
    """Of a run of an earlier version, which has no design, over a corpus whose official test part it does not test."""
    check = {"id": "B3", "name": "official test part", "outcome": "fail", "figure": 1.0, "explanation": ""}
    cards = {name: {**card, "checks": [*card["checks"], check]} for name, card in run.study["protocols"].items()}
    study = {name: part for name, part in run.study.items() if name != "design"}
    return render(replace(run, study={**study, "protocols": cards}))


def test_a_run_of_an_earlier_version_is_shown_without_its_design(other_page: str) -> None:
    assert HEADINGS[1] not in other_page and HEADINGS[2] in other_page


def test_a_run_without_the_official_test_says_so_before_any_number(other_page: str) -> None:
    assert other_page.index("not comparable with the literature") < other_page.index('id="verdicts"')


HEADINGS = ("Before the run: data and splits", "Before the run: the design", "Of the results")
