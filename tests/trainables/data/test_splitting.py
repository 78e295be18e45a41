"""How clips are divided, and that each way is worked out once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.audit.copies import identical
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.data import splitting
from trainables.data.items import PARTS, classes_of
from trainables.data.splitting import Divisions
from trainables.errors import InvalidSetting
from trainables.registry import Entry
from trainables.resolving import resolve

NOTES = {"corpus": "philharmonia", "protocol": "corrected"}
GENRES = ("blues", "disco", "rock")
WINDOWS = {"corpus": "gtzan", "segmentation": "windows", "seconds": 0.5, "protocol": "as_published"}


def same(one: Split, other: Split) -> bool:
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in PARTS)


@pytest.mark.parametrize("other", [{"learning_rate": 0.5}, {"seed": 7}, {"front_end": "mfcc"}, {"seconds": 0.25}])
def test_what_a_split_does_not_depend_on_shares_it(small_store: Store, other: dict[str, Any]) -> None:
    divisions = Divisions(small_store)
    assert divisions.of(resolve({**NOTES, **other})).split is divisions.of(resolve(NOTES)).split


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({}, {"split_seed": 1}),
        ({"folds": 3}, {"folds": 2}),
        ({"folds": 3}, {"folds": 3, "fold": 1}),
        ({}, {"protocol": "grouped_same_sizes"}),
        ({}, {"per_class": 6}),
        ({}, {"data_fraction": 0.5}),
    ],
)
def test_what_a_split_depends_on_gives_another(
    small_store: Store, first: dict[str, Any], other: dict[str, Any]
) -> None:
    divisions, settings = Divisions(small_store), [resolve({**NOTES, **each}) for each in (first, other)]
    found = [divisions.of(each).split for each in settings]
    assert not same(*found)
    assert all(same(split, Divisions(small_store).of(each).split) for each, split in zip(settings, found, strict=True))


def test_divided_segments_are_other_ones_when_they_are_cut_otherwise(songs: Store) -> None:
    divisions = Divisions(songs)
    tables = [divisions.of(resolve({**WINDOWS, "seconds": seconds})).table for seconds in (0.5, 1.0)]
    assert [len(table) for table in tables] == [6 * len(songs.clips), 3 * len(songs.clips)]


def test_the_split_that_was_asked_for_longest_ago_is_forgotten(small_store: Store) -> None:
    divisions, seeds = Divisions(small_store, size=2), [resolve({**NOTES, "split_seed": seed}) for seed in range(3)]
    kept = divisions.of(seeds[0]).split
    lost = divisions.of(seeds[1]).split
    assert divisions.of(seeds[0]).split is kept
    divisions.of(seeds[2])
    assert divisions.of(seeds[0]).split is kept and divisions.of(seeds[1]).split is not lost


def test_segments_are_cut_once(small_store: Store) -> None:
    divisions = Divisions(small_store)
    first = divisions.of(resolve(NOTES)).segments
    assert divisions.of(resolve({**NOTES, "split_seed": 1})).segments is first
    assert divisions.of(resolve({**NOTES, "seconds": 0.25})).segments is not first


def test_the_table_that_is_divided_is_of_segments_only_where_it_was_published_so(songs: Store) -> None:
    for protocol, each in (("as_published", 6), ("grouped_same_sizes", 6), ("corrected", 1)):
        division = Divisions(songs).of(resolve({**WINDOWS, "protocol": protocol}))
        assert len(division.table) == each * len(songs.clips)
        assert sum(len(getattr(division.split, name)) for name in PARTS) == len(division.table)
        assert division.by_segment == (each > 1)


def test_a_segment_is_compared_by_its_own_audio(songs: Store) -> None:
    """Two segments of a song on both sides are of one group, and no identical audio."""
    division = Divisions(songs).of(resolve({**WINDOWS, "protocol": "as_published"}))
    fingerprints = Fingerprints(songs.audio, songs.rate, division.table)
    for row in (0, 1, len(division.table) - 1):
        start, available = division.segments.start[row], division.segments.available[row]
        assert np.array_equal(fingerprints.samples(row), songs.audio[start : start + available].astype(np.float32))
    check = identical("B6", division.table, division.split)
    assert check.figure == 0 and "0.0% of the test segments" in check.explanation
    groups = division.table["group"]
    assert set(groups.iloc[division.split.train]) & set(groups.iloc[division.split.test])


@pytest.mark.parametrize("protocol", ["as_published", "corrected"])
def test_a_fraction_of_the_training_part_is_of_every_class_and_leaves_the_others(songs: Store, protocol: str) -> None:
    divisions = Divisions(songs)
    whole, half, few = (
        divisions.of(resolve({**WINDOWS, "protocol": protocol, "data_fraction": fraction}))
        for fraction in (1, 0.5, 0.1)
    )
    counts = [each.table["label"].iloc[each.split.train].value_counts() for each in (whole, half, few)]
    for fewer, fraction in zip(counts[1:], (0.5, 0.1), strict=True):
        assert (fewer - fraction * counts[0]).abs().max() <= 0.5
    assert set(few.split.train) < set(half.split.train) < set(whole.split.train)
    assert all(np.array_equal(half.split.test, each.split.test) for each in (whole, few))
    assert np.array_equal(half.split.validation, whole.split.validation)


def test_whole_groups_are_left_out_where_none_is_divided(songs: Store) -> None:
    def shares(protocol: str) -> "pd.Series[float]":
        divisions, settings = Divisions(songs), {**WINDOWS, "protocol": protocol}
        found = [divisions.of(resolve({**settings, "data_fraction": fraction})) for fraction in (1, 0.5)]
        whole, half = (each.table["group"].iloc[each.split.train].value_counts() for each in found)
        return half.reindex(whole.index).fillna(0) / whole

    assert set(shares("grouped_same_sizes")) == {0.0, 1.0}
    assert shares("as_published").between(0.01, 0.99).any()


def test_each_repetition_draws_another_fraction(songs: Store) -> None:
    settings = {**WINDOWS, "protocol": "corrected", "data_fraction": 0.5}
    divisions = Divisions(songs)
    drawn = [set(divisions.of(resolve({**settings, "split_seed": seed})).split.train) for seed in (0, 1)]
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("fraction", [0.0, 1.5])
def test_a_fraction_is_more_than_nothing_and_no_more_than_all(songs: Store, fraction: float) -> None:
    with pytest.raises(InvalidSetting, match=f"data_fraction is {fraction}: it must be above 0 and at most 1"):
        Divisions(songs).of(resolve({**WINDOWS, "data_fraction": fraction}))


def test_clips_are_told_apart_by_other_labels_where_the_corpus_offers_them(
    songs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_parity(clips: pd.DataFrame) -> pd.DataFrame:
        return clips.assign(label=np.where(np.arange(len(clips)) % 2, "odd", "even"))

    monkeypatch.setattr(splitting, "CORPORA", {"gtzan": replace(CORPORA["gtzan"], labellings={"parity": by_parity})})
    divisions, settings = Divisions(songs), {**WINDOWS, "protocol": "corrected"}
    plain, other = (divisions.of(resolve({**settings, "labelled_by": name})) for name in ("", "parity"))
    assert set(plain.table["label"]) == set(GENRES) and plain.table is plain.clips
    assert set(other.table["label"]) == {"even", "odd"} and other.table is other.clips
    assert divisions.of(resolve({**settings, "labelled_by": "parity", "split_seed": 1})).clips is other.clips
    assert classes_of(other, resolve(settings)).tolist() == ["even", "odd"]
    with pytest.raises(InvalidSetting, match="Unknown labelled_by 'party': did you mean 'parity'"):
        divisions.of(resolve({**settings, "labelled_by": "party"}))


@pytest.mark.parametrize("part", ["train", "test"])
def test_protocol_that_leaves_nothing_is_refused(songs: Store, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def empty(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
        rows = {name: np.arange(3) for name in PARTS}
        return Split(**{**rows, part: np.arange(0)})

    protocols = CORPORA["gtzan"].protocols
    monkeypatch.setitem(protocols._entries, "empty", Entry("empty", empty))
    with pytest.raises(InvalidSetting, match=f"The protocol 'empty' leaves nothing in the {part} part of the"):
        Divisions(songs).of(resolve({"corpus": "gtzan", "protocol": "empty"}))
