"""Random splits, and the same clips by groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.splits import Split
from trainables.errors import InvalidSetting

SEEDS = st.integers(0, 2**31)


def table(classes: int = 3, groups: int = 20, each: int = 5) -> pd.DataFrame:
    rows = [(f"c{c}", f"c{c} g{g}") for c in range(classes) for g in range(groups) for _ in range(each)]
    return pd.DataFrame(rows, columns=["label", "group"])


def parts(split: Split) -> list[np.ndarray]:
    return [split.train, split.validation, split.test]


@given(SEEDS, st.sampled_from([(0.8, 0.1, 0.1), (0.72, 0.18, 0.1), (0.5, 0.3, 0.2)]))
@settings(max_examples=20, deadline=None)
def test_every_class_is_divided_by_the_shares(seed: int, shares: tuple[float, float, float]) -> None:
    clips = table()
    split = drawn(clips, np.arange(10, 300), shares, np.random.default_rng(seed))
    assert sorted(np.concatenate(parts(split))) == list(range(10, 300))
    for part, share in zip(parts(split), shares, strict=True):
        counts = clips["label"].iloc[part].value_counts()
        assert np.abs(counts - share * np.array([90, 100, 100])[counts.index.str[1].astype(int)]).max() <= 1


def test_without_a_validation_share_the_test_part_validates() -> None:
    split = drawn(table(), np.arange(300), (0.8, 0.0, 0.2), np.random.default_rng(0))
    assert np.array_equal(split.validation, split.test)
    assert [len(part) for part in parts(split)] == [240, 60, 60]
    again = regrouped(table(), split, np.random.default_rng(0))
    assert np.array_equal(again.validation, again.test)
    assert [len(part) for part in parts(again)] == [240, 60, 60]


def test_too_few_clips_are_named() -> None:
    with pytest.raises(InvalidSetting, match=r"'c0' has 2 clip\(s\) where 3 are needed"):
        drawn(table(groups=1, each=2), np.arange(6), (0.8, 0.1, 0.1), np.random.default_rng(0))
    with pytest.raises(InvalidSetting, match=r"'c0' has 1 group\(s\) to divide where 2 are needed"):
        split = drawn(table(groups=1, each=9), np.arange(27), (0.8, 0.1, 0.1), np.random.default_rng(0))
        regrouped(table(groups=1, each=9), split, np.random.default_rng(0))


@st.composite
def published(draw: st.DrawFn) -> tuple[pd.DataFrame, Split]:
    """Any split of clips in groups of uneven size, some of which bear several labels; a class may lack a part."""
    count = draw(st.integers(20, 80))
    group = np.array(draw(st.lists(st.integers(0, 12), min_size=count, max_size=count)))
    label = np.where(np.array(draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))) == 0, 0, group % 3)
    part = np.array(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    part = np.where((label == 1) & (part == draw(st.integers(0, 3))), 0, part)
    clips = pd.DataFrame({"label": label.astype(str), "group": group.astype(str)})
    return clips, Split(*(np.flatnonzero(part == each) for each in range(3)))


@given(published(), SEEDS)
def test_the_same_clips_without_a_group_on_two_sides(of: tuple[pd.DataFrame, Split], seed: int) -> None:
    clips, split = of
    try:
        again = regrouped(clips, split, np.random.default_rng(seed))
    except InvalidSetting as refused:
        assert "has 1 group(s) to divide where 2 are needed" in str(refused)
        return
    assert sorted(np.concatenate(parts(again))) == sorted(np.concatenate(parts(split)))
    groups = [set(clips["group"].iloc[part]) for part in parts(again)]
    assert sum(map(len, groups)) == len(set.union(*groups))


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_sizes_are_kept_as_nearly_as_groups_allow(seed: int) -> None:
    clips = table()
    random = np.random.default_rng(seed)
    split = drawn(clips, np.arange(300), (0.7, 0.2, 0.1), random)
    again = regrouped(clips, split, random)
    for before, after in zip(parts(split), parts(again), strict=True):
        counts = [clips["label"].iloc[part].value_counts().sort_index() for part in (before, after)]
        assert np.abs(counts[0] - counts[1]).max() <= 5
