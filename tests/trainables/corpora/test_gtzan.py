"""Names, lists and protocols of GTZAN."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from trainables.corpora import gtzan
from trainables.corpora.gtzan import CORPUS, PROTOCOLS, facts, scan
from trainables.corpora.gtzan_lists import GENRES, RUNS, list_of, run_of
from trainables.corpora.rendering.gtzan_rendering import STYLES, numbered, render
from trainables.corpora.splits import Split
from trainables.corpora.store import Store, pack
from trainables.errors import InvalidSetting

ALL = [f"{genre}.{number:05}" for genre in GENRES for number in range(100)]


def build(name: str, clips: pd.DataFrame, seed: int = 0, fold: int = 0, folds: int = 1) -> Split:
    return PROTOCOLS[name].build(clips, seed, fold, folds)


def table(songs: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"song": songs, "group": songs, "digest": songs, "clip": songs})
    return frame.assign(label=frame["song"].str[:-6])


def test_the_lists_are_those_of_torchaudio() -> None:
    published = pytest.importorskip("torchaudio.datasets.gtzan")
    for part, name in (("train", "filtered_train"), ("validation", "filtered_valid"), ("test", "filtered_test")):
        mine = [song for song, inside in list_of().items() if inside == part]
        assert sorted(mine) == sorted(getattr(published, name))
    assert tuple(published.gtzan_genres) == GENRES


def test_no_song_is_in_two_lists() -> None:
    assert Counter(list_of().values()) == {"train": 443, "validation": 197, "test": 290}
    runs = [run for part in RUNS.values() for genre in part.values() for run in genre.split()]
    assert len(set(run_of().values())) == len(runs)


@pytest.mark.parametrize("layout", ["genres/{}/{}.wav", "Data/genres_original/{}/{}.wav", "genres/{}/{}.au", "{1}.AU"])
def test_layouts(tmp_path: Path, layout: str) -> None:
    path = tmp_path / layout.format("jazz", "jazz.00054")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    (clip,) = scan(tmp_path).clips
    assert (clip.label, clip.group, clip.features) == ("jazz", "jazz.00054", {"song": "jazz.00054"})


def test_other_names_are_rejected(tmp_path: Path) -> None:
    for name in ("polka.00001.wav", "jazz.0001.wav", "jazz.wav", "features_30_sec.csv"):
        (tmp_path / name).touch()
    found = scan(tmp_path)
    assert not found.clips
    assert {item.reason for item in found.rejected} == {"has a name that is not genre.NNNNN"}
    assert len(found.rejected) == 3


@pytest.fixture(scope="module")
def folder(rendered_corpus: Callable[..., Any]) -> Path:
    return rendered_corpus("gtzan").folder


@pytest.fixture(scope="module")
def store(rendered_corpus: Callable[..., Any]) -> Store:
    return rendered_corpus("gtzan").store


def test_the_rendered_songs_are_of_about_30_seconds_and_in_a_list(store: Store) -> None:
    assert store.clips["length"].between(29.9 * 22_050, 30.7 * 22_050).all()
    assert store.clips["length"].nunique() > 10
    assert set(store.clips["song"]) <= list_of().keys()
    assert tuple(STYLES) == GENRES


def test_a_corrupt_song_and_songs_of_other_length_do_no_harm(folder: Path, tmp_path: Path) -> None:
    music = tmp_path / "music"
    shutil.copytree(folder / "genres/jazz", music / "jazz")
    (music / "jazz/jazz.00054.wav").write_bytes(b"RIFF" + bytes(100_000))
    for number, seconds in ((90, 12), (91, 41)):
        noise = np.random.default_rng(number).uniform(-0.5, 0.5, seconds * 22_050)
        soundfile.write(music / f"jazz/jazz.{number:05}.au", noise, 22_050, format="AU", subtype="PCM_16")
    packed = pack(CORPUS, music, tmp_path / "root")
    assert packed.problems["path"].tolist() == ["jazz/jazz.00054.wav"]
    assert packed.problems["reason"].iloc[0].startswith("is not audio that can be decoded")
    lengths = packed.clips.set_index("song")["length"]
    assert (lengths["jazz.00090"], lengths["jazz.00091"]) == (12 * 22_050, 41 * 22_050)


def test_exact_copies_are_one_group(folder: Path, tmp_path: Path) -> None:
    music = tmp_path / "music"
    shutil.copytree(folder / "genres/pop", music / "pop")
    original = sorted(music.rglob("pop.*.wav"))[0]
    shutil.copyfile(original, original.with_name("pop.00057.wav"))
    clips = pack(CORPUS, music, tmp_path / "root").clips.set_index("song")
    assert clips["group"]["pop.00057"] == clips["group"][original.stem] == min("pop.00057", original.stem)


def test_segments_of_a_song_lie_on_both_sides_as_published_and_only_then() -> None:
    clips = table(ALL)
    segment = np.repeat(np.arange(1000), 10)
    assert {"as_published", "grouped_same_sizes"} == CORPUS.by_segment
    segments = clips.iloc[segment].reset_index(drop=True)
    published, grouped = (build(protocol, segments) for protocol in ("as_published", "grouped_same_sizes"))
    for split in (published, grouped):
        assert [len(getattr(split, part)) for part in ("train", "validation", "test")] == [8000, 1000, 1000]
    assert np.isin(segment[published.test], segment[published.train]).mean() > 0.99
    assert not set(segment[grouped.test]) & set(segment[grouped.train])


def test_corrected_is_the_fault_filtered_lists() -> None:
    clips = table(ALL)
    split = build("corrected", clips, seed=5)
    assert [len(getattr(split, part)) for part in ("train", "validation", "test")] == [443, 197, 290]
    assert {list_of()[song] for song in clips["song"].iloc[split.test]} == {"test"}
    assert Counter(clips["label"].iloc[split.test]) == {
        **{"rock": 32, "blues": 31, "classical": 31, "country": 30, "pop": 30},
        **{"disco": 29, "hiphop": 27, "jazz": 27, "metal": 27, "reggae": 26},
    }


def test_over_the_folds_every_listed_song_is_tested_once_and_no_run_is_divided() -> None:
    clips = table(ALL)
    splits = [build("corrected", clips, 1, fold, 5) for fold in range(5)]
    tested = set(clips["song"].iloc[np.concatenate([split.test for split in splits])])
    validated = set(clips["song"].iloc[build("corrected", clips).validation])
    assert sum(len(split.test) for split in splits) == len(tested)
    assert len(validated) > 190 and not tested & validated
    # What is missing of either follows upon a song that validates.
    missing = set(list_of()) - tested - validated
    assert {run_of()[song] for song in missing} <= {run_of()[song] for song in validated}
    for split in splits:
        assert set(clips["song"].iloc[split.validation]) == validated
        runs = [{run_of()[song] for song in clips["song"].iloc[p]} for p in (split.train, split.validation, split.test)]
        assert not (runs[0] & runs[1] or runs[0] & runs[2] or runs[1] & runs[2])


COPIES = st.lists(st.tuples(*[st.integers(0, 99)] * 2, st.integers(0, 9)), max_size=12)


@given(COPIES, st.integers(0, 2**31), st.sampled_from([("grouped_same_sizes", 1), ("corrected", 1), ("corrected", 3)]))
@example([(0, 30, 1), (1, 0, 1)], 0, ("corrected", 3))
def test_no_song_or_copy_of_it_is_on_two_sides(
    copies: list[tuple[int, int, int]], seed: int, of: tuple[str, int]
) -> None:
    clips = table(ALL)
    for one, two, genre in copies:
        first, second = 100 * genre + one, 100 * genre + two
        # All copies of a song have its samples and its group, as in a packed store.
        for column in ("digest", "group"):
            clips[column] = clips[column].replace(clips[column][second], clips[column][first])
    split = build(of[0], clips, seed, 0, of[1])
    groups = [set(clips["group"].iloc[part]) for part in (split.train, split.validation, split.test)]
    assert sum(map(len, groups)) == len(set.union(*groups))
    assert min(map(len, groups)) > 50


def test_a_copy_without_a_list_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="no song of the fault-filtered test list"):
        build("corrected", table([song for song, part in list_of().items() if part != "test"]))


def test_rendered_songs_spread_over_lists_and_runs() -> None:
    for genre in GENRES:
        songs = numbered(genre)
        assert sorted(songs) == sorted(song for song in list_of() if song.startswith(genre))
        assert Counter(list_of()[song] for song in songs[:10]) == {"train": 5, "validation": 2, "test": 3}
        assert len({run_of()[song] for song in songs[:20]}) >= 5


def test_facts_are_counted_on_a_whole_copy_only(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(store.facts.values()) == {None}
    monkeypatch.setattr(gtzan, "SONGS", 21)
    found = facts(folder, 21, store.clips)
    assert (found["songs"], found["rate"]) == (21, 22_050)
    assert 29.9 < found["shortest_seconds"] < found["longest_seconds"] < 30.7
    longer, shorter = (found[f"songs_{side}_than_30_seconds"] for side in ("longer", "shorter"))
    assert longer == (store.clips["length"] > 661_500).sum() > 0
    assert shorter == (store.clips["length"] < 661_500).sum() > 0


@pytest.mark.parametrize("clips", [0, 100])
def test_a_number_of_songs_out_of_range_is_refused(tmp_path: Path, clips: int) -> None:
    with pytest.raises(InvalidSetting, match=f"clips_per_class is {clips}"):
        render(tmp_path / "music", clips_per_class=clips)
