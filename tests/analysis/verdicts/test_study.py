"""Verdicts over a whole study: Holm's family, findings of several parts, costs, inflation."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import Better, Claim, Cost, Equal, Fact, Level, NoDirection, Ranking, Share
from analysis.runs import Run
from analysis.statistics import holm
from analysis.verdicts import Verdict, finding_verdicts, inflation, judge, verdicts
from analysis.verdicts.table import combine

CELLS = [
    ("as_published", "as_printed"),
    ("corrected", "chosen"),
    ("corrected", "as_printed"),
    ("grouped_same_sizes", "as_printed"),
]


def better(finding: str, first: str, second: str, part: str = "") -> Better:
    return Better(finding=finding, part=part, better=first, worse=second)


def test_holm_runs_over_all_registered_claims_of_the_study(planted: Any) -> None:
    claims: list[Claim] = [better("S4-F4", "a", "b"), better("S4-F5", "c", "b"), better("S4-F7", "a", "missing")]
    claims += [Equal(finding="S4-F3", first="a", second="c")]
    found = [v for v in verdicts(planted({"a": 0.8, "b": 0.7, "c": 0.75}, claims)) if v.protocol == "corrected"]
    missing = [math.nan, math.nan]
    expected = holm([v.p for v in found[:2] if v.p is not None] + missing)[:2]
    assert [v.p_adjusted for v in found[:2]] == pytest.approx(list(expected))
    below = holm([v.p_below for v in found[:2] if v.p_below is not None] + missing)[:2]
    assert [v.p_below_adjusted for v in found[:2]] == pytest.approx(list(below))


def test_a_family_turns_a_narrow_verdict(planted: Any) -> None:
    near = better("S4-F4", "a", "b")
    shares = {"a": 0.74, "b": 0.70}
    alone = verdicts(planted(shares, [near], noise=0.5, groups=30, items=3))[0]
    others = [better(f"S4-F{i}", "a", "missing") for i in range(5, 65)]
    among = verdicts(planted(shares, [near, *others], noise=0.5, groups=30, items=3))[0]
    assert (alone.effect, alone.low) == (among.effect, among.low)
    assert alone.word == "reproduced" and among.word == "inconclusive"


def shuffled(run: Run, seed: int) -> Run:
    """The same run with rows in another order, seeds renumbered and groups renamed."""
    generator = np.random.default_rng(seed)
    trials = run.trials.sample(frac=1, random_state=seed)
    trials["repetition"] = trials["repetition"].map(dict(enumerate(map(int, 1000 + generator.permutation(10)))))
    predictions = run.predictions.sample(frac=1, random_state=seed)
    predictions["group"] = "group " + predictions["group"].str[::-1]
    return Run(run.path, run.study, trials, run.epochs.sample(frac=1, random_state=seed), predictions)


def test_the_order_of_rows_seeds_and_groups_does_not_matter(planted: Any) -> None:
    claims: list[Claim] = [better("S4-F4", "a", "b"), Equal(finding="S4-F3", first="a", second="b")]
    claims += [Better(finding="S4-F11", better="a", worse="b", metric="epochs_to_90", margin=1)]
    run = planted({"a": 0.76, "b": 0.74}, claims, groups=40, items=5)
    there, back = verdicts(run), verdicts(shuffled(run, 1))
    assert [v.word for v in there] == [v.word for v in back]
    for v, w in zip(there, back, strict=True):
        assert (v.effect, v.low, v.high) == pytest.approx((w.effect, w.low, w.high))


def test_the_same_run_gives_the_same_verdicts(planted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arms = tuple("abcdefgh")
    pairs = tuple(zip(arms[::2], arms[1::2], strict=True))
    claims: list[Claim] = [Share(finding="S4-F4", pairs=pairs, share="most"), Ranking(finding="S4-F9", ranking=arms)]
    run = planted(dict(zip(arms, np.linspace(0.72, 0.68, 8), strict=True)), claims, groups=12, items=4, n=8)
    found = verdicts(run)
    assert verdicts(run) == found
    # Both kinds draw samples: with another seed they would say something else.
    monkeypatch.setattr(judge, "crc32", lambda text: 1)
    assert verdicts(run) != found


def verdict(word: str, label: str = "") -> Verdict:
    return Verdict("S4-F1", "", "DIR", "corrected", word, label)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["reproduced", "reproduced"], ("reproduced", "")),
        (["reproduced", "inconclusive"], ("inconclusive", "not all parts agree")),
        (["reproduced", "contradicted"], ("contradicted", "mixed")),
        (["inconclusive", "contradicted"], ("contradicted", "null")),
        (["not run", "not run"], ("not run", "")),
        (["reproduced", "not run"], ("inconclusive", "not all parts agree")),
        (["untestable", "untestable"], ("untestable", "")),
        (["reproduced", "no claim"], ("reproduced", "")),
        (["no claim", "no claim"], ("no claim", "")),
    ],
)
def test_parts_combine(words: list[str], expected: tuple[str, str]) -> None:
    parts = [verdict(word, "null" if word == "contradicted" else "") for word in words]
    assert combine(parts) == expected


@given(st.lists(st.sampled_from(["reproduced", "contradicted", "inconclusive", "untestable", "not run"]), min_size=1))
def test_a_finding_is_reproduced_only_if_every_part_is(words: list[str]) -> None:
    word = combine([verdict(w) for w in words])[0]
    assert (word == "reproduced") == (set(words) == {"reproduced"})
    assert (word == "contradicted") == ("contradicted" in words)


def test_a_part_of_which_nothing_is_claimed_lends_no_badge(planted: Any) -> None:
    shown = NoDirection(finding="S4-F1", part="shown", first="a", second="c")
    alone, beside = (
        finding_verdicts(planted({"a": 0.8, "b": 0.7, "c": 0.6}, claims, cells=CELLS, items=3))[0]
        for claims in ([shown], [better("S4-F1", "a", "b", "claimed"), shown])
    )
    assert "hypothesis" in alone.badges and "hypothesis" not in beside.badges
    assert beside.parts["shown"] == "no claim"


def test_a_verdict_per_finding_and_protocol_with_its_cost(planted: Any) -> None:
    claims = [
        better("S4-F1", "a", "b", "one"),
        better("S4-F1", "a", "c", "two"),
        NoDirection(finding="S4-F16", first="a", second="b"),
        Level(finding="S4-F2", arm="c", printed=60),
        Fact(finding="S4-F19", fact="n", printed=25),
    ]
    verdicts_of = finding_verdicts(planted({"a": 0.8, "b": 0.7, "c": 0.6}, claims, cells=CELLS, items=3))
    found = {(verdict.finding, verdict.protocol): verdict for verdict in verdicts_of}
    assert len(found) == len(verdicts_of) == 7
    both = found["S4-F1", "corrected"]
    assert both.word == "reproduced" and both.parts == {"one": "reproduced", "two": "reproduced"}
    assert both.effect is None and both.origin.run == "planted"
    # Four cells of ten seeds for each of three arms, 36 CPU seconds each.
    assert (both.trials, both.cpu_hours) == (120, pytest.approx(1.2))
    assert found["S4-F19", "corrected"].trials == 0


def test_the_fewest_repetitions_are_those_of_estimates_and_0_of_what_was_not_run(planted: Any) -> None:
    def counted(finding: str) -> Cost:
        return Cost(finding=finding, part="counted", cheaper="a", dearer="b", metric="parameters")

    claims = [
        better("S4-F1", "a", "b", "measured"),
        counted("S4-F1"),
        counted("S4-F2"),
        better("S4-F3", "a", "b", "run"),
        better("S4-F3", "a", "missing", "not run"),
    ]
    found = finding_verdicts(planted({"a": 0.8, "b": 0.7}, claims, cells=CELLS[1:2], groups=100))
    numbers = {each.finding: (each.n, each.groups) for each in found if each.protocol == "corrected"}
    assert numbers == {"S4-F1": (10, 100), "S4-F2": (0, 0), "S4-F3": (0, 0)}


def test_planted_inflation_is_found(planted: Any) -> None:
    table = inflation(planted({"a": 0.7, "b": 0.6}, cells=CELLS, flatter=0.05)).set_index("arm")
    assert (table["low"] < 5).all() and (table["high"] > 5).all() and (table["low"] > 1).all()
    assert table["inflation"].to_numpy() == pytest.approx(table["as_published"] - table["grouped_same_sizes"])


def renamed(run: Run, column: str) -> Run:
    """The run with other items, or groups, in the document's own test part."""
    moved = run.predictions.copy()
    published = moved["trial"].str.startswith("as_published")
    moved.loc[published, column] = "other " + moved.loc[published, column]
    return Run(run.path, run.study, run.trials, run.epochs, moved)


def test_other_test_groups_widen_the_inflation(planted: Any) -> None:
    run = planted({"a": 0.7}, cells=CELLS, flatter=0.05)
    other, same = inflation(renamed(run, "group")).iloc[0], inflation(run).iloc[0]
    assert other["inflation"] == pytest.approx(same["inflation"])
    assert other["high"] - other["low"] > same["high"] - same["low"]


def test_other_items_of_the_same_groups_are_paired_by_group(planted: Any) -> None:
    run = planted({"a": 0.7}, cells=CELLS, flatter=0.05)
    pd.testing.assert_series_equal(inflation(renamed(run, "item")).iloc[0], inflation(run).iloc[0])


def test_an_arm_without_a_cell_has_no_inflation(planted: Any) -> None:
    run = planted({"a": 0.7}, cells=CELLS[:1])
    row = inflation(run).iloc[0]
    assert pd.isna(row["inflation"]) and row["n"] == 0 and row["as_published"] > 0
