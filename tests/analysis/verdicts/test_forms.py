"""Arms in a reduced form decide which of them is ahead, and nothing else."""

from typing import Any

import pytest

from analysis.claims import Better, Claim, Cost, Equal, Interaction, Level, Ranking, Share
from analysis.report.banner import reduced_forms
from analysis.runs import Run
from analysis.verdicts import verdicts

F = "S4-F3"
ARMS = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6}
FORM = {"widths": "16-32"}


def reduced(run: Run, *arms: str) -> Run:
    """The run with these arms in a reduced form."""
    for arm in run.study["study"]["arms"]:
        if arm["name"] in arms:
            arm["reduced"] = FORM
    return run


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        (Equal(finding=F, first="a", second="b"), "contradicted"),
        (Better(finding=F, better="a", worse="b"), "reproduced"),
        (Better(finding=F, metric="area", better="a", worse="b"), "inconclusive"),
        (Level(finding=F, arm="a", printed=80), "inconclusive"),
    ],
)
def test_it_decides_directions_alone(planted: Any, claim: Claim, word: str) -> None:
    run: Run = planted(ARMS, [claim])
    run.study["study"]["reduced"] = FORM
    verdict = verdicts(run)[0]
    assert verdict.word == word and "reduced form" in verdict.badges
    assert ("a reduced form decides neither levels nor courses" in verdict.reason) == (word == "inconclusive")


BEFORE = Better(finding=F, better="a", worse="c")
CHAIN, BEST = Ranking(finding=F, chain=("a", "b", "c")), Ranking(finding=F, best="a", candidates=("a", "b", "c"))
PAIRS = Share(finding=F, pairs=(("a", "b"), ("c", "d")), share="each")
CROSSED = Interaction(finding=F, plus=("a", "d"), minus=("b", "c"))


@pytest.mark.parametrize(
    ("claim", "arms", "decides"),
    [
        (BEFORE, "", True),
        (BEFORE, "bd", True),
        (BEFORE, "ac", True),
        (BEFORE, "c", False),
        (CHAIN, "abc", True),
        (CHAIN, "a", False),
        (BEST, "abc", True),
        (BEST, "b", False),
        (PAIRS, "cd", True),
        (PAIRS, "bc", False),
        (CROSSED, "ad", False),
    ],
)
def test_an_arm_is_not_compared_with_the_full_form_of_another(
    planted: Any, claim: Claim, arms: str, decides: bool
) -> None:
    verdict = verdicts(reduced(planted(ARMS, [claim]), *arms))[0]
    assert verdict.word == ("reproduced" if decides else "inconclusive")
    assert ("has a reduced form and" in verdict.reason) != decides
    assert ("reduced form" in verdict.badges) == bool({*arms} & {*claim.arms})


def test_the_arm_and_the_other_are_named(planted: Any) -> None:
    verdict = verdicts(reduced(planted(ARMS, [BEFORE]), "c"))[0]
    assert verdict.reason.endswith("no verdict, because c has a reduced form and a has not.")


def test_an_exact_count_is_of_the_network_that_was_reduced(planted: Any) -> None:
    claim = Cost(finding=F, cheaper="a", dearer="b", metric="parameters")
    sizes = {"a": 100, "b": 200}
    full, small = (verdicts(reduced(planted(ARMS, [claim], parameters=sizes), *arms))[0] for arms in ("", "ab"))
    assert (full.word, small.word) == ("reproduced", "inconclusive")
    assert "a reduced form has other parameters" in small.reason


def test_each_form_is_named_with_its_arms(planted: Any) -> None:
    run: Run = reduced(planted(ARMS), "b", "c")
    assert reduced_forms(run) == "widths 16-32 in b and c"
    run.study["study"]["reduced"] = {"bands": 64}
    assert reduced_forms(run) == "bands 64 in a and d; bands 64, widths 16-32 in b and c"
    assert reduced_forms(reduced(run, *ARMS)) == "bands 64, widths 16-32"
