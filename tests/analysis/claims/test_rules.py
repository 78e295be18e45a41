"""Each claim type: planted results that must be reproduced, contradicted and inconclusive."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.claims import (
    Better,
    Claim,
    ClassShare,
    Cost,
    Equal,
    Fact,
    Interaction,
    Level,
    NeverHurts,
    NoDirection,
    Optimum,
    Ranking,
    Recall,
    Runs,
    Saturates,
    Share,
    Slope,
    Spread,
    Unequal,
)
from analysis.confirmed import Confirmed
from analysis.metrics import METRICS
from analysis.verdicts import Verdict, verdicts

F = "S4-F3"
# So few groups, and runs so noisy, that nothing of a few points can be told.
VAGUE: dict[str, Any] = {"groups": 12, "items": 3, "noise": 0.8}
FIVE = ("l1", "l2", "l3", "l4", "l5")
EIGHT = tuple("abcdefgh")
PAIRS = (("a", "b"), ("c", "d"))


def levels(*shares: float) -> dict[str, float]:
    return {f"l{i + 1}": share for i, share in enumerate(shares)}


def arms(*shares: float) -> dict[str, float]:
    return dict(zip("abcdefgh", shares, strict=False))


BETTER = Better(finding=F, better="a", worse="b")
ABOVE = Better(finding=F, better="a", worse=25.0)
UNDER_CHANCE = Better(finding=F, better=25.0, worse="a")
EVEN = Better(finding=F, better=("a", "c"), worse="b")
EQUAL = Equal(finding=F, first="a", second="b")
NEVER = NeverHurts(finding=F, levels=FIVE[:3])
SATURATES = Saturates(finding=F, levels=FIVE[:4], at="l2")
OPTIMUM = Optimum(finding=F, levels=FIVE, at="l3")
WITHIN = Optimum(finding=F, levels=FIVE, at=("l2", "l3"))
LEVEL = Level(finding=F, arm="a", printed=70)
BOUND = Level(finding=F, arm="a", printed=70, relation="above")
UNDER = Level(finding=F, arm="a", printed=70, relation="below")
RANGE = Level(finding=F, arm="a", printed=60, upper=80, relation="between")
EACH = Share(finding=F, pairs=PAIRS, share="each")
SOMETIMES = Share(finding=F, pairs=PAIRS, share="sometimes")
MOST = Share(finding=F, pairs=tuple((arm, 60.0) for arm in EIGHT), share="most")
ABOUT = Share(finding=F, pairs=MOST.pairs, share="about", printed=0.8)
CONSTANTS = Share(finding=F, pairs=(("a", 50.0), (60.0, "b")), share="each")
CHAIN = Ranking(finding=F, chain=("a", "b", "c"))
BEST = Ranking(finding=F, best="a", candidates=("a", "b", "c", "d"))
WORST = Ranking(finding=F, worst="d", candidates=("a", "b", "c", "d"))
RANKING = Ranking(finding=F, ranking=EIGHT)
TIED = Ranking(finding=F, ranking=(*EIGHT[:3], EIGHT[3:5], *EIGHT[5:]))
INTERACTION = Interaction(finding=F, plus=("a", "b"), minus=("c", "d"))
STRUCK, HELD = ("cello", "flute"), ("oboe", "tuba")
RECALL = Recall(finding=F, arm="a", classes=STRUCK, less=HELD)
MORE_RECALL = Recall(finding=F, arm="a", than="b", classes=STRUCK, less=HELD)
ALL = (*STRUCK, *HELD, "banjo", "guitar", "viola", "violin")
IN_MOST = ClassShare(finding=F, better="a", worse="b", classes=ALL)
RUNS = Runs(finding=F, of=("a",), low=60.0, high=80.0)
FEW_RUNS = Runs(finding=F, of=("a", "b"), high=30.0, failed=True, relation="below", printed=0.3)
FINISHED = Runs(finding=F, of=("a",), failed=True, relation="below", printed=0.4)
UNEQUAL = Unequal(finding=F, among=("a", "b", "c"))
SPREAD = Spread(finding=F, closer=("a", "b", "c"), wider=("d", "e", "f"))
DIFFERS = Slope(finding=F, arm="a", covariate="loudness", less=HELD)
ON_SOME = Slope(finding=F, arm="a", covariate="loudness", classes=STRUCK)
SLOPE = Slope(finding=F, arm="a", covariate="loudness")
FALLS = Slope(finding=F, arm="a", covariate="loudness", direction="falls")
COST = Cost(finding=F, cheaper="a", dearer="b")
COUNT = Cost(finding=F, cheaper="a", dearer="b", metric="parameters")
SOONER = Better(finding=F, better="a", worse="b", metric="epochs_to_90", margin=1)
TO_SHARE = Cost(finding=F, cheaper="a", dearer="b", metric="seconds_to_share")
SIZE = Level(finding=F, arm="a", printed=1000, relation="below", metric="parameters")
SAME = Equal(finding=F, first="a", second="b", metric="parameters")
COUNTED = Equal(finding=F, first="a", second=900.0, metric="parameters")
TIME = Level(finding=F, arm="a", printed=1.0, metric="seconds_per_epoch", margin=0.1)
FACT = Fact(finding=F, fact="instruments", printed=25)
ROUGHLY = Fact(finding=F, fact="instruments", printed=25, tolerance=0.1)
MORE = Fact(finding=F, fact="instruments", printed=25, relation="above")
AT_MOST = Fact(finding=F, fact="instruments", printed=25, relation="below")
SOME = Fact(finding=F, fact="instruments", printed=20, upper=25, relation="between")

Case = tuple[Claim, dict[str, float], dict[str, Any], str, str]
FALLING = arms(0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)
RISING = arms(0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
# Of eight two are up and two down, and four are told apart by seeds alone.
CLOSE = arms(0.70, 0.70, 0.50, 0.50, 0.60, 0.60, 0.60, 0.60)
HIGH, LOW = arms(*[0.7] * 8), arms(*[0.5] * 8)

CASES: list[Case] = [
    (BETTER, arms(0.8, 0.7), {}, "reproduced", ""),
    (BETTER, arms(0.7, 0.8), {}, "contradicted", "reversed"),
    (BETTER, arms(0.75, 0.75), {"noise": 0.1}, "contradicted", "null"),
    (BETTER, arms(0.76, 0.75), {"noise": 0.02, "items": 30}, "contradicted", "negligible"),
    (BETTER, arms(0.78, 0.75), VAGUE, "inconclusive", ""),
    (ABOVE, arms(0.5), {}, "reproduced", ""),
    (ABOVE, arms(0.27), VAGUE, "inconclusive", ""),
    (ABOVE, arms(0.1), {}, "contradicted", "reversed"),
    (UNDER_CHANCE, arms(0.1), {}, "reproduced", ""),
    (UNDER_CHANCE, arms(0.3), VAGUE, "inconclusive", ""),
    (UNDER_CHANCE, arms(0.5), {}, "contradicted", "reversed"),
    (EVEN, arms(0.8, 0.7, 0.7), {}, "reproduced", ""),
    (EVEN, arms(0.8, 0.75, 0.6), {}, "contradicted", "reversed"),
    (EVEN, arms(0.78, 0.75, 0.75), VAGUE, "inconclusive", ""),
    (EQUAL, arms(0.75, 0.75), {"noise": 0.1}, "reproduced", ""),
    (EQUAL, arms(0.8, 0.7), {}, "contradicted", ""),
    (EQUAL, arms(0.7, 0.8), {}, "contradicted", ""),
    (EQUAL, arms(0.75, 0.76), VAGUE, "inconclusive", ""),
    (NEVER, levels(0.7, 0.75, 0.75), {"noise": 0.1}, "reproduced", ""),
    (NEVER, levels(0.7, 0.8, 0.7), {"noise": 0.1}, "contradicted", ""),
    (NEVER, levels(0.7, 0.7, 0.7), VAGUE, "inconclusive", ""),
    (SATURATES, levels(0.6, 0.75, 0.75, 0.75), {"noise": 0.1}, "reproduced", ""),
    (SATURATES, levels(0.6, 0.7, 0.75, 0.8), {"noise": 0.1}, "contradicted", "not saturated"),
    (SATURATES, levels(0.75, 0.75, 0.75, 0.75), {"noise": 0.1}, "contradicted", "flat"),
    (SATURATES, levels(0.7, 0.72, 0.72, 0.72), VAGUE, "inconclusive", ""),
    (OPTIMUM, levels(0.6, 0.7, 0.8, 0.7, 0.6), {}, "reproduced", ""),
    (OPTIMUM, levels(0.5, 0.6, 0.65, 0.7, 0.8), {}, "contradicted", "elsewhere"),
    (OPTIMUM, levels(0.75, 0.75, 0.75, 0.75, 0.75), {"noise": 0.1}, "contradicted", "flat"),
    (OPTIMUM, levels(0.7, 0.75, 0.75, 0.75, 0.75), {}, "inconclusive", ""),
    # The neighbour of the claimed optimum is near it: that it is better does not contradict.
    (OPTIMUM, levels(0.5, 0.6, 0.7, 0.8, 0.6), {}, "inconclusive", ""),
    (WITHIN, levels(0.6, 0.75, 0.8, 0.7, 0.6), {}, "reproduced", ""),
    (WITHIN, levels(0.6, 0.8, 0.7, 0.6, 0.6), {}, "reproduced", ""),
    (WITHIN, levels(0.5, 0.6, 0.65, 0.7, 0.8), {}, "contradicted", "elsewhere"),
    (WITHIN, levels(0.75, 0.75, 0.75, 0.75, 0.75), {"noise": 0.1}, "contradicted", "flat"),
    (WITHIN, levels(0.75, 0.75, 0.75, 0.7, 0.6), {}, "inconclusive", ""),
    # One of the two is beaten, and the other is not.
    (WITHIN, levels(0.6, 0.6, 0.8, 0.6, 0.8), {}, "reproduced", ""),
    (LEVEL, arms(0.70), {"groups": 400, "flatter": 0.0}, "reproduced", ""),
    (LEVEL, arms(0.4), {}, "contradicted", ""),
    (LEVEL, arms(0.75), VAGUE, "inconclusive", ""),
    (LEVEL, arms(0.4), {"guessed": ["architecture: channels"]}, "untestable", "not comparable"),
    (LEVEL, arms(0.70), {"groups": 400, "guessed": ["architecture: channels"]}, "reproduced", ""),
    (LEVEL, arms(0.4), {"guessed": ["learning_rate"]}, "contradicted", ""),
    (BOUND, arms(0.85), {}, "reproduced", ""),
    (BOUND, arms(0.5), {}, "contradicted", ""),
    (BOUND, arms(0.7), {}, "inconclusive", ""),
    (UNDER, arms(0.5), {}, "reproduced", ""),
    (UNDER, arms(0.85), {}, "contradicted", ""),
    (RANGE, arms(0.7), {}, "reproduced", ""),
    (RANGE, arms(0.3), {}, "contradicted", ""),
    (RANGE, arms(0.85), {}, "inconclusive", ""),
    (EACH, arms(0.8, 0.7, 0.7, 0.6), {}, "reproduced", ""),
    (EACH, arms(0.8, 0.7, 0.6, 0.7), {}, "contradicted", ""),
    (EACH, arms(0.8, 0.7, 0.72, 0.7), VAGUE, "inconclusive", ""),
    (SOMETIMES, arms(0.8, 0.7, 0.6, 0.7), {}, "reproduced", ""),
    (SOMETIMES, arms(0.8, 0.7, 0.7, 0.6), {}, "contradicted", "always"),
    (SOMETIMES, arms(0.7, 0.8, 0.6, 0.7), {}, "contradicted", "never"),
    (SOMETIMES, arms(0.75, 0.75, 0.7, 0.6), {}, "inconclusive", ""),
    (MOST, HIGH, {}, "reproduced", ""),
    (MOST, LOW, {}, "contradicted", ""),
    (MOST, CLOSE, {"noise": 0.4}, "inconclusive", ""),
    (ABOUT, HIGH, {}, "reproduced", ""),
    (ABOUT, LOW, {}, "contradicted", ""),
    (ABOUT, CLOSE, {"noise": 0.4}, "inconclusive", ""),
    (CONSTANTS, arms(0.7, 0.4), {}, "reproduced", ""),
    (CONSTANTS, arms(0.7, 0.8), {}, "contradicted", ""),
    (CONSTANTS, arms(0.53, 0.4), VAGUE, "inconclusive", ""),
    (CHAIN, arms(0.8, 0.7, 0.6), {}, "reproduced", ""),
    (CHAIN, arms(0.8, 0.6, 0.7), {}, "contradicted", "reversed"),
    (CHAIN, arms(0.8, 0.7, 0.7), {}, "inconclusive", ""),
    (BEST, arms(0.8, 0.7, 0.65, 0.6), {}, "reproduced", ""),
    (BEST, arms(0.7, 0.8, 0.6, 0.6), {}, "contradicted", "beaten"),
    (BEST, arms(0.71, 0.71, 0.7, 0.7), VAGUE, "inconclusive", ""),
    (WORST, arms(0.8, 0.7, 0.65, 0.6), {}, "reproduced", ""),
    (WORST, arms(0.7, 0.6, 0.7, 0.8), {}, "contradicted", "not the worst"),
    (WORST, arms(0.71, 0.71, 0.7, 0.7), VAGUE, "inconclusive", ""),
    (TIED, FALLING, {}, "reproduced", ""),
    (TIED, RISING, {}, "contradicted", "another order"),
    (RANKING, FALLING, {}, "reproduced", ""),
    (RANKING, RISING, {}, "contradicted", "another order"),
    (RANKING, arms(0.71, 0.72, 0.71, 0.70, 0.71, 0.70, 0.70, 0.70), VAGUE, "inconclusive", ""),
    (INTERACTION, arms(0.8, 0.6, 0.7, 0.7), {}, "reproduced", ""),
    (INTERACTION, arms(0.7, 0.7, 0.8, 0.6), {}, "contradicted", "reversed"),
    (INTERACTION, arms(0.7, 0.68, 0.7, 0.7), VAGUE, "inconclusive", ""),
    (RECALL, arms(0.6), {"lifted": {"a": dict.fromkeys(STRUCK, 0.5)}}, "reproduced", ""),
    (RECALL, arms(0.6), {"lifted": {"a": dict.fromkeys(HELD, 0.5)}}, "contradicted", "reversed"),
    (RECALL, arms(0.6), VAGUE, "inconclusive", ""),
    (MORE_RECALL, arms(0.6, 0.6), {"lifted": {"a": dict.fromkeys(STRUCK, 0.5)}}, "reproduced", ""),
    (MORE_RECALL, arms(0.6, 0.6), {"lifted": {"b": dict.fromkeys(STRUCK, 0.5)}}, "contradicted", "reversed"),
    (MORE_RECALL, arms(0.6, 0.6), VAGUE, "inconclusive", ""),
    (IN_MOST, arms(0.75, 0.6), {"classes": 8}, "reproduced", ""),
    (IN_MOST, arms(0.6, 0.75), {"classes": 8}, "contradicted", ""),
    (IN_MOST, arms(0.6, 0.6), {"classes": 8, "lifted": {"b": dict.fromkeys(ALL[::2], 0.5)}}, "inconclusive", ""),
    (RUNS, arms(0.7), {}, "reproduced", ""),
    (RUNS, arms(0.7), {"failed": {"a": 5}}, "inconclusive", ""),
    (RUNS, arms(0.5), {}, "contradicted", "too few"),
    (FEW_RUNS, arms(0.7, 0.7), {"n": 16}, "reproduced", ""),
    (FEW_RUNS, arms(0.7, 0.7), {"n": 16, "failed": {"a": 7}}, "inconclusive", ""),
    (FEW_RUNS, arms(0.1, 0.7), {"n": 16, "failed": {"b": 12}}, "contradicted", "too many"),
    (FINISHED, arms(0.7), {}, "reproduced", ""),
    (FINISHED, arms(0.7), {"failed": {"a": 10}}, "contradicted", "too many"),
    (UNEQUAL, arms(0.7, 0.7, 0.8), {}, "reproduced", ""),
    (UNEQUAL, arms(0.7, 0.7, 0.7), {"noise": 0.1}, "contradicted", "equal"),
    (UNEQUAL, arms(0.7, 0.72, 0.7), VAGUE, "inconclusive", ""),
    (SPREAD, arms(0.7, 0.7, 0.7, 0.6, 0.7, 0.8), {}, "reproduced", ""),
    (SPREAD, arms(0.6, 0.7, 0.8, 0.7, 0.7, 0.7), {}, "contradicted", "reversed"),
    (SPREAD, arms(0.7, 0.72, 0.74, 0.7, 0.73, 0.76), VAGUE, "inconclusive", ""),
    (DIFFERS, arms(0.6), {"slope": dict.fromkeys(STRUCK, 0.8)}, "reproduced", ""),
    (DIFFERS, arms(0.6), {"slope": dict.fromkeys(HELD, 0.8)}, "contradicted", "reversed"),
    (DIFFERS, arms(0.6), {"slope": 0.6}, "inconclusive", ""),
    (ON_SOME, arms(0.6), {"slope": 0.6}, "reproduced", ""),
    (SLOPE, arms(0.6), {"slope": 0.6}, "reproduced", ""),
    (SLOPE, arms(0.6), {"slope": -0.6}, "contradicted", "reversed"),
    (FALLS, arms(0.6), {"slope": -0.6}, "reproduced", ""),
    (SLOPE, arms(0.6), {**VAGUE, "slope": 0.03}, "inconclusive", ""),
    (COST, arms(0.7, 0.7), {"seconds": {"a": 1.0, "b": 2.0}}, "reproduced", ""),
    (COST, arms(0.7, 0.7), {"seconds": {"a": 2.0, "b": 1.0}}, "contradicted", "reversed"),
    (COST, arms(0.7, 0.7), {}, "contradicted", "null"),
    (COST, arms(0.7, 0.7), {"seconds": {"a": 1.0, "b": 1.1}}, "inconclusive", ""),
    (TO_SHARE, arms(0.7, 0.7), {"delay": {"a": 1, "b": 8}}, "reproduced", ""),
    (TO_SHARE, arms(0.7, 0.7), {"delay": {"a": 8, "b": 1}}, "contradicted", "reversed"),
    (COUNT, arms(0.7, 0.7), {"parameters": {"a": 100, "b": 200}}, "reproduced", ""),
    (COUNT, arms(0.7, 0.7), {"parameters": {"a": 200, "b": 100}}, "contradicted", "reversed"),
    (COUNT, arms(0.7, 0.7), {"parameters": {"a": 100, "b": 105}}, "contradicted", "null"),
    (SAME, arms(0.7, 0.7), {"parameters": {"a": 100, "b": 100}}, "reproduced", ""),
    (SAME, arms(0.7, 0.7), {"parameters": {"a": 100, "b": 101}}, "contradicted", ""),
    (COUNTED, arms(0.7), {"parameters": {"a": 900}}, "reproduced", ""),
    (COUNTED, arms(0.7), {"parameters": {"a": 901}}, "contradicted", ""),
    (TIME, arms(0.7), {"seconds": {"a": 1.0}}, "reproduced", ""),
    (TIME, arms(0.7), {"seconds": {"a": 2.0}}, "untestable", "not comparable"),
    (SIZE, arms(0.7), {"parameters": {"a": 900}}, "reproduced", ""),
    (SIZE, arms(0.7), {"parameters": {"a": 1001}}, "contradicted", ""),
    (SOONER, arms(0.7, 0.7), {"delay": {"a": 1, "b": 6}}, "reproduced", ""),
    (SOONER, arms(0.7, 0.7), {"delay": {"a": 6, "b": 1}}, "contradicted", "reversed"),
    (
        SOONER,
        arms(0.7, 0.7),
        {"delay": {"a": 2, "b": 3}, "n": 8, "groups": 10, "items": 1, "seed": 7},
        "inconclusive",
        "",
    ),
    (FACT, arms(0.7), {"facts": {"instruments": 25}}, "reproduced", ""),
    (FACT, arms(0.7), {"facts": {"instruments": 20}}, "contradicted", ""),
    (ROUGHLY, arms(0.7), {"facts": {"instruments": 23}}, "reproduced", ""),
    (ROUGHLY, arms(0.7), {"facts": {"instruments": 22}}, "contradicted", ""),
    (MORE, arms(0.7), {"facts": {"instruments": 26}}, "reproduced", ""),
    (MORE, arms(0.7), {"facts": {"instruments": 25}}, "contradicted", ""),
    (AT_MOST, arms(0.7), {"facts": {"instruments": 25}}, "reproduced", ""),
    (AT_MOST, arms(0.7), {"facts": {"instruments": 26}}, "contradicted", ""),
    (SOME, arms(0.7), {"facts": {"instruments": 22}}, "reproduced", ""),
    (SOME, arms(0.7), {"facts": {"instruments": 26}}, "contradicted", ""),
    (FACT, arms(0.7), {"facts": {"instruments": None}}, "untestable", ""),
    (FACT, arms(0.7), {}, "untestable", ""),
    (Slope(finding=F, arm="a", covariate="colour"), arms(0.7), {}, "untestable", ""),
    (NoDirection(finding=F, first="a", second="b"), arms(0.8, 0.7), {}, "no claim", ""),
]


def case_name(case: Case) -> str:
    return f"{case[0].model_dump()['kind']}-{case[3]}-{case[4] or 'plain'}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_planted_results_get_their_verdict(case: Case, planted: Any) -> None:
    claim, shares, changes, word, label = case
    verdict = verdicts(planted(shares, [claim], cells=[("as_published", "as_printed")], **changes))[0]
    assert (verdict.word, verdict.label) == (word, label), verdict.reason
    check_sentence(verdict)


def check_sentence(verdict: Verdict) -> None:
    assert verdict.reason.endswith(".") and "nan" not in verdict.reason and "\n" not in verdict.reason
    if verdict.effect is not None and verdict.low is not None and verdict.high is not None:
        assert verdict.low <= verdict.effect <= verdict.high


def test_every_claim_type_is_planted_with_every_word() -> None:
    words: dict[str, set[str]] = {}
    for claim, _, _, word, _ in CASES:
        words.setdefault(claim.model_dump()["kind"], set()).add(word)
    estimated = set(words) - {"FACT", "HYP"}
    assert all({"reproduced", "contradicted", "inconclusive"} <= words[kind] for kind in estimated)


def test_turning_a_claim_round_turns_its_numbers(planted: Any) -> None:
    there = verdicts(planted(arms(0.8, 0.7), [BETTER]))[0]
    back = verdicts(planted(arms(0.8, 0.7), [Better(finding=F, better="b", worse="a")]))[0]
    assert (back.effect, back.low, back.high) == pytest.approx((-there.effect, -there.high, -there.low))
    assert back.p == pytest.approx(1 - there.p)


def test_fewer_epochs_are_better(planted: Any) -> None:
    verdict = verdicts(planted(arms(0.7, 0.7), [SOONER], delay={"a": 1, "b": 6}))[0]
    assert verdict.effect is not None and verdict.effect > 0
    assert "a is" in verdict.reason and "below b" in verdict.reason


def test_an_arm_is_measured_by_a_constant_and_not_the_constant_by_it(planted: Any) -> None:
    below = verdicts(planted(arms(0.1), [UNDER_CHANCE]))[0]
    assert below.effect is not None and below.effect > 0
    assert "a is" in below.reason and "points below 25.0" in below.reason


def test_a_mean_of_arms_is_named_in_words(planted: Any) -> None:
    assert "the mean of a and c is" in verdicts(planted(arms(0.8, 0.7, 0.7), [EVEN]))[0].reason


def test_counts_need_no_trials(planted: Any) -> None:
    claims = [SAME, SIZE, COUNT]
    described = planted({"z": 0.7}, claims, n=1, parameters={"a": 100, "b": 120}, rendered=True)
    found = {(verdict.kind, verdict.word) for verdict in verdicts(described)}
    assert found == {("EQ", "contradicted"), ("LEV", "reproduced"), ("COST", "reproduced")}
    assert {claim.rests_on for claim in (*claims, FACT)} == {"described"} and EQUAL.rests_on == "confirmed"


@pytest.mark.parametrize("metric", [name for name, metric in METRICS.items() if metric.counted])
def test_every_count_is_exact_and_taken_of_what_is_described(planted: Any, metric: str) -> None:
    of = {"finding": F, "metric": metric}
    claims = [
        Cost(part="1", cheaper="a", dearer="b", **of),
        Equal(part="2", first="a", second="b", **of),
        Level(part="3", arm="a", printed=1000, relation="below", **of),
        NoDirection(part="4", first="a", second="b", margin=1, **of),
        NoDirection(part="5", first=("a", "b"), second=90.0, margin=1, **of),
    ]
    run = planted({"z": 0.7}, claims, n=1)
    run.study["architectures"] = {"a": {metric: 100}, "b": {metric: 120}}
    found = [v for v in verdicts(run) if v.protocol == "as_published"]
    assert [v.word for v in found] == ["reproduced", "contradicted", "reproduced", "no claim", "no claim"]
    assert [v.effect for v in found] == pytest.approx([1.2, -20, 100, -20, 20])
    words = METRICS[metric].words.capitalize()
    assert found[0].reason == f"{words} are 120 for b and 100 for a, a ratio of 1.20: it is above 1.1."
    assert found[4].reason.startswith(f"{words} are 110 for the mean of a and b and 90 as stated")
    run.study["architectures"]["b"][metric] = None
    unknown = next(v for v in verdicts(run) if v.part == "1")
    assert unknown.word == "not run" and f"'{metric}' of 'b' is not known: {METRICS[metric].without}" in unknown.reason


@pytest.mark.parametrize(
    ("claim", "share", "ahead"),
    [(BETTER, 0.8, 10), (BETTER, 0.6, 0), (EQUAL, 0.8, 10), (NoDirection(finding=F, first="a", second="b"), 0.6, 0)],
)
def test_a_verdict_says_how_often_the_first_is_ahead_and_how_likely_each_side_of_the_margin_is(
    claim: Claim, share: float, ahead: int, planted: Any
) -> None:
    verdict = verdicts(planted(arms(share, 0.7), [claim]))[0]
    assert verdict.ahead == ahead and f"ahead in {ahead} of 10 repetitions" in verdict.reason
    surest = "under 1 %, under 1 % and over 99 %" if ahead else "over 99 %, under 1 % and under 1 %"
    assert f"a difference below, within and above ±2 points has a probability of {surest}" in verdict.reason
    assert verdict.probabilities is not None and sum(verdict.probabilities) == pytest.approx(1)


def test_ahead_is_what_is_better_not_what_is_more(planted: Any) -> None:
    """Fewer epochs are better, in a claim of a direction and in one of equality."""
    same = Equal(finding=F, first="a", second="b", metric="epochs_to_90", margin=1)
    for claim in (SOONER, same):
        verdict = verdicts(planted(arms(0.7, 0.7), [claim], delay={"a": 1, "b": 6}))[0]
        assert verdict.ahead == verdict.n == 10


@pytest.mark.parametrize("second", ["b", 5.0])
def test_without_a_direction_the_first_is_measured_by_an_arm_or_by_a_constant(
    second: str | float, planted: Any
) -> None:
    """Not turned round where less is better: what is estimated is the first less the second."""
    claim = NoDirection(finding=F, first="a", second=second, metric="epochs_to_90", margin=1)
    run = planted(arms(0.7, 0.7), [claim], delay={"a": 1, "b": 6})
    verdict = verdicts(run)[0]
    values = Confirmed(run, verdict.protocol).cells(claim.arms, claim.metric).values
    drawn = claim.difference(lambda arm: values[arm].ravel(), *claim.sides)
    assert verdict.word == "no claim" and verdict.effect == pytest.approx(drawn.mean())
    assert verdict.effect < 0


@pytest.mark.parametrize("ends", [{"low": 57.0}, {"high": 55.0}])
def test_a_run_that_ends_at_the_end_of_a_range_is_inside_it(ends: dict[str, float], planted: Any) -> None:
    (end,) = ends.values()
    run = planted(arms(0.7), [Runs(finding=F, metric="validation_accuracy", of=("a",), **ends)])
    # As points, .57 is less than 57 and .55 more than 55.
    verdict = verdicts(replace(run, epochs=run.epochs.assign(validation_accuracy=end / 100)))[0]
    assert verdict.effect == 1.0


def test_a_level_is_ahead_of_nothing(planted: Any) -> None:
    verdict = verdicts(planted(arms(0.7), [LEVEL]))[0]
    assert verdict.ahead is None and verdict.probabilities is None
