"""Classes, segments and groups of each split."""

import numpy as np
import pandas as pd
import pytest
from small_study import small_study

from studies.pictures.split_pictures import group_sets, splits
from studies.scale import SCALES
from studies.study import arm
from trainables.corpora import CORPORA
from trainables.corpora.audit.groups import leak_share
from trainables.corpora.store import Store, pack
from trainables.data.items import items_of
from trainables.data.splitting import Divisions


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("songs")
    CORPORA["gtzan"].render(folder / "music", clips_per_class=4)
    return pack(CORPORA["gtzan"], folder / "music", folder / "corpora")


def test_counts_are_those_of_the_split(store: Store, tiny):
    divisions = Divisions(store)
    cards = {card["protocol"]: card for card in splits(tiny.STUDY, tiny.SCALE, divisions, store.labels)}
    assert list(cards) == ["as_published", "corrected", "grouped_same_sizes"]
    for protocol, card in cards.items():
        division = divisions.of(tiny.STUDY.configured(tiny.STUDY.arms[0], {"protocol": protocol}))
        table, split = division.table, division.split
        sizes = {part: len(getattr(split, part)) for part in ("train", "validation", "test")}
        assert {part: sum(counts) for part, counts in card["classes"].items()} == sizes
        assert {part: sum(each["items"][part] for each in card["sets"]) for part in sizes} == sizes
        assert card["segments"] == {part: [size] for part, size in sizes.items()}
        known = sum(each["items"]["test"] for each in card["sets"] if "train" in each["parts"])
        assert known / sizes["test"] == pytest.approx(leak_share(table, split))
        assert card["arms"] == ["five", "three"]


def test_sets_are_of_whole_groups():
    table = pd.DataFrame({"group": list("aabbccd")})
    parts = {"train": np.array([0, 2]), "validation": np.array([3]), "test": np.array([1, 3, 4])}
    found = {tuple(each["parts"]): (each["groups"], each["items"]) for each in group_sets(table, parts)}
    assert found == {
        ("test",): (1, {"train": 0, "validation": 0, "test": 1}),
        ("train", "test"): (1, {"train": 1, "validation": 0, "test": 1}),
        ("train", "validation", "test"): (1, {"train": 1, "validation": 1, "test": 1}),
    }


def test_segments_are_counted_where_they_are_divided_and_the_first_arms_split_comes_first(songs: Store):
    arms = (arm("ten", count=10), arm("five", count=5))
    study = small_study(*arms, corpus="gtzan", fixed={"segmentation": "parts", "front_end": "mel_spectrogram"})
    cards = splits(study, SCALES["smoke"].model_copy(update={"folds": 3}), Divisions(songs), songs.labels)
    assert [(card["protocol"], card["arms"]) for card in cards] == [
        ("as_published", ["ten"]),
        ("corrected", ["ten", "five"]),
        ("grouped_same_sizes", ["ten"]),
        ("as_published", ["five"]),
        ("grouped_same_sizes", ["five"]),
    ]
    assert [card["unit"] for card in cards] == ["segments", "clips", "segments", "segments", "segments"]
    assert cards[1]["segments"]["test"] == [5 * sum(cards[1]["classes"]["test"]), 10 * sum(cards[1]["classes"]["test"])]
    configuration = study.configured(arms[0], {"protocol": "as_published"})
    items = items_of(Divisions(songs).of(configuration), configuration)
    assert cards[0]["segments"] == {part: [len(each.rows)] for part, each in items.items()}


def test_clips_of_divided_segments_are_clips(songs: Store):
    study = small_study(arm("a"), corpus="gtzan", fixed={"segmentation": "parts"})
    clips = Divisions(songs).of(study.configured(study.arms[0], {"protocol": "as_published"})).clips_of("test")
    assert len(np.unique(clips)) == len(clips) <= len(songs.clips)
    assert clips.max() < len(songs.clips)
