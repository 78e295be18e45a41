"""What the launch stores of the data for a report to draw."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from small_study import small_study

from analysis.runs import PICTURES
from studies.pictures.inputs import ROWS, augmented, clip_inputs, inputs
from studies.pictures.pictures import all_labels, example, lengths, official, pictures, write_pictures
from studies.scale import SCALES
from studies.study import Study, arm
from trainables.corpora.store import Store
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.frontends import FRONT_ENDS
from trainables.resolving import resolve

MOST_BYTES = 400_000


def study(*arms, **fixed) -> Study:
    return small_study(*arms, fixed={"seconds": 0.5, **fixed})


def test_pictures_hold_no_recording(store: Store, tiny):
    found = pictures(tiny.STUDY, tiny.SCALE, store)
    assert len(json.dumps(found)) < MOST_BYTES
    assert [len(each["clip"]["low"]) for each in found["inputs"]] == [400]
    assert found["augmented"] == []
    assert found["labels"] == store.labels
    clip = found["inputs"][0]["clip"]
    row = store.clips.index[store.clips["clip"] == clip["clip"]][0]
    samples = store.samples(row) / 32768
    assert (clip["low"][0], clip["high"][0]) == pytest.approx((samples[:100].min(), samples[:100].max()), abs=0.01)
    assert (max(clip["high"]), min(clip["low"])) == pytest.approx((samples.max(), samples.min()), abs=0.005)


def test_a_class_has_its_test_clip_of_middle_length_at_its_peak(store: Store, tiny):
    printed = tiny.STUDY.printed(tiny.STUDY.arms[0])
    shown = pictures(tiny.STUDY, tiny.SCALE, store)["waveforms"]
    assert [clip["label"] for clip in shown["clips"]] == store.labels
    assert shown["classes"] == len(store.labels)
    for clip in shown["clips"]:
        assert max(np.abs([clip["low"], clip["high"]]).ravel()) == 1.0
        row = store.clips.index[store.clips["clip"] == clip["clip"]][0]
        tested = store.clips.iloc[Divisions(store).of(printed).clips_of("test")]
        lengths = tested["length"][tested["label"] == clip["label"]].sort_values()
        assert store.clips["length"][row] == lengths.iloc[len(lengths) // 2]
        assert clip["peak"] == pytest.approx(np.abs(store.samples(row) / 32768).max(), abs=0.01)


def test_a_study_of_facts_has_its_corpus_counted(store: Store):
    found = pictures(study(), SCALES["smoke"], store)
    assert found["splits"] == [{"unit": "clips", "classes": {"corpus": [16] * len(store.labels)}}]
    assert found["official"] == {}
    assert len(found["waveforms"]["clips"]) == len(store.labels)
    assert "inputs" not in found


def test_classes_that_a_copy_lacks_are_named(store: Store):
    assert all_labels(store, "philharmonia") == store.labels
    assert "synth_lead" in all_labels(store, "nsynth")
    assert all_labels(store, "nsynth")[-1] == store.labels[-1]


def test_the_classes_of_each_official_part_are_counted(store: Store):
    parts = np.where(np.arange(len(store.clips)) % 4 == 0, "test", "train")
    found = official(replace(store, clips=store.clips.assign(part=parts)), [*store.labels, "absent"])
    assert list(found) == ["test", "train"]
    for part, counts in found.items():
        labels = store.clips["label"][parts == part]
        assert counts == [*((labels == label).sum() for label in store.labels), 0]


def test_every_length_lies_in_a_range(store: Store):
    found = lengths(store)
    seconds = store.clips["length"] / store.rate
    assert sum(found["counts"]) == len(seconds) and len(found["edges"]) == len(found["counts"]) + 1
    assert (found["shortest"], found["longest"]) == pytest.approx((seconds.min(), seconds.max()), abs=1e-4)
    first = (seconds < found["edges"][1]).sum()
    assert found["counts"][0] == pytest.approx(first, abs=1)
    alike = lengths(replace(store, clips=store.clips.assign(length=30 * store.rate)))
    assert (alike["shortest"], alike["longest"], sum(alike["counts"])) == (30, 30, len(seconds))


def test_pictures_are_written_once(store: Store, tiny, tmp_path):
    write_pictures(tmp_path, tiny.STUDY, tiny.SCALE, store)
    whole = (tmp_path / PICTURES).read_bytes()
    assert b"\n" not in whole
    (tmp_path / PICTURES).write_text("{}")
    write_pictures(tmp_path, tiny.STUDY, tiny.SCALE, store)
    assert (tmp_path / PICTURES).read_text() == "{}"


@pytest.mark.parametrize("name", list(FRONT_ENDS))
def test_every_front_end_has_its_picture(store: Store, name: str):
    settings = {"segmentation": "windows", "seconds": 0.5, "front_end": name, "corpus": "philharmonia"}
    configuration = resolve(settings | ({"frames": 0} if name == "log_mel" else {}))
    found = clip_inputs(store, configuration, 3)
    channels, height, _ = build(store, configuration, torch.device("cpu")).shape
    features = found["features"]
    assert features["unit"]
    assert features["seconds"] == pytest.approx(0.5, rel=0.2)
    if height == 1:
        assert len(features["low"]) == len(features["high"]) > 1
        return
    assert len(features["channels"]) == channels
    for channel in features["channels"]:
        values = np.array(channel["values"])
        assert values.shape[0] == len(channel["centres"]) <= ROWS
        assert np.isfinite(values).all()
        assert values.std() > 0
        assert (np.diff(channel["centres"]) > 0).all()
    assert len(json.dumps(found)) < MOST_BYTES


def test_the_loudest_segment_is_shown(store: Store):
    configuration = resolve({"segmentation": "windows", "seconds": 0.1, "front_end": "waveform"})
    found = clip_inputs(store, configuration, 0)["segments"]
    samples = store.samples(0).astype(float)
    start = round(found["start"] * store.rate)
    energies = [np.square(samples[round(s * store.rate) :][:4410]).sum() for s in found["starts"]]
    assert found["shown"] == int(np.argmax(energies))
    assert found["start"] == found["starts"][found["shown"]]
    assert len(found["starts"]) == found["count"] == -(-len(samples) // 4410)
    assert 0 <= start < len(samples)


def test_arms_with_one_front_end_share_a_picture_and_say_where_they_differ(store: Store):
    arms = (arm("a", bands=64, frames=0), arm("b", bands=32, frames=0), arm("raw", front_end="waveform"))
    mel, raw = inputs(study(*arms), store, 0)
    assert (mel["arms"], raw["arms"]) == (["a", "b"], ["raw"])
    steps = {step["title"]: step["parameters"] for step in mel["steps"]}
    assert steps["Mel filter bank"] == {"bands": [64, 32], "low": [0.0], "high": [0.0]}
    assert steps["Segments: onset"] == {"seconds": [0.5]}
    assert mel["shapes"] == [[1, 64, 44], [1, 32, 44]]
    assert "channels" not in raw["features"]


def test_a_segment_is_shown_before_and_after_it_is_augmented(store: Store):
    arms = (arm("plain"), arm("noisy", augmentation="noise"), arm("mixed", augmentation="mixing", loss="bce"))
    noisy, mixed = augmented(study(*arms, front_end="mel_spectrogram"), store, np.arange(len(store.clips)))
    assert (noisy["arm"], noisy["names"], mixed["arm"]) == ("noisy", "noise", "mixed")
    assert noisy["parameters"] == {"snr_low": 10.0, "snr_high": 30.0}
    assert noisy["before"]["labels"] == noisy["after"]["labels"] == [store.clips["label"].iloc[0]]
    assert noisy["before"]["low"] != noisy["after"]["low"]
    assert noisy["before"]["low"] == mixed["before"]["low"]
    assert set(mixed["before"]["labels"]) < set(mixed["after"]["labels"])


def test_kernels_are_drawn_over_frames_alone(store: Store):
    found = example(store, resolve({"front_end": "log_mel"}))
    assert found["step"] == 512 / 44100
    assert np.array(found["values"]).shape == (64, 80)
    assert example(store, resolve({"front_end": "waveform"})) == {}


def test_kernels_are_drawn_over_the_front_ends_own_frequencies_and_not_over_coefficients(store: Store):
    whole, part = (example(store, resolve({"front_end": "log_mel", **given})) for given in ({}, {"high": 8000.0}))
    assert len(part["hertz"]) == 64 and part["hertz"] == sorted(part["hertz"])
    assert whole["hertz"][-1] > 20000 and 7000 < part["hertz"][-1] < 8000
    assert example(store, resolve({"front_end": "mfcc"})) == {}


def test_kernels_are_drawn_over_the_first_frames_of_the_first_segment(store: Store):
    settings = {"segmentation": "windows", "seconds": 0.25, "front_end": "mel_spectrogram", "hop": 32, "bands": 64}
    found = example(store, resolve({**settings, "target_rate": 22050}))
    assert np.array(found["values"]).shape == (64, 173)
    assert found["step"] == 32 / 22050
    longer = example(store, resolve({**settings, "hop": 16, "target_rate": 22050}))
    assert np.array(longer["values"]).shape == (64, 200)
