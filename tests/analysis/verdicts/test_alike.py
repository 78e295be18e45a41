"""Arms that did the same decide nothing, whichever way a claim goes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import Better, Claim, Cost, Equal, NeverHurts
from analysis.runs import Run
from analysis.verdicts import verdicts

F = "S4-F3"
ARMS = {"a": 0.8, "b": 0.7, "c": 0.7}
COMPARED = [
    Better(finding=F, better="a", worse="b"),
    Equal(finding=F, first="a", second="b"),
    NeverHurts(finding=F, levels=("a", "b")),
]


def copied(run: Run, curve: bool = True, answers: bool = True) -> Run:
    """The run with what arm b learned, and what it answered, in place of arm a's own."""
    trials = run.trials.set_index(["arm", "phase", "protocol", "configuration", "repetition", "fold"])["trial"]
    of = dict(zip(trials["a"], trials["b"].reindex(trials["a"].index), strict=True))
    return replace(
        run,
        epochs=taken(run.epochs, of) if curve else run.epochs,
        predictions=taken(run.predictions, of) if answers else run.predictions,
    )


def taken(table: pd.DataFrame, of: dict[str, str]) -> pd.DataFrame:
    """The table in which trials have the rows `of` others."""
    by_trial = {str(trial): rows for trial, rows in table.groupby("trial")}
    rest = [rows for trial, rows in by_trial.items() if trial not in of]
    return pd.concat([*rest, *(by_trial[of[trial]].assign(trial=trial) for trial in of if of[trial] in by_trial)])


@pytest.mark.parametrize("claim", COMPARED)
def test_claim_of_two_arms_that_did_the_same_is_open(planted: Any, claim: Claim) -> None:
    run = planted(ARMS, [claim])
    for verdict in verdicts(copied(run)):
        assert verdict.word == "inconclusive" and verdict.effect == 0
        assert "a and b learned and answered the same to the last bit" in verdict.reason


@pytest.mark.parametrize("kept", [{"curve": False}, {"answers": False}])
def test_arms_that_learned_or_answered_otherwise_are_judged(planted: Any, kept: dict[str, bool]) -> None:
    run = planted(ARMS, [COMPARED[0]])
    assert all(not verdict.barred for verdict in verdicts(copied(run, **kept)))


def test_curves_that_are_no_numbers_show_nothing(planted: Any) -> None:
    run = copied(planted(ARMS, [COMPARED[0]]))
    run = replace(run, epochs=run.epochs.assign(validation_loss=np.nan))
    assert all(not verdict.barred for verdict in verdicts(run))


def test_costs_of_arms_that_did_the_same_are_judged(planted: Any) -> None:
    run = planted(ARMS, [Cost(finding=F, cheaper="a", dearer="b", metric="parameters")])
    assert all(not verdict.barred for verdict in verdicts(copied(run)))


def test_arms_that_are_not_compared_may_do_the_same(planted: Any) -> None:
    run = planted(ARMS, [Better(finding=F, better="a", worse="c"), Better(finding=F, better="b", worse="c")])
    assert all(not verdict.barred for verdict in verdicts(copied(run)))
