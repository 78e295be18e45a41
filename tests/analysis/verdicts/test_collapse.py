"""Collapsed seeds are counted, and decide nothing by themselves."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analysis.claims import Better, Cost, Equal, Ranking
from analysis.confirmed import Confirmed
from analysis.runs import Run
from analysis.verdicts import verdicts
from analysis.verdicts.collapse import MOST_NAMED, chance, collapsed, fallen, repetition_ends

F = "S4-F3"


def ends(*accuracies: float, error: float = 0.5, chance: float = 20.0) -> pd.DataFrame:
    return pd.DataFrame({"accuracy": accuracies, "error": error, "chance": chance})


def fall(run: Run, arm: str, repetitions: int) -> Run:
    """The run, of which the first corrected repetitions of an arm name one class for everything."""
    for repetition in range(repetitions):
        rows = run.predictions["trial"] == f"corrected-chosen-{arm}-{repetition}"
        run.predictions.loc[rows, "prediction"] = "cello"
    return run


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [
        ((80.0, 81.0, 79.0, 80.5, 20.8), [4]),  # within two standard errors of chance
        ((80.0, 81.0, 79.0, 80.5, 10.0), [4]),  # below chance
        ((80.0, 81.0, 79.0, 80.5, 73.5), [4]),  # the median is 80, the deviation 1
        ((80.0, 81.0, 79.0, 80.5, 74.5), []),
        ((80.0, 80.0, 80.0, 80.0, 79.2), []),  # the deviation is 0: less than two standard errors are no collapse
        ((80.0, 80.0, 80.0, 80.0, 78.8), [4]),
        ((20.0, 20.5), [0, 1]),
        ((80.0, 60.0), []),
    ],
)
def test_what_counts_as_collapsed(accuracies: tuple[float, ...], expected: list[int]) -> None:
    found = fallen(ends(*accuracies))
    assert list(found.index[found]) == expected


def test_chance_is_the_share_of_the_largest_class(planted: Any) -> None:
    run = planted({"a": 0.8}, n=3, groups=10)
    run.predictions.loc[run.predictions["label"] == "tuba", "label"] = "cello"
    assert list(chance(Confirmed(run, "corrected"), "a")) == [50.0, 50.0, 50.0]


def test_a_seed_that_names_one_class_has_collapsed(planted: Any) -> None:
    run = fall(planted({"a": 0.8, "b": 0.8}), "b", 2)
    lost = collapsed(Confirmed(run, "corrected"))
    assert list(lost["trial"]) == ["corrected-chosen-b-0", "corrected-chosen-b-1"]
    assert collapsed(Confirmed(run, "as_published")).empty
    assert list(collapsed(Confirmed(run, "grouped_same_sizes")).columns) == list(run.trials.columns)


def test_where_the_test_part_rotates_an_error_is_over_the_groups_that_were_tested(planted: Any) -> None:
    run = fall(planted({"a": 0.8}, groups=50), "a", 1)
    fold = run.predictions["trial"].str[-1].astype(int) % 5 == run.predictions["group"].astype(int) % 5
    data = Confirmed(replace(run, predictions=run.predictions[fold]), "corrected")
    assert repetition_ends(data, "a")["error"].between(0.5, 10).all()
    assert list(collapsed(data)["repetition"]) == [0]


def test_repetitions_of_one_group_have_an_error_over_items(planted: Any) -> None:
    run = fall(planted({"a": 0.8}, groups=1, items=400), "a", 1)
    assert list(collapsed(Confirmed(run, "corrected"))["repetition"]) == [0]


def test_a_comparison_that_rests_on_collapsed_seeds_is_not_decided(planted: Any) -> None:
    run = fall(planted({"a": 0.8, "b": 0.8}, [Better(finding=F, better="a", worse="b")]), "b", 4)
    published, corrected = verdicts(run)
    assert published.word == "contradicted" and not published.badges
    assert corrected.word == "inconclusive" and "4 of 10 seeds of b collapsed" in corrected.badges
    assert "4 of 10 seeds of b collapsed, and without them the verdict would be 'contradicted'" in corrected.reason


def test_a_comparison_that_holds_with_and_without_them_is_decided(planted: Any) -> None:
    run = fall(planted({"a": 0.8, "b": 0.6}, [Better(finding=F, better="a", worse="b")]), "b", 1)
    verdict = verdicts(run)[1]
    assert verdict.word == "reproduced" and "1 of 10 seeds of b collapsed" in verdict.badges
    assert verdict.n == 10


def test_nothing_is_compared_with_an_arm_of_which_all_seeds_collapsed(planted: Any) -> None:
    run = fall(planted({"a": 0.8, "b": 0.8}, [Better(finding=F, better="a", worse="b")]), "b", 10)
    verdict = verdicts(run)[1]
    assert verdict.word == "inconclusive"
    assert "10 of 10 seeds of b collapsed, and no pair is left without them" in verdict.reason


@pytest.mark.parametrize("many", [3, 4])
def test_of_many_arms_the_collapsed_seeds_are_counted_together(planted: Any, many: int) -> None:
    arms = "abcde"
    ranked = Ranking(finding=F, chain=tuple(arms))
    run = planted(dict.fromkeys(arms, 0.8), [ranked])
    for arm in arms[:many]:
        run = fall(run, arm, 2)
    one_by_one = {f"2 of 10 seeds of {arm} collapsed" for arm in arms[:many]}
    badges = set(verdicts(run)[1].badges)
    assert badges >= (one_by_one if many <= MOST_NAMED else {"8 of 40 seeds of 4 arms collapsed"})


@pytest.mark.parametrize("most", [9, 10])
def test_that_an_arm_is_at_chance_may_be_shown(planted: Any, most: int) -> None:
    run = fall(planted({"b": 0.8}, [Better(finding=F, better=60.0, worse="b")]), "b", most)
    verdict = verdicts(run)[1]
    assert verdict.word == "reproduced" and f"{most} of 10 seeds of b collapsed" in verdict.badges


def test_few_collapsed_seeds_do_not_show_where_an_arm_ends(planted: Any) -> None:
    run = fall(planted({"b": 0.8}, [Better(finding=F, better=75.0, worse="b")]), "b", 4)
    assert verdicts(run)[1].word == "inconclusive"


def test_networks_at_chance_are_not_shown_to_be_equal(planted: Any) -> None:
    run = planted({"a": 0.8, "b": 0.8}, [Equal(finding=F, first="a", second="b")])
    assert verdicts(fall(fall(run, "a", 10), "b", 10))[1].word == "inconclusive"


def test_what_does_not_depend_on_learning_is_decided_all_the_same(planted: Any) -> None:
    run = fall(planted({"a": 0.8, "b": 0.8}, [Cost(finding=F, cheaper="a", dearer="b")], seconds={"b": 2.0}), "b", 4)
    verdict = verdicts(run)[1]
    assert verdict.word == "reproduced" and not verdict.badges
