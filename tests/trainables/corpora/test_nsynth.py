"""Annotations, protocols and readings of NSynth."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainables.corpora import nsynth
from trainables.corpora.nsynth import CORPUS, NOTES, part_of, scan
from trainables.corpora.nsynth_names import FAMILIES, QUALITIES, SIDE_FEATURES
from trainables.corpora.nsynth_splits import PROTOCOLS
from trainables.corpora.rendering.nsynth_rendering import VOICES, qualities_of, render
from trainables.corpora.rendering.players import PLAYERS
from trainables.corpora.splits import Split
from trainables.corpora.store import Store, pack
from trainables.errors import InvalidSetting, UserError

ENTRY: dict[str, Any] = {
    "instrument_str": "bass_synthetic_033",
    "instrument_family_str": "bass",
    "instrument_source": 2,
    "pitch": 22,
    "velocity": 50,
    "qualities": [0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
}


def build(name: str, clips: pd.DataFrame, seed: int = 0, fold: int = 0, folds: int = 1, **options: object) -> Split:
    return PROTOCOLS[name].build(clips, seed, fold, folds, **options)


def sizes(split: Split) -> list[int]:
    return [len(split.train), len(split.validation), len(split.test)]


def write(folder: Path, entries: object, *audio: str) -> Path:
    (folder / "audio").mkdir(parents=True)
    (folder / "examples.json").write_text(entries if isinstance(entries, str) else json.dumps(entries))
    for name in audio:
        (folder / "audio" / f"{name}.wav").touch()
    return folder


def test_notes_are_read_from_the_annotations(tmp_path: Path) -> None:
    write(tmp_path / "nsynth-valid", {"bass_synthetic_033-022-050": ENTRY}, "bass_synthetic_033-022-050")
    (clip,) = scan(tmp_path).clips
    assert clip.path == "nsynth-valid/audio/bass_synthetic_033-022-050.wav"
    assert (clip.label, clip.group) == ("bass", "bass_synthetic_033")
    assert (clip.features["part"], clip.features["instrument"]) == ("valid", "bass_synthetic_033")
    assert [clip.features[name] for name in SIDE_FEATURES] == [22, 50, 2, *ENTRY["qualities"]]
    assert len(CORPUS.side_features) == 13
    table = pd.DataFrame([clip.features])
    assert nsynth.feature_facts(table) == {"side_features": 13, "side_feature_fields": 4}
    # The name of an instrument holds that of its family; its source does not (X19).
    assert not [name for name in CORPUS.side_features if name.startswith("instrument")]
    (bare,) = scan(tmp_path / "nsynth-valid").clips
    assert bare.path == "audio/bass_synthetic_033-022-050.wav"
    assert bare.features == clip.features


@pytest.mark.parametrize(
    ("name", "part"),
    [("nsynth-train", "train"), ("NSynth_Test.jsonwav", "test"), ("valid", "valid"), ("latest", "unknown")],
)
def test_the_folder_names_the_part(tmp_path: Path, name: str, part: str) -> None:
    assert part_of(tmp_path / name) == part


def test_files_and_entries_without_each_other_are_named(tmp_path: Path) -> None:
    entries = {
        "a": ENTRY,
        "b": {**ENTRY, "qualities": [0]},
        "c": {},
        "d": ENTRY,
        "e": {**ENTRY, "instrument_family_str": "oud"},
    }
    write(tmp_path / "test", entries, "a", "b", "c", "e", "f")
    found = scan(tmp_path)
    assert [clip.path for clip in found.clips] == ["test/audio/a.wav"]
    assert {Path(item.path).stem: item.reason for item in found.rejected} == {
        "b": "has an incomplete entry in examples.json",
        "c": "has an incomplete entry in examples.json",
        "d": "is missing",
        "e": "is of the family 'oud', which is none of the eleven",
        "f": "is not in examples.json",
    }


@pytest.mark.parametrize(("text", "message"), [("{", "is damaged"), ("[]", "holds no table of notes")])
def test_damaged_annotations_are_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "nsynth-test", text, "a")
    with pytest.raises(UserError, match=f"{message}.*unpack the archive of that part again"):
        pack(CORPUS, tmp_path, tmp_path / "root")


def test_audio_without_annotations_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "nsynth-test", {}, "a")
    (tmp_path / "nsynth-test/examples.json").unlink()
    with pytest.raises(UserError, match=r"There is no examples\.json beside"):
        pack(CORPUS, tmp_path, tmp_path / "root")


def test_an_archive_still_packed_is_pointed_at(tmp_path: Path) -> None:
    (tmp_path / "nsynth-test.jsonwav.tar.gz").touch()
    with pytest.raises(UserError, match="unpack the zip files or archives in it first"):
        pack(CORPUS, tmp_path, tmp_path / "root")


@pytest.fixture(scope="module")
def folder(rendered_corpus: Callable[..., Any]) -> Path:
    return rendered_corpus("nsynth").folder


@pytest.fixture(scope="module")
def store(rendered_corpus: Callable[..., Any]) -> Store:
    return rendered_corpus("nsynth").store


def test_the_rendered_notes_are_as_the_real_ones(store: Store) -> None:
    clips = store.clips
    assert clips["length"].eq(64_000).all()
    assert set(clips["label"]) == set(FAMILIES) == set(VOICES)
    assert clips["part"].value_counts().to_dict() == {"train": 6 * 10 + 12, "valid": 30, "test": 30}
    assert set(clips["label"][clips["part"] != "train"]) == set(FAMILIES) - {"synth_lead"}
    instruments = {part: set(rows["instrument"]) for part, rows in clips.groupby("part")}
    assert instruments["valid"] == instruments["test"]
    assert not instruments["train"] & instruments["test"]
    spelling = re.compile(
        r"nsynth-(train|valid|test)/audio/[a-z_]+_(acoustic|electronic|synthetic)_\d{3}-\d{3}-\d{3}\.wav"
    )
    assert all(spelling.fullmatch(path) for path in clips["clip"])


def test_qualities_have_their_names_in_order() -> None:
    assert tuple(qualities_of(PLAYERS["mallet"])) == QUALITIES
    assert qualities_of(PLAYERS["mallet"])["percussive"]
    assert not qualities_of(PLAYERS["organ"])["percussive"]


def test_the_part_and_the_side_features_count_in_the_digest(folder: Path, store: Store, tmp_path: Path) -> None:
    test = folder / "nsynth-test"
    first = pack(CORPUS, test, tmp_path / "root")
    entries = json.loads((test / "examples.json").read_text())
    next(iter(entries.values()))["pitch"] += 1
    write(tmp_path / "nsynth-test", entries)
    for path in (test / "audio").iterdir():
        (tmp_path / "nsynth-test/audio" / path.name).symlink_to(path)
    assert pack(CORPUS, tmp_path / "nsynth-test", tmp_path / "other").digest != first.digest


def made_up(notes: dict[str, int], instruments: int = 6) -> pd.DataFrame:
    """So many notes of each of three families in each part; valid and test share their instruments."""
    rows = []
    for part, count in notes.items():
        kind = "train" if part == "train" else "held"
        for family in ("bass", "flute", "reed"):
            rows += [(part, family, f"{family} {kind} {number % instruments}") for number in range(count)]
    frame = pd.DataFrame(rows, columns=["part", "label", "group"])
    names = [f"{label}-{row:05}" for row, label in enumerate(frame["label"])]
    return frame.assign(instrument=frame["group"], clip=names, digest=names, source=0)


WHOLE = {"train": 4_000, "valid": 300, "test": 90}


@pytest.mark.parametrize(
    ("name", "fold", "folds"), [("as_published", 0, 1), ("grouped_same_sizes", 0, 1), ("corrected", 2, 3)]
)
def test_notes_of_one_part_are_divided_within_their_instruments(name: str, fold: int, folds: int) -> None:
    notes = made_up({"train": 20, "valid": 30, "test": 240}, instruments=4)
    notes = notes.assign(pitch=np.arange(len(notes)) // 12 % 10)
    clips = nsynth.by_instrument(notes)
    assert set(clips["label"]) == set(notes["instrument"]) and notes["label"].nunique() == 3
    split = build(name, clips, 3, fold, folds, within="test")
    parts = [split.train, split.validation, split.test]
    rows = np.concatenate(parts)
    assert set(clips["part"].iloc[rows]) == {"test"} and len(set(rows)) == len(rows)
    assert all(set(clips["label"].iloc[part]) == set(clips["label"].iloc[rows]) for part in parts)
    assert clips["label"].iloc[rows].nunique() == 12
    crossing = set(clips["group"].iloc[split.train]) & set(clips["group"].iloc[split.test])
    assert bool(crossing) == (name == "as_published")


def test_a_part_that_is_not_there_cannot_be_divided() -> None:
    with pytest.raises(InvalidSetting, match="has no part 'valid'"):
        build("corrected", made_up({"test": 60}), within="valid")


def test_model_1_is_trained_on_the_first_notes_of_each_family_and_source() -> None:
    clips = made_up(WHOLE)
    split = build("as_published", clips)
    assert sizes(split) == [3 * 3_000, 3 * 221, 3 * 90]
    first = [
        name for _, rows in clips[clips["part"] == "train"].groupby("label") for name in sorted(rows["clip"])[:3_000]
    ]
    assert sorted(clips["clip"].iloc[split.train]) == sorted(first)
    shuffled = build("as_published", clips, shuffled=True)
    assert sizes(shuffled) == sizes(split)
    assert not np.array_equal(shuffled.train, split.train)
    assert sizes(build("as_published", clips, per_key=0))[0] == 12_000
    two_sources = clips.assign(source=np.arange(len(clips)) % 2)
    assert sizes(build("as_published", two_sources))[0] == 12_000


def test_model_2_is_trained_on_two_thirds_of_the_validation_part_in_order() -> None:
    split = build("as_published", made_up({"train": 1, "valid": 12_678 // 3, "test": 5}), trained_on="valid")
    assert sizes(split) == [8_494, 4_184, 15]
    clips = made_up(WHOLE)
    tail, shuffled = (build("as_published", clips, trained_on="valid", shuffled=each) for each in (False, True))
    assert set(clips["label"].iloc[tail.train]) == {"bass", "flute", "reed"}
    assert set(clips["label"].iloc[tail.validation]) == {"reed"}
    assert set(clips["label"].iloc[shuffled.validation]) == {"bass", "flute", "reed"}
    with pytest.raises(InvalidSetting, match="did you mean 'valid'"):
        build("as_published", clips, trained_on="valdi")


def test_grouped_same_sizes_changes_the_grouping_alone() -> None:
    clips = made_up(WHOLE, instruments=20)
    for training in ("train", "valid"):
        published, grouped = (build(n, clips, trained_on=training) for n in ("as_published", "grouped_same_sizes"))
        used = [np.concatenate([s.train, s.validation, s.test]) for s in (published, grouped)]
        assert set(used[0]) == set(used[1])
        assert np.abs(np.subtract(sizes(published), sizes(grouped))).max() <= 3 * 20
        assert np.array_equal(published.train, grouped.train) == (training == "train")


def test_synth_lead_is_left_out_unless_asked_for(store: Store) -> None:
    clips = store.clips
    for name in ("as_published", "grouped_same_sizes", "corrected"):
        without, with_it = (build(name, clips, synth_lead=each) for each in (False, True))
        assert "synth_lead" not in set(clips["label"].iloc[without.train])
        assert "synth_lead" in set(clips["label"].iloc[with_it.train])
        assert np.array_equal(without.test, with_it.test) or name == "grouped_same_sizes"


def test_corrected_tests_the_whole_test_part_on_new_instruments() -> None:
    clips = made_up(WHOLE)
    split = build("corrected", clips)
    assert np.array_equal(split.test, np.flatnonzero(clips["part"] == "test"))
    assert set(clips["part"].iloc[np.concatenate([split.train, split.validation])]) == {"train"}
    assert all(np.array_equal(build("corrected", clips, 4, fold, 5).test, split.test) for fold in range(5))


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Notes of all parts; valid and test share instruments, and sometimes one of them is trained on as well.

    Of four families: each is divided by itself, and only synth_lead is not in every part.
    """
    rows = []
    for family in ("bass", "flute", "organ", "synth_lead"):
        for part, lowest in (("train", 10), ("valid", 0), ("test", 0)):
            if (family, part) in (("synth_lead", "valid"), ("synth_lead", "test")):
                continue
            numbers = draw(st.lists(st.integers(lowest, lowest + 4), min_size=4, max_size=8))
            rows += [(part, family, f"{family} {number}") for number in [lowest, lowest + 1, lowest + 2, *numbers]]
        if draw(st.booleans()):
            rows.append(("train", family, f"{family} 0"))
    frame = pd.DataFrame(rows, columns=["part", "label", "group"])
    names = [str(row) for row in range(len(frame))]
    return frame.assign(instrument=frame["group"], clip=names, digest=names, source=0)


PLACES = st.sampled_from([("grouped_same_sizes", 0, 1), ("corrected", 0, 1), ("corrected", 1, 3)])


@given(tables(), st.integers(0, 2**31), PLACES, st.sampled_from(["train", "valid"]), st.booleans(), st.booleans())
def test_no_instrument_is_on_two_sides(
    clips: pd.DataFrame, seed: int, of: tuple[str, int, int], training: str, shuffled: bool, synth_lead: bool
) -> None:
    name, *place = of
    try:
        split = build(name, clips, seed, *place, trained_on=training, shuffled=shuffled, synth_lead=synth_lead)
    except InvalidSetting as refused:
        assert "are needed" in str(refused)
        return
    groups = [set(clips["group"].iloc[part]) for part in (split.train, split.validation, split.test)]
    assert sum(map(len, groups)) == len(set.union(*groups))
    assert len(groups[0])
    assert len(groups[2])


@given(tables(), st.integers(0, 2**31), st.sampled_from([(0, 1), (0, 5), (4, 5)]))
def test_instruments_are_held_out_within_one_part(clips: pd.DataFrame, seed: int, place: tuple[int, int]) -> None:
    split = build("instruments_held_out", clips, seed, *place)
    parts = [clips.iloc[part] for part in (split.train, split.validation, split.test)]
    assert set(pd.concat(parts)["part"]) == {"test"}
    assert pd.concat(parts)["clip"].is_unique
    groups = [set(part["group"]) for part in parts]
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_a_family_with_two_instruments_is_tested_and_does_not_validate() -> None:
    clips = made_up({"test": 60}, instruments=2)
    split = build("instruments_held_out", clips)
    assert sizes(split) == [90, 0, 90]
    tested = np.concatenate([build("instruments_held_out", clips, 0, fold, 5).test for fold in range(5)])
    assert sorted(tested) == list(range(180))
    with pytest.raises(InvalidSetting, match=r"has 1 group\(s\) to divide where 2 are needed"):
        build("instruments_held_out", made_up({"test": 60}, instruments=1))


def test_families_with_few_instruments_are_spread_over_the_folds() -> None:
    clips = made_up({"test": 60}, instruments=3)
    folds = [build("instruments_held_out", clips, 0, fold, 5) for fold in range(4)]
    assert [len(set(clips["label"].iloc[split.test])) for split in folds] == [1, 2, 2, 1]
    assert sorted(np.concatenate([split.test for split in folds])) == sorted(
        np.concatenate([folds[0].test, folds[0].train])
    )


def test_a_protocol_does_without_the_parts_that_it_does_not_use() -> None:
    clips = made_up(WHOLE, instruments=20)
    for name, training, used in (
        ("as_published", "valid", ("valid", "test")),
        ("grouped_same_sizes", "valid", ("valid", "test")),
        ("corrected", "valid", ("valid", "test")),
        ("corrected", "train", ("train", "test")),
    ):
        some = clips[clips["part"].isin(used)].reset_index(drop=True)
        whole, alone = (build(name, each, trained_on=training, shuffled=True) for each in (clips, some))
        for part in ("train", "validation", "test"):
            rows = [set(each["clip"].iloc[getattr(split, part)]) for each, split in ((clips, whole), (some, alone))]
            assert rows[0] == rows[1]


def test_missing_parts_are_one_sentence_that_says_how_to_get_them() -> None:
    clips = made_up({"test": 20})
    for name in ("as_published", "grouped_same_sizes", "corrected"):
        with pytest.raises(InvalidSetting, match=r"no part 'train'.* \(it has: test\).*'instruments_held_out'"):
            build(name, clips)
    with pytest.raises(InvalidSetting, match=r"'train' and no part 'valid' .*`etude data nsynth --download`, or"):
        build("as_published", clips)
    with pytest.raises(InvalidSetting, match=r"no part 'train' .*`etude data nsynth --download`, or"):
        build("corrected", clips)
    got = "--download --only nsynth-valid --only nsynth-test`, or pack one folder that holds nsynth-valid, nsynth-test"
    with pytest.raises(InvalidSetting, match=got):
        build("corrected", clips, trained_on="valid")
    with pytest.raises(InvalidSetting, match="no part 'valid'"):
        build("instruments_held_out", clips, within="valid")


def test_facts_are_counted_on_whole_parts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clips = made_up({"train": 40, "valid": 20, "test": 10})
    more = clips[(clips["part"] == "test") & (clips["label"] == "bass")]
    clips = pd.concat([clips, more], ignore_index=True)
    features = {"side_features": 1, "side_feature_fields": 1}
    assert {name: value for name, value in nsynth.facts(Path(), 0, clips).items() if value is not None} == features
    monkeypatch.setattr(nsynth, "NOTES", {"train": 1, "valid": 60, "test": 40})
    found = nsynth.facts(Path(), 0, clips)
    assert found["notes_in_train"] is None
    assert (found["families_in_test"], found["synth_lead_in_test"]) == (3, 0)
    assert found["largest_to_smallest_family_in_test"] == 2
    assert found["instruments_in_both_valid_and_test"] == 18
    # Thirds against a half and two quarters.
    mean, parts = np.array([5, 3.5, 3.5]) / 12, [np.full(3, 1 / 3), np.array([0.5, 0.25, 0.25])]
    bits = [-float(np.sum(each * np.log2(each))) for each in (mean, *parts)]
    assert found["divergence_of_valid_and_test"] == pytest.approx(bits[0] - (bits[1] + bits[2]) / 2)
    assert found["valid_and_test_alike"] == 1
    assert found["subset"] is None
    monkeypatch.setattr(nsynth, "NOTES", {"train": 120, "valid": 60, "test": 40})
    found = nsynth.facts(Path(), 0, clips)
    assert (found["subset_share"], found["largest_to_smallest_family_in_subset"]) == (1, 1)
    monkeypatch.setattr(nsynth, "MODEL_1_NOTES", 30)
    two_sources = clips.assign(source=(clips["label"] == "reed") & (np.arange(len(clips)) % 2))
    found = nsynth.facts(Path(), 0, two_sources)
    assert (found["subset"], found["largest_to_smallest_family_in_subset"]) == (30 + 30 + 20 + 20, 40 / 30)
    assert np.isnan(found["recognised_to_other_families_in_subset"])
    organs = two_sources.assign(label=two_sources["label"].replace("reed", "organ"))
    assert nsynth.facts(Path(), 0, organs)["recognised_to_other_families_in_subset"] == 30 / 40


@pytest.mark.parametrize("clips", [0, 3_001])
def test_a_number_of_notes_out_of_range_is_refused(tmp_path: Path, clips: int) -> None:
    with pytest.raises(InvalidSetting, match=f"clips_per_class is {clips}"):
        render(tmp_path / "music", clips_per_class=clips)


@pytest.mark.skipif("ETUDE_NSYNTH" not in os.environ, reason="ETUDE_NSYNTH names no folder of notes")
def test_real_notes_are_packed_and_split(tmp_path: Path) -> None:
    real = pack(CORPUS, Path(os.environ["ETUDE_NSYNTH"]), tmp_path)
    assert not real.rendered
    assert real.problems.empty
    assert real.clips["length"].eq(64_000).all()
    assert set(real.labels) <= set(FAMILIES) - {"synth_lead"}
    split = build("instruments_held_out", real.clips)
    assert set(real.clips["label"].iloc[split.test]) == set(real.labels)
    assert (real.facts["side_features"], real.facts["side_feature_fields"]) == (13, 4)
    assert real.facts["families_in_test"] is None or len(real.clips) >= NOTES["test"]
    for training in {"train", "valid"} - set(real.clips["part"]):
        with pytest.raises(InvalidSetting, match=f"no part '{training}'.*get it with `etude data nsynth --download"):
            build("as_published", real.clips, trained_on=training)
