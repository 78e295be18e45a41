"""Networks that are still learning decide nothing of what they learn."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import Better, Claim, Cost, Level, Runs, Slope
from analysis.confirmed import Confirmed
from analysis.metrics import METRICS
from analysis.runs import Run
from analysis.verdicts import verdicts
from analysis.verdicts.learning import judged_by_curves, moving, still_learning

F = "S4-F3"
FEWER = {"budget_epochs": 100, "epochs": 50}
SETTLED, RISING = np.full(50, 0.8), np.linspace(0.3, 0.8, 50)
BUDGET = "reduced budget (50 of 100 epochs)"
ARMS = {"a": 0.8, "b": 0.7}
WORSE = Better(finding=F, better="b", worse="a")
LOWER = Better(finding=F, metric="validation_loss", margin=0.1, better="a", worse="b")


def learned(
    run: Run, curve: np.ndarray, of: str = "ab", noise: float = 0.0, column: str = "validation_accuracy"
) -> Run:
    """The run with this curve for these arms, and a settled one for the others; noise is of each repetition."""
    generator, tables = np.random.default_rng(1), []
    for arm, trial in zip(run.trials["arm"], run.trials["trial"], strict=True):
        values = (curve if arm in of else SETTLED) + noise * generator.standard_normal(len(curve))
        tables.append(pd.DataFrame({"trial": trial, "epoch": np.arange(1, len(values) + 1), column: values}))
    return replace(run, epochs=pd.concat(tables).reindex(columns=run.epochs.columns))


@pytest.mark.parametrize("claim", [WORSE, Better(finding=F, better="a", worse="b")])
def test_a_network_that_is_still_learning_reproduces_and_contradicts_nothing(planted: Any, claim: Claim) -> None:
    run = planted(ARMS, [claim], **FEWER)
    moving, settled = verdicts(learned(run, RISING))[1], verdicts(learned(run, SETTLED))[1]
    assert moving.word == "inconclusive" and settled.word in ("reproduced", "contradicted")
    assert "a is still learning: +10.2 points [+10.2, +10.2] in the last 10 of 50 epochs" in moving.reason
    assert (moving.effect, moving.low, moving.label) == (settled.effect, settled.low, "")
    assert (moving.badges, settled.badges) == ((*settled.badges, "still learning"), (BUDGET,))


def test_arms_that_still_learn_are_known_before_they_are_tested(planted: Any) -> None:
    run = planted(ARMS, [WORSE], **FEWER)
    run = replace(run, trials=run.trials.assign(state="unfinished"), predictions=run.predictions[:0])
    assert moving(learned(run, SETTLED)) == ()
    found = moving(learned(run, RISING, of="b"))
    assert {(each.arm, each.why) for each in found} == {
        ("b", "is still learning: +10.2 points [+10.2, +10.2] in the last 10 of 50 epochs")
    }


@pytest.mark.parametrize(("curve", "growing"), [(SETTLED, set()), (RISING, {"a"})])
def test_arms_that_failed_or_were_not_trained_do_not_learn(planted: Any, curve: np.ndarray, growing: set[str]) -> None:
    claims = [WORSE, Better(finding=F, part="untrained", better="a", worse="c")]
    run = learned(planted(ARMS, claims, failed={"b": 10}, **FEWER), curve)
    run.study["study"]["untrained"] = {"c": "its weights are not there"}
    assert {each.arm for each in moving(run)} == growing


@pytest.mark.parametrize(("curve", "word"), [(SETTLED, "reproduced"), (RISING, "inconclusive")])
def test_failed_runs_are_evidence_where_the_others_have_stopped_learning(
    planted: Any, curve: np.ndarray, word: str
) -> None:
    claim = Runs(finding=F, of=("a", "b"), failed=True, printed=0.2)
    verdict = verdicts(learned(planted(ARMS, [claim], failed={"b": 10}, **FEWER), curve))[1]
    assert verdict.word == word
    assert ("b may still be" in verdict.reason, "a is still" in verdict.reason) == (False, word == "inconclusive")


@pytest.mark.parametrize(
    ("claims", "judged"),
    [
        ([WORSE], True),
        ([WORSE, Cost(finding=F, cheaper="a", dearer="b")], True),
        ([WORSE, Level(finding=F, arm="a", printed=70)], False),
        ([LOWER], True),
        ([Runs(finding=F, of=("a",), low=50.0)], True),
        ([Runs(finding=F, of=("a",), low=0.5, metric="validation_loss")], False),
        ([WORSE, WORSE.model_copy(update={"metric": "epochs_to_90"})], False),
        ([Cost(finding=F, cheaper="a", dearer="b")], False),
        ([], False),
    ],
)
def test_curves_judge_studies_of_which_no_claim_needs_the_printed_epochs(claims: list[Claim], judged: bool) -> None:
    assert judged_by_curves(claims) == judged


def test_one_arm_that_still_learns_is_enough(planted: Any) -> None:
    reason = verdicts(learned(planted(ARMS, [WORSE], **FEWER), RISING, of="b"))[1].reason
    assert "b is still learning" in reason and "a is" not in reason


def test_the_printed_epochs_are_enough(planted: Any) -> None:
    run = planted(ARMS, [WORSE], budget_epochs=50, epochs=50)
    assert verdicts(learned(run, RISING))[1].word == "contradicted"


def test_a_falling_curve_has_not_settled_either(planted: Any) -> None:
    reason = verdicts(learned(planted(ARMS, [WORSE], **FEWER), RISING[::-1]))[1].reason
    assert "a is still learning: −10.2 points" in reason


def test_a_change_counts_with_its_interval(planted: Any) -> None:
    # The mean of ten epochs of ten repetitions has a standard error of 0.3 noise, in either of two parts of the curve.
    run = planted(ARMS, [WORSE], **FEWER)
    assert verdicts(learned(run, SETTLED, noise=0.005))[1].word == "contradicted"
    unsure = verdicts(learned(run, SETTLED, noise=0.08))[1]
    assert unsure.word == "inconclusive" and "a may still be learning" in unsure.reason
    assert unsure.badges == (BUDGET, "still learning")


def test_the_change_is_measured_against_half_the_margin(planted: Any) -> None:
    run, curve = planted(ARMS, [], **FEWER), np.repeat([0.80, 0.83], [40, 10])
    data = Confirmed(learned(run, curve), "corrected")
    assert set(still_learning(data, ("a", "b"), margin=5.9)) == {"a", "b"}
    assert still_learning(data, ("a", "b"), margin=6.1) == {}


def test_it_needs_no_predictions(planted: Any) -> None:
    run = learned(planted(ARMS, [], **FEWER), RISING)
    data = Confirmed(replace(run, predictions=run.predictions.iloc[:0]), "corrected")
    assert still_learning(data, ("a",), 2.0)["a"].size.effect == pytest.approx(1000 * 0.5 / 49)


@pytest.mark.parametrize("epochs", [0, 1])
def test_too_few_epochs_show_nothing(planted: Any, epochs: int) -> None:
    data = Confirmed(learned(planted(ARMS, [], **FEWER), RISING[:epochs]), "corrected")
    change = still_learning(data, ("a",), 2.0)["a"]
    assert change.in_words == f"may still be learning: 2 epochs or more show a change, and it has {epochs}"


def test_a_loss_is_held_against_the_curve_of_the_loss(planted: Any) -> None:
    run = learned(planted(ARMS, [LOWER], **FEWER), np.linspace(1.0, 0.5, 50), column="validation_loss")
    assert "a is still learning: −0.1 nats" in verdicts(run)[1].reason


@pytest.mark.parametrize(
    "claim",
    [
        Better(finding=F, metric="accuracy_at_1", better="a", worse="b"),
        Better(finding=F, metric="epochs_to_90", margin=3.0, better="a", worse="b"),
        Cost(finding=F, metric="seconds_to_share", cheaper="a", dearer="b"),
        Slope(finding=F, arm="a", covariate="loudness"),
        Runs(finding=F, metric="validation_loss", of=("a", "b"), low=0.5),
        Level(finding=F, arm="a", printed=80),
    ],
)
def test_levels_courses_and_slopes_need_the_printed_epochs(planted: Any, claim: Claim) -> None:
    run = learned(planted(ARMS, [claim], **FEWER), SETTLED)
    verdict = verdicts(replace(run, epochs=run.epochs.assign(cpu_seconds=1.0, validation_loss=0.2)))[0]
    assert verdict.word == "inconclusive" and "it needs the 100 printed epochs and has 50" in verdict.reason
    assert not [badge for badge in verdict.badges if "learning" in badge]


def test_the_cost_of_an_epoch_depends_on_nothing_learned(planted: Any) -> None:
    claim = Cost(finding=F, cheaper="a", dearer="b")
    run = planted(ARMS, [claim], seconds={"a": 1.0, "b": 2.0}, **FEWER)
    assert verdicts(run)[0].word == "reproduced"


def test_every_metric_of_a_course_needs_the_printed_epochs() -> None:
    courses = {"accuracy_at_1", "area", "epochs_to_90", "best_epoch", "seconds_to_share", "discriminator_below"}
    assert {METRICS[name].epochs for name in courses} == {"printed"}
    assert {METRICS[name].epochs for name in ("parameters", "seconds_per_epoch")} == {"any"}
    assert {METRICS[name].epochs for name in ("accuracy", "macro_f1", "validation_loss", "gap")} == {"settled"}
