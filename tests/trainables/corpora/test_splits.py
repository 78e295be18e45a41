"""Properties of the splitting helpers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainables.corpora.splits import (
    Split,
    apart,
    by_class,
    check_groups,
    deal,
    distinct,
    folded,
    generator,
    grouped_split,
    groups_of,
    joined,
    strata,
    take_groups,
)
from trainables.errors import InvalidSetting

GROUPS = st.lists(st.integers(0, 12), min_size=3, max_size=80).map(lambda names: np.array(names, str))
SEEDS = st.integers(0, 2**31)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Clips of two to four classes with five to nine groups each, of uneven size."""
    rows = []
    for label in range(draw(st.integers(2, 4))):
        sizes = draw(st.lists(st.integers(1, 9), min_size=5, max_size=9))
        rows += [(f"c{label}", f"c{label} g{group}") for group, size in enumerate(sizes) for _ in range(size)]
    return pd.DataFrame(rows, columns=["label", "group"]).sample(frac=1, random_state=0, ignore_index=True)


def rows_of(clips: pd.DataFrame) -> list[np.ndarray]:
    return [rows for _, rows in by_class(clips)]


def of_fold(clips: pd.DataFrame, seed: int, fold: int, folds: int, fewest: int = 3) -> Split:
    """The fold, beside the clips that configurations are chosen by."""
    chosen_by = grouped_split(clips, rows_of(clips), 0, fewest=fewest).validation
    return folded(clips, rows_of(clips), chosen_by, seed, fold, folds, fewest=fewest)


@given(tables(), SEEDS, st.sampled_from([(0, 1), (0, 2), (1, 2), (2, 3), (2, 4)]))
def test_parts_are_disjoint_whole_and_share_no_group(clips: pd.DataFrame, seed: int, fold: tuple[int, int]) -> None:
    split = of_fold(clips, seed, *fold) if fold[1] > 1 else grouped_split(clips, rows_of(clips), seed)
    parts = [split.train, split.validation, split.test]
    assert sorted(np.concatenate(parts)) == list(range(len(clips)))
    groups = [set(clips["group"].iloc[part]) for part in parts]
    assert sum(map(len, groups)) == clips["group"].nunique()
    assert all(set(clips["label"].iloc[part]) == set(clips["label"]) for part in parts)


@given(tables(), SEEDS, st.integers(2, 4))
def test_over_the_folds_every_clip_is_tested_once_but_those_that_were_chosen_by(
    clips: pd.DataFrame, seed: int, folds: int
) -> None:
    splits = [of_fold(clips, seed, fold, folds) for fold in range(folds)]
    chosen_by = grouped_split(clips, rows_of(clips), 0).validation
    assert all(split.validation.tolist() == chosen_by.tolist() for split in splits)
    tested = np.concatenate([split.test for split in splits])
    assert sorted([*tested, *chosen_by]) == list(range(len(clips)))


def test_more_folds_than_groups_are_left_for_are_refused() -> None:
    clips = pd.DataFrame({"label": ["a"] * 5 + ["b"] * 5, "group": [f"{label}{i}" for label in "ab" for i in range(5)]})
    with pytest.raises(
        InvalidSetting, match=r"The class 'a' has 4 group\(s\) .* 5 are needed: .* set --folds to 4 or fewer"
    ):
        of_fold(clips, 0, 0, 5)


@given(GROUPS, SEEDS)
@settings(deadline=None)
def test_groups_are_dealt_whole_and_evenly(groups: np.ndarray, seed: int) -> None:
    count = min(3, len(set(groups)))
    parts = deal(groups, count, np.random.default_rng(seed))
    assert all(len(set(parts[groups == group])) == 1 for group in set(groups))
    filled = np.bincount(parts, minlength=count)
    assert filled.min() > 0
    assert filled.max() - filled.min() <= max(np.unique(groups, return_counts=True)[1])


@given(GROUPS, SEEDS, st.floats(0.1, 0.9))
@settings(deadline=None)
def test_groups_are_taken_whole_and_as_near_as_they_allow(groups: np.ndarray, seed: int, share: float) -> None:
    names, sizes = np.unique(groups, return_counts=True)
    if len(names) < 2:
        return
    target = max(1, int(share * len(groups)))
    taken = take_groups(groups, target, np.random.default_rng(seed))
    assert all(len(set(taken[groups == name])) == 1 for name in names)
    assert 0 < taken.sum() < len(groups)
    left = sizes[~np.isin(names, groups[taken])]
    assert taken.sum() <= target + sizes.min() or taken.sum() - target <= left.max()


def test_single_items_are_taken_exactly() -> None:
    groups = np.arange(50).astype(str)
    assert take_groups(groups, 17, np.random.default_rng(0)).sum() == 17


def test_the_nearer_side_of_the_target_is_taken() -> None:
    groups = np.repeat([*"abcdefghij"], 4)
    assert take_groups(groups, 15, np.random.default_rng(0)).sum() == 16
    assert take_groups(groups, 13, np.random.default_rng(0)).sum() == 12


@pytest.mark.parametrize(("fold", "folds"), [(-1, 1), (1, 1), (5, 5), (0, 0)])
def test_a_fold_out_of_range_is_refused(fold: int, folds: int) -> None:
    with pytest.raises(InvalidSetting, match=f"fold is {fold} of folds {folds}"):
        generator(0, fold, folds)


def test_too_few_groups_are_named() -> None:
    with pytest.raises(
        InvalidSetting,
        match=r"The class 'oboe' has 2 group\(s\) .* 3 are needed: add its missing clips to the corpus folder.$",
    ):
        check_groups("oboe", np.array(["a", "a", "b"]), 3)


@given(tables(), SEEDS, st.integers(2, 5))
def test_two_groups_do_where_they_may(clips: pd.DataFrame, seed: int, folds: int) -> None:
    clips = clips.assign(group=clips["label"] + " " + (clips["group"].str[-1] == "0").astype(str))
    with pytest.raises(InvalidSetting, match="where 3 are needed"):
        grouped_split(clips, rows_of(clips), seed)
    splits = [of_fold(clips, seed, fold, folds, fewest=2) for fold in range(folds)]
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(len(clips)))
    for split in splits:
        assert set(clips["label"].iloc[split.train]) == set(clips["label"])
        assert not set(clips["group"].iloc[split.train]) & set(clips["group"].iloc[split.test])


def test_a_group_of_two_labels_counts_under_the_one_it_has_most_of() -> None:
    clips = pd.DataFrame({"label": [*"aabbab"], "group": [*"xxxyyz"]})
    assert [(label, rows.tolist()) for label, rows in strata(clips, np.arange(6))] == [
        ("a", [0, 1, 2, 3, 4]),
        ("b", [5]),
    ]
    by_label = strata(clips, np.array([5, 3, 1, 0]), "label")
    assert [(label, rows.tolist()) for label, rows in by_label] == [("a", [0, 1]), ("b", [3, 5])]


def test_repeats_are_used_once_and_conflicts_not_at_all() -> None:
    clips = pd.DataFrame({"label": [*"aaabb"], "digest": [*"ppqqr"]})
    assert distinct(clips, np.arange(5)).tolist() == [0, 4]
    assert distinct(clips, np.array([2, 1])).tolist() == [1, 2]


def test_rows_are_kept_apart_from_others_of_their_group() -> None:
    clips = pd.DataFrame({"group": [*"abcab"]})
    assert apart(groups_of(clips), np.array([0, 1, 2]), np.array([3]), np.array([4])).tolist() == [2]


def test_nothing_cannot_be_divided() -> None:
    """Where all clips to train on share their groups with the test part, none are left."""
    with pytest.raises(InvalidSetting, match="No clips of the packed corpus are left to divide: pack more of it"):
        joined([], [], [])
