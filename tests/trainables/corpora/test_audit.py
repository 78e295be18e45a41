"""What the checks of a split count, to the last clip, and that no draw of clips can mislead them."""

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from trainables.corpora import CORPORA
from trainables.corpora.audit import copies, groups, inputs, labels
from trainables.corpora.audit.card import card
from trainables.corpora.audit.check import Check, evenly, worst
from trainables.corpora.audit.correlation import largest_correlations
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.audit.groups import leak_share
from trainables.corpora.splits import Split, folded, grouped_split, strata
from trainables.corpora.store import pack

RATE = 16_000


def split(train: list[int], validation: list[int], test: list[int]) -> Split:
    return Split(*(np.array(rows, np.int64) for rows in (train, validation, test)))


@pytest.fixture
def clips() -> pd.DataFrame:
    """Two classes, three pitches each, two clips a pitch."""
    rows = [(label, f"{label} {pitch}", pitch) for label in ("oboe", "viola") for pitch in "ABC" for _ in range(2)]
    frame = pd.DataFrame(rows, columns=["label", "group", "pitch"])
    return frame.assign(digest=[str(row) for row in range(len(frame))], clip=[f"{row}.wav" for row in range(12)])


CLEAN = split([0, 1, 6, 7], [2, 3, 8, 9], [4, 5, 10, 11])
LEAKY = split([0, 1, 4, 6, 7], [2, 3, 8, 9], [5, 10, 11])


def test_groups_on_both_sides(clips: pd.DataFrame) -> None:
    found = groups.groups_crossing(clips, LEAKY)
    assert found.figure == leak_share(clips, LEAKY) == pytest.approx(1 / 3)
    assert found.explanation.startswith("1 of 6 groups are on both sides; 33.3% of the test clips")


def test_a_group_shared_with_validation_alone_fails_though_no_test_clip_leaks(clips: pd.DataFrame) -> None:
    found = groups.groups_crossing(clips, split([0, 1, 2, 6, 7], [3, 8, 9], [4, 5, 10, 11]))
    assert (found.outcome, found.figure) == ("fail", 0.0)


def test_segments_of_a_clip_are_called_segments(clips: pd.DataFrame) -> None:
    segments = clips.iloc[np.repeat(np.arange(12), 2)].reset_index(drop=True)
    found = groups.groups_crossing(segments, split(list(range(0, 24, 2)), [], list(range(1, 24, 2))))
    assert (found.outcome, found.figure) == ("fail", 1.0)
    assert "of the test segments" in found.explanation


@given(seed=st.integers(0, 10_000), folds=st.sampled_from([1, 3, 4]), data=st.data())
def test_a_grouped_split_passes_and_one_clip_moved_out_of_its_group_fails(
    table: Callable[..., pd.DataFrame], seed: int, folds: int, data: st.DataObject
) -> None:
    clips = table(classes=3, clips=30, pitches=6, seed=seed % 7)
    rows = [each for _, each in strata(clips, np.arange(len(clips)))]
    clean = grouped_split(clips, rows, seed)
    if folds > 1:
        clean = folded(clips, rows, clean.validation, seed, data.draw(st.integers(0, folds - 1)), folds)
    assert groups.groups_crossing(clips, clean).outcome == groups.notes_crossing(clips, clean).outcome == "pass"
    shared = clips["group"].iloc[clean.test].duplicated(keep=False).to_numpy()
    moved = data.draw(st.sampled_from(clean.test[shared].tolist()))
    leaky = Split(np.append(clean.train, moved), clean.validation, clean.test[clean.test != moved])
    assert groups.groups_crossing(clips, leaky).outcome == groups.notes_crossing(clips, leaky).outcome == "fail"


def test_the_nearest_neighbour_is_that_of_a_plain_search() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(700, 5)) * [1, 10, 100, 1, 0]
    train, test = np.arange(0, 100), np.arange(100, 700)
    scaled = features / np.where(features[train].std(axis=0) > 0, features[train].std(axis=0), 1)
    plain = [int(np.argmin(((scaled[train] - scaled[row]) ** 2).sum(axis=1))) for row in test]
    assert groups.nearest(features, train, test).tolist() == plain


def test_a_pitch_on_two_instruments_of_a_class_is_two_notes(clips: pd.DataFrame) -> None:
    several = clips.assign(pitch=60, instrument=clips["group"])
    assert groups.notes_crossing(several, CLEAN).outcome == "pass"
    assert groups.notes_crossing(several.assign(instrument=clips["label"]), CLEAN).outcome == "fail"


def test_instruments_are_counted_by_whether_they_are_trained_on(clips: pd.DataFrame) -> None:
    found = groups.instruments_crossing(clips.assign(instrument=clips["group"]), LEAKY)
    assert found.explanation.startswith("1 test clips are of an instrument that is trained on, 2 of one that is not")


def test_unknown_groups_do_not_pass(clips: pd.DataFrame) -> None:
    own = clips.assign(group=clips["clip"])
    found = groups.groups_crossing(own, CLEAN)
    assert (found.outcome, found.explanation) == ("not applicable", groups.UNGROUPED)
    apart = np.arange(float(len(own)))[:, None]
    assert groups.neighbours(own, CLEAN.train, CLEAN.test, apart).explanation == groups.UNGROUPED
    # The segments of a clip belong together, whatever is known of the clip.
    segments = own.assign(clip=own["clip"].iloc[0], group=own["clip"].iloc[0])
    assert groups.groups_crossing(segments, CLEAN).outcome == "fail"


def test_excerpts_are_told_from_names_even_where_the_groups_are_wrong(clips: pd.DataFrame) -> None:
    names = [f"cel/[cel][pop_roc]0{number:03}__{excerpt}.wav" for number in range(4) for excerpt in (1, 2, 3)]
    irmas = clips.assign(clip=names, group=names)
    assert groups.groups_crossing(irmas, LEAKY).outcome == "not applicable"
    found = groups.excerpts_crossing(irmas, LEAKY)
    assert (found.outcome, found.figure) == ("fail", pytest.approx(1 / 3))
    assert "4 recordings by the names of the files; 3 are on both sides" in found.explanation


def test_divergence_is_0_of_equal_and_1_of_separate_labels() -> None:
    first, second = pd.Series(list("aabb")), pd.Series(list("ab"))
    assert labels.divergence(first, second) == pytest.approx(0, abs=1e-12)
    assert labels.divergence(first, pd.Series(list("cd"))) == pytest.approx(1)
    # By hand: shares (1/2, 1/2) and (1, 0), mean (3/4, 1/4), entropy of the mean less the mean of both entropies.
    assert np.isnan(labels.divergence(first, first[:0]))
    assert labels.divergence(first, pd.Series(["a"])) == pytest.approx(0.8112781244591328 - 0.5)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1), st.lists(st.sampled_from("abcd"), min_size=1))
def test_divergence_is_symmetric_and_between_0_and_1(first: list[str], second: list[str]) -> None:
    one, other = pd.Series(first), pd.Series(second)
    assert -1e-12 <= labels.divergence(one, other) <= 1 + 1e-12
    assert labels.divergence(one, other) == pytest.approx(labels.divergence(other, one), abs=1e-12)


def test_runs_of_labels_are_counted_in_the_order_of_the_files(clips: pd.DataFrame) -> None:
    assert labels.mean_run(np.array(list("aaabbb"))) == 3
    found = labels.labels_apart(clips, split([0, 1, 2, 3, 4, 5], [], []))
    assert found.outcome == "not applicable"
    shuffled = [labels.mean_run(np.random.default_rng(seed).permutation(list("aab" * 20))) for seed in range(200)]
    assert labels.shuffled_run(pd.Series(list("aab" * 20))) == pytest.approx(np.mean(shuffled), rel=0.03)


def test_labels_that_are_validated_but_never_trained_on_are_named(clips: pd.DataFrame) -> None:
    found = labels.labels_apart(clips, split([0, 1, 2], [6, 7], []))
    assert (found.outcome, found.figure) == ("fail", pytest.approx(1))
    assert found.explanation.endswith("never trained on: viola.")


def test_class_imbalance_says_what_always_naming_one_class_scores(clips: pd.DataFrame) -> None:
    found = labels.imbalance(clips, split([0], [6], [2, 3, 4, 5, 10]))
    assert found.figure == 4.0
    assert "always naming 'oboe' scores 80.0%" in found.explanation


def test_the_size_of_the_test_part_is_that_of_all_folds_together() -> None:
    clips = pd.DataFrame({"group": ["a", "b"] * 400})
    found = labels.size_of_test(clips, np.arange(400))
    assert found.figure == pytest.approx(100 * np.sqrt(0.25 / 400))
    assert "400 test clips of 2 groups" in found.explanation


def test_the_worst_fold_stands_for_all() -> None:
    checks = [Check("B1", "", outcome, figure, "") for outcome, figure in (("pass", 0.4), ("fail", 0.1), ("fail", 0.2))]
    found = worst(checks)
    assert (found.outcome, found.figure, found.explanation.strip()) == ("fail", 0.2, "The worst of 3 folds.")
    assert worst(checks[:1]) == checks[0]


def test_a_part_of_many_rows_is_taken_evenly() -> None:
    assert evenly(np.arange(10), 4).tolist() == [0, 3, 6, 9]
    assert evenly(np.arange(3), 4).tolist() == [0, 1, 2]
    assert evenly(np.arange(0), 4).tolist() == []


def test_features_that_are_no_number_count_as_unchanged() -> None:
    assert inputs.normalisation(np.array([[np.nan, 1.0]]), np.array([[np.nan, 1.0]])).outcome == "pass"
    found = inputs.normalisation(np.array([[1.0], [2.0]]), np.array([[1.0], [2.1]]))
    assert (found.outcome, found.figure) == ("fail", 0.5)


def tune(seed: int, seconds: float = 2.0) -> np.ndarray:
    """Random notes of a quarter of a second, with a little noise."""
    random = np.random.default_rng(seed)
    time = np.arange(int(RATE / 4)) / RATE
    notes = [
        np.exp(-3 * time) * np.sin(2 * np.pi * hertz * time) for hertz in random.uniform(150, 2500, int(4 * seconds))
    ]
    whole = np.concatenate(notes)
    return 0.5 * whole + 0.002 * random.normal(size=len(whole))


def of(*sounds: np.ndarray) -> Fingerprints:
    """Fingerprints of sounds as a store packs them, one class."""
    audio = np.round(np.concatenate(sounds) * 20_000).astype(np.int16)
    lengths = np.array([len(sound) for sound in sounds])
    names = [str(place) for place in range(len(sounds))]
    clips = pd.DataFrame({"clip": names, "label": "a", "group": names, "digest": names, "length": lengths})
    return Fingerprints(audio, RATE, clips.assign(start=np.cumsum(lengths) - lengths))


def as_mp3(sound: np.ndarray) -> np.ndarray:
    """The sound as it comes back from an MP3 file."""
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="MP3")
    file.seek(0)
    return np.asarray(soundfile.read(file)[0])


@given(
    seed=st.integers(0, 1000),
    level=st.floats(0.1, 1.5),
    later=st.integers(0, int(0.8 * RATE)),
    decibels=st.floats(25, 60),
    coded=st.booleans(),
)
def test_a_copy_is_found_at_any_level_and_shift_noisy_and_coded(
    seed: int, level: float, later: int, decibels: float, coded: bool
) -> None:
    original = tune(seed)
    copy = level * original[later:]
    copy = copy + np.random.default_rng(1).normal(size=len(copy)) * copy.std() * 10 ** (-decibels / 20)
    sounds = of(tune(seed + 1), original, tune(seed + 2), tune(seed + 3), as_mp3(copy) if coded else copy)
    found = copies.alike("B2", sounds.clips, split([0, 1, 2], [], [3, 4]), sounds)
    assert (found.outcome, found.figure) == ("fail", 0.5)
    assert found.explanation.endswith(" 4 is 1.")


@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6, unique=True))
def test_no_tune_is_taken_for_a_copy_of_another(seeds: list[int]) -> None:
    sounds = of(*(tune(seed) for seed in seeds))
    assert copies.alike("B2", sounds.clips, split([0, 1, 2], [], [3, 4, 5]), sounds).outcome == "pass"


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(100), np.zeros(RATE), np.ones(RATE)])
def test_silence_is_no_copy_of_silence(sound: np.ndarray) -> None:
    sounds = of(sound, tune(1), sound)
    assert copies.alike("B2", sounds.clips, split([0, 1], [], [2]), sounds).outcome == "pass"


def test_identical_clips_are_left_to_the_check_of_samples() -> None:
    sounds = of(tune(0), tune(1), tune(0))
    clips = sounds.clips.assign(digest=["x", "y", "x"])
    assert copies.alike("B2", clips, split([0, 1], [], [2]), sounds).outcome == "not applicable"
    assert copies.identical("B2", clips, split([0, 1], [], [2])).figure == 1.0


@settings(deadline=None)
@given(
    seed=st.integers(0, 1000), length=st.integers(1, 12), lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4)
)
def test_the_correlations_are_the_largest_of_all_shifts(seed: int, length: int, lengths: list[int]) -> None:
    random = np.random.default_rng(seed)
    # Loud and quiet steps, so that some overlaps have next to nothing of a signal.
    first, *others = (random.normal(size=(3, one)) * 10 ** random.uniform(-3, 1, one) for one in (length, *lengths))
    expected = [largest_of_all_shifts(first, other) for other in others]
    assert largest_correlations(first, others) == pytest.approx(expected, abs=1e-9)


def largest_of_all_shifts(first: np.ndarray, second: np.ndarray) -> float:
    """Each shift taken by itself."""
    lengths = first.shape[1], second.shape[1]
    a, b = (values - values.mean(axis=1, keepdims=True) for values in (first, second))
    found = [0.0]
    for shift in range(-lengths[1] + 1, lengths[0]):
        begin, end = max(shift, 0), min(lengths[0], lengths[1] + shift)
        x, y = a[:, begin:end], b[:, begin - shift : end - shift]
        heard = [(part**2).sum() for part in (x, y)]
        whole = [(part**2).sum() for part in (a, b)]
        loud = all(part > 0.01 * all_of_it for part, all_of_it in zip(heard, whole, strict=True))
        if 2 * (end - begin) >= min(lengths) and loud:
            found.append((x * y).sum() / np.sqrt(heard[0] * heard[1]))
    return max(found)


def test_fingerprints_are_computed_once_for_all_tables() -> None:
    sounds = of(tune(0), tune(1))
    other = sounds.over(sounds.clips.iloc[[1, 1, 0]].reset_index(drop=True))
    assert other.trajectory(0) is sounds.trajectory(1)
    assert other.trajectory(1) is other.trajectory(0)


def test_a_card_is_in_the_order_of_its_ids_and_joins_folds() -> None:
    sounds = of(*(tune(seed, 0.5) for seed in range(6)))
    folds = [split([2, 3, 4, 5], [1], [0]), split([0, 3, 4, 5], [1], [0, 2])]
    found = card(CORPORA["gtzan"], sounds.over(sounds.clips.assign(song="rock.00001")), folds)
    assert [check.id for check in found] == sorted((check.id for check in found), key=lambda id: int(id[1:]))
    assert next(check for check in found if check.id == "B1").outcome == "fail"
    assert "2 test clips" in found[-1].explanation


def test_a_corpus_is_checked_for_what_it_declares_and_no_more() -> None:
    sounds = of(*(tune(seed, 0.5) for seed in range(6)))
    told = sounds.over(sounds.clips.assign(song="rock.00001", pitch="A", instrument="one"))
    own = Check("B4", "its own", "pass", 0.0, "")
    corpus = replace(CORPORA["gtzan"], audits=(lambda clips, split: own,), copies="B7")
    plain = replace(CORPORA["gtzan"], audits=(), copies="B2")
    (mine, every) = (card(each, told, [split([2, 3, 4, 5], [1], [0])]) for each in (corpus, plain))
    assert [check.name for check in mine if check.id == "B4"] == ["its own"]
    assert {check.id for check in mine} - {check.id for check in every} == {"B4", "B7"}
    assert not {"B4", "B6", "B7"} & {check.id for check in every}


@pytest.mark.skipif("ETUDE_NSYNTH" not in os.environ, reason="ETUDE_NSYNTH names no folder of notes")
def test_one_note_stands_in_nsynth_under_two_instruments(tmp_path: Path) -> None:
    store = pack(CORPORA["nsynth"], Path(os.environ["ETUDE_NSYNTH"]), tmp_path)
    twice = store.clips["instrument"].isin(["string_acoustic_012", "string_acoustic_071"]).to_numpy()
    tested = store.clips["instrument"].eq("string_acoustic_012").to_numpy()
    held_out = Split(np.flatnonzero(twice & ~tested), np.arange(0), np.flatnonzero(tested))
    sounds = Fingerprints(store.audio, store.rate, store.clips)
    assert groups.groups_crossing(store.clips, held_out).outcome == "pass"
    found = copies.alike("B2", store.clips, held_out, sounds)
    assert found.outcome == "fail"
    assert "string_acoustic_012-045-050.wav is audio/string_acoustic_071-045-050.wav" in found.explanation


@pytest.mark.skipif("ETUDE_PHILHARMONIA" not in os.environ, reason="ETUDE_PHILHARMONIA names no folder of samples")
def test_real_notes_leak_as_published_and_not_as_corrected(tmp_path: Path) -> None:
    store = pack(CORPORA["philharmonia"], Path(os.environ["ETUDE_PHILHARMONIA"]), tmp_path)
    sounds = Fingerprints(store.audio, store.rate, store.clips)
    failed = {}
    for protocol in ("as_published", "corrected"):
        parts = CORPORA["philharmonia"].protocols[protocol].build(store.clips, 0, 0, 1)
        failed[protocol] = {
            check.id for check in card(CORPORA["philharmonia"], sounds, [parts]) if check.outcome == "fail"
        }
    assert failed == {"as_published": {"B1", "B7", "B9"}, "corrected": set()}


def test_a_segment_and_its_song_have_fingerprints_of_their_own() -> None:
    """Both begin at one sample, and what is computed is kept for other tables of the same audio."""
    audio = np.random.default_rng(0).integers(-9999, 9999, 64_000).astype(np.int16)
    song, segment = (pd.DataFrame({"start": [0], "length": [length]}) for length in (64_000, 16_000))
    whole = Fingerprints(audio, 16_000, song)
    assert whole.trajectory(0).shape[1] > whole.over(segment).trajectory(0).shape[1]
    assert np.array_equal(whole.over(segment).trajectory(0), Fingerprints(audio, 16_000, segment).trajectory(0))
