"""Names, annotations, groups and protocols of IRMAS."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import assume, given
from hypothesis import strategies as st

from trainables.corpora import irmas
from trainables.corpora.irmas import CORPUS, PROTOCOLS, facts, scan
from trainables.corpora.irmas_names import INSTRUMENTS, S1_LABELS
from trainables.corpora.rendering.irmas_rendering import CLIP_FRAMES, render
from trainables.corpora.splits import Split
from trainables.corpora.store import Store, pack
from trainables.errors import InvalidSetting, UserError

Build = Callable[..., Split]


def build(name: str, clips: pd.DataFrame, seed: int = 0, fold: int = 0, folds: int = 1, **options: object) -> Split:
    return PROTOCOLS[name].build(clips, seed, fold, folds, **options)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("name", "label", "group", "drums", "excerpt"),
    [
        ("cel/[cel][cla]0001__1.wav", "cello", "cel cla 0001", "", 1),
        ("cel/008__[cel][nod][cla]0058__2.wav", "cello", "cel cla 0058 008", "nod", 2),
        ("gel/118__[gel][dru][pop_roc]0829__3.wav", "electric guitar", "gel pop_roc 0829 118", "dru", 3),
        ("org/050__[org][---][jaz_blu]0373__1.wav", "organ", "org jaz_blu 0373 050", "---", 1),
        ("deep/er/[voi][lat_sou]2417__2.WAV", "voice", "voi lat_sou 2417", "", 2),
    ],
)
def test_training_names(tmp_path: Path, name: str, label: str, group: str, drums: str, excerpt: int) -> None:
    touch(tmp_path, name)
    (clip,) = scan(tmp_path).clips
    assert (clip.path, clip.label, clip.group) == (name, label, group)
    assert clip.features["drums"] == drums
    assert clip.features["excerpt"] == excerpt
    assert (clip.features["part"], clip.features["labels"]) == ("train", label)


def test_excerpts_of_one_recording_are_a_group_and_other_prefixes_or_genres_are_not(tmp_path: Path) -> None:
    names = ["001__[pia][nod][cla]0100__1", "001__[pia][nod][cla]0100__2", "002__[pia][nod][cla]0100__1"]
    touch(tmp_path, *(f"pia/{name}.wav" for name in [*names, "[pia][jaz_blu]0100__1", "[pia][cla]0100__1"]))
    assert len({clip.group for clip in scan(tmp_path).clips}) == 4


def test_test_excerpts_are_read_from_their_annotations(tmp_path: Path) -> None:
    touch(
        tmp_path, "Part1/(02) dont kill the whale-1.wav", "Part1/(02) dont kill the whale-12.wav", "Part2/Prelude.wav"
    )
    (tmp_path / "Part1/(02) dont kill the whale-1.txt").write_text("gel\t\nvoi\t\n gel\n")
    (tmp_path / "Part1/(02) dont kill the whale-12.txt").write_text("voi")
    (tmp_path / "Part2/Prelude.txt").write_text("pia\r\n")
    one, twelve, prelude = scan(tmp_path).clips
    assert (one.label, one.features["labels"]) == ("electric guitar", "electric guitar|voice")
    assert one.group == twelve.group == "test (02) dont kill the whale"
    assert [clip.features["excerpt"] for clip in (one, twelve, prelude)] == [1, 12, 0]
    assert {clip.features["part"] for clip in (one, twelve, prelude)} == {"test"}


def test_files_that_say_nothing_are_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav", "b.txt", "c.wav", "cel/[voi][cla]0001__1.wav", "[oud][cla]0001__1.wav", "._d.wav")
    (tmp_path / "c.txt").write_text("drums")
    found = scan(tmp_path)
    assert not found.clips
    assert {item.path: item.reason for item in found.rejected} == {
        "a.wav": "has no training clip's name and no annotation (.txt) beside it",
        "b.wav": "has an empty annotation",
        "c.wav": "is annotated with 'drums', which is none of the eleven instruments",
        "cel/[voi][cla]0001__1.wav": "is labelled 'voi' but lies in the folder 'cel'",
        "[oud][cla]0001__1.wav": "is labelled 'oud', which is none of the eleven instruments",
    }


def test_the_printed_labels_of_s1_stand_for_all_eleven() -> None:
    assert sorted(S1_LABELS.values()) == sorted(INSTRUMENTS.values())
    assert S1_LABELS["other"] == "electric guitar"


@pytest.fixture(scope="module")
def folder(rendered_corpus: Callable[..., Any]) -> Path:
    return rendered_corpus("irmas").folder


@pytest.fixture(scope="module")
def store(rendered_corpus: Callable[..., Any]) -> Store:
    return rendered_corpus("irmas").store


def test_the_rendered_files_are_as_the_real_ones(folder: Path, store: Store) -> None:
    training = sorted(folder.rglob("IRMAS-TrainingData/*/*.wav"))
    assert len(training) == 66
    header = soundfile.info(training[0])
    assert (header.frames, header.samplerate, header.channels, header.subtype) == (CLIP_FRAMES, 44_100, 2, "PCM_16")
    test = store.clips[store.clips["part"] == "test"]
    assert test["length"].between(5 * 44_100, 20 * 44_100).all()
    assert {clip.label for clip in scan(folder).clips} == set(INSTRUMENTS.values())
    assert any("__[" in path.name for path in training)
    assert any(path.name.startswith("[") for path in training)


def test_equal_files_join_their_recordings_and_conflicts_are_corrected(folder: Path, tmp_path: Path) -> None:
    music = tmp_path / "music"
    shutil.copytree(folder, music)
    gac = sorted(music.rglob("*[[]gac]*__1.wav"))
    shutil.copyfile(gac[0], gac[1])
    gel = sorted(music.rglob("*[[]gel]*__1.wav"))[0]
    shutil.copyfile(gac[2], gel)
    store = pack(CORPUS, music, tmp_path / "root")
    assert len(store.clips) == 77
    assert store.problems.empty
    clips = store.clips.assign(name=[Path(path).name for path in store.clips["clip"]]).set_index("name")
    group = clips["group"]
    assert group[gac[0].name] == group[gac[1].name] == group[gac[1].name.replace("__1.", "__2.")]
    assert group[gac[2].name] == group[gel.name]
    published, split = build("as_published", store.clips), build("corrected", store.clips)
    assert sum(map(len, (published.train, published.validation, published.test))) == 66
    used = store.clips["clip"].iloc[np.concatenate([split.train, split.validation, split.test])]
    names = {Path(path).name for path in used}
    assert len(names) == 66 - 3
    assert not {gac[2].name, gel.name} & names
    assert len({gac[0].name, gac[1].name} & names) == 1


def made_up(recordings: int = 20) -> pd.DataFrame:
    rows = [
        (f"{label} {number}-{excerpt}", label, f"{label} {number}")
        for label in ("cello", "organ", "voice")
        for number in range(recordings)
        for excerpt in range(3)
    ]
    frame = pd.DataFrame(rows, columns=["clip", "label", "group"])
    return frame.assign(digest=frame["clip"], part="train", labels=frame["label"])


@pytest.mark.parametrize(("shares", "sizes"), [("72/18/10", (129, 33, 18)), ("80/20", (144, 36, 36))])
def test_published_and_grouped_sizes(shares: str, sizes: tuple[int, int, int]) -> None:
    clips = made_up()
    published, grouped = (build(name, clips, shares=shares) for name in ("as_published", "grouped_same_sizes"))
    for split in (published, grouped):
        assert np.abs(np.subtract([len(split.train), len(split.validation), len(split.test)], sizes)).max() <= 3
    assert set(published.train) | set(published.validation) | set(published.test) == set(range(180))
    groups = clips["group"].to_numpy(str)
    assert np.isin(groups[published.test], groups[published.train]).mean() > 0.8
    assert not set(groups[grouped.test]) & set(groups[grouped.train])
    assert np.array_equal(published.validation, published.test) == (shares == "80/20")
    assert np.array_equal(grouped.validation, grouped.test) == (shares == "80/20")


def test_corrected_divides_what_s1_held_out(store: Store) -> None:
    clips = made_up()
    split = build("corrected", clips, shares="80/20")
    assert not set(split.validation) & set(split.test)
    assert (len(split.train), len(split.validation), len(split.test)) == (144, 18, 18)
    with pytest.raises(InvalidSetting, match="did you mean '72/18/10'"):
        build("corrected", clips, shares="72/18")


def test_over_the_folds_every_clip_is_tested_once_but_those_that_were_chosen_by() -> None:
    clips = made_up()
    chosen_by = build("corrected", clips).validation
    splits = [build("corrected", clips, 3, fold, 5) for fold in range(5)]
    assert all(split.validation.tolist() == chosen_by.tolist() for split in splits)
    assert sorted(np.concatenate([chosen_by, *(split.test for split in splits)])) == list(range(180))


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Recordings of one to three clips; some have a clip in common, and are one group then, even of two labels.

    Of four instruments: each is divided by itself.
    """
    rows = []
    for label in list(INSTRUMENTS.values())[:4]:
        sizes = draw(st.lists(st.integers(1, 3), min_size=6, max_size=8))
        rows += [(label, f"{label} {number}") for number, size in enumerate(sizes) for _ in range(size)]
    clips = pd.DataFrame(rows[: draw(st.integers(20, len(rows)))], columns=["label", "group"])
    clips = clips.assign(digest=[str(row) for row in range(len(clips))], part="train", labels=clips["label"])
    for one, two in draw(st.lists(st.tuples(*[st.integers(0, 19)] * 2), max_size=4)):
        clips.loc[two, "digest"] = clips["digest"][one]
        clips["group"] = clips["group"].replace(clips["group"][two], clips["group"][one])
    kept = clips.groupby("label").filter(lambda rows: rows["group"].nunique() > 3).reset_index(drop=True)
    assume(len(kept))  # Clips in common may leave no instrument with enough recordings.
    return kept


@given(
    tables(),
    st.integers(0, 2**31),
    st.sampled_from([("grouped_same_sizes", 0, 1), ("corrected", 0, 1), ("corrected", 1, 3)]),
    st.sampled_from(["72/18/10", "80/20"]),
)
def test_no_recording_is_on_two_sides(clips: pd.DataFrame, seed: int, of: tuple[str, int, int], shares: str) -> None:
    name, *place = of
    try:
        split = build(name, clips, seed, *place, shares=shares)
    except InvalidSetting as refused:
        assert "are needed" in str(refused)
        return
    parts = [split.train, split.validation, split.test]
    if name == "grouped_same_sizes" and shares == "80/20":
        parts = [split.train, split.test]
    groups = [set(clips["group"].iloc[part]) for part in parts]
    assert sum(map(len, groups)) == len(set.union(*groups))
    used = clips.iloc[np.concatenate(parts)]
    if name == "corrected":
        assert used["digest"].is_unique
        conflicting = clips.groupby("digest")["label"].nunique()
        assert not set(used["digest"]) & set(conflicting[conflicting > 1].index)
    else:
        assert len(used) == len(clips)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_no_protocol_divides_the_official_excerpts(store: Store, name: str) -> None:
    clips, split = store.clips, build(name, store.clips)
    rows = np.concatenate([split.train, split.validation, split.test])
    assert set(clips["part"].iloc[rows]) == {"train"}
    assert CORPUS.is_excerpt(clips).tolist() == (clips["part"] == "test").to_list()
    assert CORPUS.is_excerpt(clips).sum() == 11


def test_a_missing_part_is_named() -> None:
    clips = made_up()
    with pytest.raises(InvalidSetting, match="has no clips of the training part"):
        build("corrected", clips.assign(part="test"))


def test_facts_are_counted_on_whole_parts_only(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(store.facts.values()) == {None}
    monkeypatch.setattr(irmas, "TRAINING_CLIPS", 66)
    monkeypatch.setattr(irmas, "TEST_CLIPS", 11)
    clips = store.clips.copy()
    clips.loc[clips.index[clips["part"] == "test"][:2], "labels"] = "cello|organ|piano|voice"
    found = facts(folder, 77, clips)
    assert found["largest_to_smallest_class"] == found["largest_to_mean_class"] == 1
    assert found["training_gigabytes"] == pytest.approx(66 * (4 * CLIP_FRAMES + 44) / 1e9)
    assert found["training_gigabytes_as_float32"] == pytest.approx(66 * 8 * CLIP_FRAMES / 1e9)
    assert found["training_clip_seconds"] == pytest.approx(3, abs=1e-4)
    assert found["printed_labels_found"] == 10
    assert found["most_labels_of_a_test_excerpt"] == 4
    assert found["test_excerpts_with_1_to_3_labels"] == pytest.approx(9 / 11)
    assert found["shortest_test_excerpt_seconds"] >= 5


@pytest.mark.parametrize("clips", [0, 3_001])
def test_a_number_of_clips_out_of_range_is_refused(tmp_path: Path, clips: int) -> None:
    with pytest.raises(UserError, match=f"clips_per_class is {clips}"):
        render(tmp_path / "music", clips_per_class=clips)
