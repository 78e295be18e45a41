"""A run that stops when decided: the level of its look, and which arms need more repetitions."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import Better, Claim, Cost, Equal, Level, NoDirection, Ranking, Share
from analysis.looks import LOOKS, Open
from analysis.runs import Run
from analysis.statistics.spending import levels_at
from analysis.verdicts import verdicts
from analysis.verdicts.stopping import HOPEFUL, open_claims, open_to_more

CELL = [("corrected", "chosen")]
AHEAD = Better(finding="S4-F3", better="a", worse="b")
ALIKE = Equal(finding="S4-F4", first="c", second="d")
EIGHT = tuple("abcdefgh")
CLEAR, NEAR = {"a": 0.9, "b": 0.5}, {"a": 0.76, "b": 0.74}
VAGUE: dict[str, Any] = {"groups": 4, "items": 1, "noise": 0.9}


def undecided(run: Run) -> set[str]:
    return {each.arm for each in open_claims(run)}


def corrected(run: Run) -> list[Any]:
    return [verdict for verdict in verdicts(run) if verdict.protocol == "corrected"]


@pytest.mark.parametrize("n", LOOKS)
def test_a_verdict_needs_the_level_of_its_look(planted: Any, n: int) -> None:
    run = planted(CLEAR, [AHEAD, Equal(finding="S4-F4", first="a", second="b")], cells=CELL, n=n, until_decided=True)
    assert {verdict.level for verdict in corrected(run)} == {levels_at(n).test}


def test_what_a_fixed_number_decides_may_be_open_at_a_look_before_the_last(planted: Any) -> None:
    """An advantage of .75 points excludes one of 2 by p = .0009, and is equal to nothing by an interval of 90 %."""
    claims: list[Claim] = [AHEAD, Equal(finding="S4-F4", first="a", second="b")]
    fixed, open_still = (
        corrected(planted({"a": 0.75, "b": 0.74}, claims, cells=CELL, n=8, until_decided=until))
        for until in (False, True)
    )
    assert [verdict.word for verdict in fixed] == ["contradicted", "reproduced"]
    assert [verdict.word for verdict in open_still] == ["inconclusive", "inconclusive"]
    for first, second in zip(fixed, open_still, strict=True):
        assert (first.effect, first.low, first.high, first.p) == (second.effect, second.low, second.high, second.p)


def test_arms_go_on_while_a_claim_of_theirs_is_open(planted: Any) -> None:
    shares, others = {**CLEAR, "c": 0.75, "d": 0.74}, NoDirection(finding="S4-F16", first="a", second="c")
    claims: list[Claim] = [AHEAD, ALIKE, others, Better(finding="S4-F5", better="a", worse="missing")]
    assert undecided(planted(shares, claims, cells=CELL, n=8, until_decided=True)) == {"c", "d"}
    assert undecided(planted(shares, claims, cells=CELL, n=16, until_decided=True)) == set()


@pytest.mark.parametrize("bar", [{"rendered": True}, {"decides": False}])
def test_nothing_goes_on_where_nothing_can_be_decided(planted: Any, bar: dict[str, bool]) -> None:
    assert undecided(planted(NEAR, [AHEAD], cells=CELL, n=8, until_decided=True)) == {"a", "b"}
    assert undecided(planted(NEAR, [AHEAD], cells=CELL, n=8, until_decided=True, **bar)) == set()


REDUCED = {"reduced": {"widths": "16-32"}}
FEW = {"budget_epochs": 100, "epochs": 50}


@pytest.mark.parametrize(
    ("claim", "changes", "study"),
    [
        (AHEAD, {}, {}),
        (AHEAD.model_copy(update={"metric": "area"}), {}, REDUCED),
        (AHEAD.model_copy(update={"metric": "area"}), FEW, {}),
        (AHEAD, {"budget_epochs": 100, "epochs": 1}, {}),
        (Cost(finding="S4-F3", cheaper="a", dearer="b", metric="parameters"), {}, REDUCED),
        (Ranking(finding="S4-F3", ranking=EIGHT, metric="seconds_per_epoch"), {}, {}),
        (Share(finding="S4-F3", pairs=(("a", "b"), ("b", "c")), share="most"), {}, {}),
    ],
    ids=["open", "a course in a reduced form", "a course", "one epoch", "a count", "no groups", "no clusters"],
)
def test_nothing_goes_on_for_what_no_repetition_decides(
    planted: Any, claim: Claim, changes: dict[str, int], study: dict[str, Any]
) -> None:
    shares = {**dict.fromkeys(EIGHT, 0.75), **NEAR}
    run = planted(shares, [claim], cells=CELL, n=8, until_decided=True, **changes)
    run.study["study"] |= study
    assert [verdict.word for verdict in corrected(run)] == ["inconclusive"]
    assert undecided(run) == (set("ab") if claim == AHEAD and not changes else set())


def test_arms_that_are_alike_to_the_last_bit_do_not_go_on(planted: Any) -> None:
    run = planted({"a": 0.75}, [AHEAD], cells=CELL, n=8, until_decided=True)
    tables = (run.trials, run.epochs, run.predictions)
    twice = [pd.concat([each, each.assign(trial="b " + each["trial"])]) for each in tables]
    twice[0]["arm"] = np.repeat(["a", "b"], 8)
    both = replace(run, trials=twice[0], epochs=twice[1], predictions=twice[2])
    assert "learned and answered the same" in corrected(both)[0].reason and undecided(both) == set()


def test_an_arm_that_goes_on_has_the_claims_for_which_it_does(planted: Any) -> None:
    run = planted(NEAR, [AHEAD], cells=CELL, n=8, until_decided=True)
    assert open_claims(run) == tuple(Open(arm, "corrected", "is undecided in S4-F3") for arm in "ab")


def test_an_arm_goes_on_under_the_protocols_in_which_it_is_undecided_alone(planted: Any) -> None:
    """What is clear in one protocol gets no more repetitions because the other is open."""
    near = Better(finding="S4-F3", better="a", worse="b", protocols=("as_published",))
    clear = Better(finding="S4-F4", better="a", worse="c", protocols=("corrected",))
    run = planted({**NEAR, "c": 0.5}, [near, clear], n=8, until_decided=True)
    assert {(each.arm, each.protocol) for each in open_claims(run)} == {("a", "as_published"), ("b", "as_published")}


def test_arms_of_a_claim_may_have_different_numbers_of_repetitions(planted: Any) -> None:
    run = planted(CLEAR, [AHEAD], cells=CELL, n=12, until_decided=True)
    late = (run.trials["arm"] == "b") & (run.trials["repetition"] >= run.trials["repetition"].min() + 8)
    (verdict,) = corrected(replace(run, trials=run.trials[~late]))
    assert verdict.n == 8 and verdict.level == levels_at(8).test
    assert not [badge for badge in verdict.badges if "missing" in badge]


def test_what_the_last_look_leaves_open_stays_open(planted: Any) -> None:
    run = planted(NEAR, [AHEAD], cells=CELL, n=32, until_decided=True)
    assert [verdict.word for verdict in corrected(run)] == ["inconclusive"] and undecided(run) == set()


def test_what_too_few_groups_cannot_decide_is_given_up(planted: Any) -> None:
    run = planted({"a": 0.78, "b": 0.75}, [AHEAD], cells=CELL, n=16, until_decided=True, **VAGUE)
    assert [verdict.word for verdict in corrected(run)] == ["inconclusive"] and undecided(run) == set()


def test_an_open_verdict_says_what_the_last_look_would_bring(planted: Any) -> None:
    claims: list[Claim] = [AHEAD]
    early, last, fixed = (
        corrected(planted(NEAR, claims, cells=CELL, n=n, until_decided=until))[0].reason
        for n, until in ((8, True), (32, True), (8, False))
    )
    assert re.search(r"; 32 repetitions decide it with a probability of \d\d %\.$", early)
    assert "32 repetitions decide" not in last + fixed


def test_a_failed_repetition_of_the_last_look_asks_for_no_more(planted: Any) -> None:
    run = planted(NEAR, [AHEAD], cells=CELL, n=32, until_decided=True)
    run.trials.loc[run.trials["repetition"] == 3, "state"] = "failed"
    assert corrected(run)[0].n == 31 and undecided(run) == set()


def test_too_few_complete_repetitions_go_on_whatever_they_show(planted: Any) -> None:
    run = planted(CLEAR, [AHEAD], cells=CELL, n=8, until_decided=True)
    run.trials.loc[run.trials["repetition"] == 3, "state"] = "failed"
    assert undecided(run) == {"a", "b"}


def test_only_the_open_and_hopeful_are_open_to_more(planted: Any) -> None:
    verdict = corrected(planted(NEAR, [AHEAD], cells=CELL, n=8, until_decided=True))[0]
    assert open_to_more(verdict) and verdict.chance > HOPEFUL
    assert not open_to_more(replace(verdict, level=levels_at(32).test))
    assert not open_to_more(replace(verdict, chance=0.9 * HOPEFUL))
    assert not any(open_to_more(replace(verdict, word=word)) for word in ("reproduced", "contradicted", "untestable"))


def test_a_level_has_a_chance_too(planted: Any) -> None:
    claim = Level(finding="S4-F3", arm="a", printed=70)
    found = [
        verdicts(planted({"a": share}, [claim], **size))[0] for share, size in ((0.7, {"groups": 400}), (0.75, VAGUE))
    ]
    assert found[0].chance > 0.9 and found[1].chance < 0.5
