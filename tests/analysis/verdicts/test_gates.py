"""What may never decide a finding: too few seeds, a small scale, rendered audio."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.claims import KINDS, Better, Claim, Cost, Equal, Fact, Ranking
from analysis.claims import Level as LevelClaim
from analysis.verdicts import other_cells, verdicts

F = "S4-F3"
ARMS = tuple("abcdefgh")


def claims_of_every_kind() -> list[Claim]:
    examples: dict[str, dict[str, Any]] = {
        "DIR": {"better": "a", "worse": "b"},
        "EQ": {"first": "a", "second": "b"},
        "NI": {"levels": ARMS[:4]},
        "SAT": {"levels": ARMS[:4], "at": "b"},
        "OPT": {"levels": ARMS[:5], "at": "c"},
        "LEV": {"arm": "a", "printed": 70},
        "PROP": {"pairs": (("a", "b"), ("c", "d"), ("e", "f")), "share": "most"},
        "ORD": {"ranking": ARMS},
        "INT": {"plus": ("a", "b"), "minus": ("c", "d")},
        "slope": {"arm": "a", "covariate": "loudness"},
        "HYP": {"first": "a", "second": "b"},
        "COST": {"cheaper": "a", "dearer": "b"},
        "FACT": {"fact": "instruments", "printed": 25},
        "RUNS": {"of": ("a", "b"), "low": 50.0},
        "UNEQ": {"among": ARMS[:4]},
        "SPREAD": {"closer": ARMS[:3], "wider": ARMS[3:6]},
        "RECALL": {"arm": "a", "than": "b", "classes": ("cello",), "less": ("tuba",)},
        "CLASSES": {"better": "a", "worse": "b", "classes": ("cello", "flute", "oboe", "tuba")},
        "IMPORTANCE": {"arm": "a"},
    }
    assert set(KINDS) == set(examples)
    plain = [KINDS[name](finding=F, part=name, **fields) for name, fields in examples.items()]
    further = [
        {"share": "each", "pairs": (("a", "b"), ("c", "d"))},
        {"share": "sometimes", "pairs": (("a", "b"), ("d", "c"))},
        {"share": "about", "printed": 0.9, "pairs": (("a", "b"), ("c", "d"))},
    ]
    shares = [KINDS["PROP"](finding=F, part=fields["share"], **fields) for fields in further]
    orders = [
        KINDS["ORD"](finding=F, part="chain", chain=ARMS[:3]),
        KINDS["ORD"](finding=F, part="best", best="a", candidates=ARMS[:4]),
    ]
    return [*plain, *shares, *orders]


@pytest.mark.parametrize("bar", ["few", "smoke", "rendered"])
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(1, 7),
    shares=st.lists(st.floats(0.05, 0.95), min_size=8, max_size=8),
    seed=st.integers(0, 1000),
)
# Of next to no right answers the slope on a covariate has no bound.
@example(n=1, shares=[0.0625, *[0.5] * 7], seed=784)
def test_no_claim_is_decided_by_what_must_not_decide(
    planted: Any, bar: str, n: int, shares: list[float], seed: int
) -> None:
    run = planted(
        dict(zip(ARMS, shares, strict=True)),
        claims_of_every_kind(),
        n=n if bar == "few" else 9,
        groups=10,
        items=2,
        seed=seed,
        decides=bar != "smoke",
        rendered=bar == "rendered",
        facts={"instruments": 25},
    )
    for verdict in verdicts(run):
        exempt = verdict.kind == "FACT" and bar != "rendered"
        assert exempt or verdict.word in ("inconclusive", "untestable", "no claim"), (verdict.kind, verdict.reason)
        assert exempt or not verdict.label
        badge = {"few": "preview (n < 8)", "smoke": "smoke scale", "rendered": "rendered audio"}[bar]
        assert exempt or verdict.word == "untestable" or badge in verdict.badges


@pytest.mark.parametrize(
    ("changes", "badge", "why"),
    [
        ({"n": 7}, "preview (n < 8)", "7 repetitions are fewer than 8"),
        ({"decides": False}, "smoke scale", "the scale 'planted' does not decide"),
        ({"rendered": True}, "rendered audio", "the audio is a rendered stand-in"),
    ],
)
def test_a_barred_verdict_says_why_and_keeps_its_numbers(
    planted: Any, changes: dict[str, Any], badge: str, why: str
) -> None:
    claim = Better(finding=F, better="a", worse="b")
    barred = verdicts(planted({"a": 0.9, "b": 0.5}, [claim], **changes))[0]
    assert barred.word == "inconclusive" and badge in barred.badges and why in barred.reason
    assert barred.effect is not None and barred.effect > 30 and barred.low is not None


def test_counted_parameters_need_no_repetition(planted: Any) -> None:
    claim = Cost(finding=F, cheaper="a", dearer="b", metric="parameters")
    run = planted({"a": 0.7, "b": 0.7}, [claim], n=1, decides=False, rendered=True, parameters={"a": 10, "b": 30})
    assert {v.word for v in verdicts(run)} == {"reproduced"}


def test_a_count_of_zero_has_no_ratio(planted: Any) -> None:
    claim = Cost(finding=F, cheaper="a", dearer="b", metric="parameters")
    run = planted({"a": 0.7, "b": 0.7}, [claim], n=1)
    counts = run.trials["arm"].map({"a": 0, "b": 30})
    (first, _) = verdicts(replace(run, trials=run.trials.assign(parameters=counts)))
    assert first.word == "untestable" and "needs values above 0" in first.reason


def test_a_ranking_by_a_metric_without_test_groups_is_not_decided(planted: Any) -> None:
    claim = Ranking(finding=F, metric="seconds_per_epoch", ranking=ARMS)
    run = planted(dict.fromkeys(ARMS, 0.7), [claim], seconds={arm: 1.0 + n for n, arm in enumerate(ARMS)})
    verdict = verdicts(run)[0]
    assert (verdict.word, verdict.effect, verdict.low, verdict.barred) == ("inconclusive", 1.0, None, ())
    assert "no interval" in verdict.reason


def test_facts_of_rendered_audio_are_untestable(planted: Any) -> None:
    run = planted({"a": 0.7}, [Fact(finding=F, fact="n", printed=25)], rendered=True, facts={"n": 25})
    assert {v.word for v in verdicts(run)} == {"untestable"}


def test_a_claim_whose_arms_were_not_confirmed_was_not_run(planted: Any) -> None:
    run = planted({"a": 0.7}, [Better(finding=F, better="a", worse="b")])
    assert [v.word for v in verdicts(run)] == ["not run", "not run"]
    assert "'b'" in verdicts(run)[0].reason


def test_an_unfinished_repetition_is_left_out_of_both_arms_and_told(planted: Any) -> None:
    run = planted({"a": 0.8, "b": 0.7}, [Better(finding=F, better="a", worse="b")])
    run.trials.loc[run.trials["trial"] == "corrected-chosen-a-3", "state"] = "failed"
    published, corrected = verdicts(run)
    assert (published.n, corrected.n) == (10, 9)
    assert "1 of the planned repetitions missing" in corrected.badges


def test_badges_tell_what_a_reader_must_know(planted: Any) -> None:
    claim = Better(finding=F, better="a", worse="b", hypothesis=True, confounded="3x8 has fewer parameters")
    run = planted({"a": 0.8, "b": 0.7}, [claim], budget_epochs=100, epochs=20)
    verdict = verdicts(run)[0]
    assert "the hypothesis is supported" in verdict.reason
    assert verdict.badges == ("reduced budget (20 of 100 epochs)", "confounded: 3x8 has fewer parameters", "hypothesis")


def test_a_level_is_judged_as_published_alone(planted: Any) -> None:
    run = planted({"a": 0.7}, [LevelClaim(finding=F, arm="a", printed=70)])
    assert [v.protocol for v in verdicts(run)] == ["as_published"]


def test_the_other_cells_have_no_verdict(planted: Any) -> None:
    run = planted({"a": 0.8, "b": 0.7}, [Equal(finding=F, first="a", second="b")], cells=[("corrected", "as_printed")])
    cells = other_cells(run)
    assert [(v.protocol, v.word) for v in cells] == [("corrected", "no claim")]
    assert cells[0].effect == pytest.approx(10, abs=4) and "without a verdict" in cells[0].reason


def test_reasons_have_minus_signs(planted: Any) -> None:
    claims = [Better(finding="S4-F4", better="a", worse="b"), Equal(finding="S4-F3", first="a", second="b")]
    for verdict in verdicts(planted({"a": 0.7, "b": 0.71}, claims, groups=20)):
        assert verdict.low is not None and verdict.low < 0
        assert "95 % interval −" in verdict.reason and not re.search(r"-\d", verdict.reason)


def test_what_is_claimed_of_an_arm_that_was_not_trained_is_untestable_but_for_what_is_counted(planted: Any) -> None:
    claims = [
        Better(finding=F, part="of it", better="c", worse="a"),
        Better(finding=F, part="of others", better="a", worse="b"),
        Cost(finding=F, part="counted", cheaper="a", dearer="c", metric="parameters"),
    ]
    run = planted({"a": 0.9, "b": 0.5}, claims, n=8, groups=20, parameters={"a": 100, "b": 100, "c": 200})
    run.study["study"]["untrained"] = {"c": "its published weights are not there"}
    for verdict in verdicts(run):
        expected = {"of it": "untestable", "of others": "reproduced", "counted": "reproduced"}[verdict.part]
        assert verdict.word == expected, verdict.reason
        if verdict.part == "of it":
            assert verdict.reason == "c was not trained: its published weights are not there."
