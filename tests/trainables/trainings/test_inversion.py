"""What is measured of recordings that are taken to MFCCs and back."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.trainings.inversion import MEASURES, signal_to_noise, spectra_of, spectral_distances
from trainables.trial import PREDICTIONS

FRAME, HOP = 512, 128
SETTINGS = {
    "training": "inversion",
    "front_end": "mfcc",
    "normalise": "none",
    "seconds": 0.1,
    "frame": FRAME,
    "hop": HOP,
    "bands": 32,
    "coefficients": 32,
    "epochs": 1,
}
NOISE = np.random.default_rng(0).standard_normal((2, 22_050)).astype(np.float32)


def distance(recorded: np.ndarray, other: np.ndarray) -> float:
    return float(spectral_distances(spectra_of([recorded, other], FRAME, HOP))[0])


def test_a_signal_to_noise_ratio_by_hand():
    signal = np.array([1.0, -1.0, 1.0, -1.0], dtype=np.float32)
    assert signal_to_noise(signal, 0.9 * signal) == pytest.approx(20, abs=1e-4)
    assert signal_to_noise(signal, np.zeros(4, np.float32)) == pytest.approx(0)
    assert signal_to_noise(signal, -signal) == pytest.approx(-6.02, abs=0.01)


def test_a_distance_takes_no_notice_of_phases_and_is_a_level_in_decibels():
    assert distance(NOISE[0], NOISE[0]) == 0
    assert distance(NOISE[0], -NOISE[0]) == pytest.approx(0, abs=1e-5)
    assert distance(NOISE[0], NOISE[0] / 10) == pytest.approx(20, abs=1e-3)
    # Of two draws of one noise each bin's power is exponential: the root of the mean square of the difference of the
    # logarithms of two of them is pi / sqrt(3) nats.
    assert distance(NOISE[0], NOISE[1]) == pytest.approx(10 / np.log(10) * np.pi / np.sqrt(3), rel=0.02)


def test_what_lies_far_below_the_peak_of_the_recording_does_not_count():
    silent = np.zeros_like(NOISE[0])
    spectra = spectra_of([NOISE[0], silent], FRAME, HOP)
    assert torch.equal(spectra[1], torch.full_like(spectra[1], float(spectra[0].max()) - 80))


@pytest.fixture(scope="module")
def tables(open_trial, tmp_path_factory, to_the_end):
    """The predictions of trials that keep all coefficients and a few, and of another seed."""
    found = {}
    for name, changes in {"all": {}, "few": {"coefficients": 4}, "seed": {"seed": 1}}.items():
        trial = open_trial(tmp_path_factory.mktemp("inversion") / name, {**SETTINGS, **changes})
        to_the_end(trial)
        trial.evaluate()
        found[name] = trial, pd.read_parquet(trial.directory / PREDICTIONS)
    return found


def test_every_test_recording_of_the_instrument_has_its_numbers(tables):
    trial, table = tables["all"]
    tested = trial.items["test"].table
    violins = tested[tested["label"] == "violin"]
    assert table["item"].to_list() == violins["clip"].to_list() and len(table) > 1
    assert table["group"].to_list() == violins["group"].to_list()
    assert np.isfinite(table[list(MEASURES)]).all(axis=None)
    assert table["prediction"].isna().all()
    assert (table["spectral_distance"] < table["spectral_distance_of_noise"]).all()
    assert trial.fit.history[0]["recordings"] == len(table)


def test_fewer_coefficients_lose_more_and_another_seed_begins_with_other_phases(tables):
    means = {name: table[list(MEASURES)].mean() for name, (_, table) in tables.items()}
    assert means["few"]["flatness_inverted"] > means["all"]["flatness_inverted"]
    assert (tables["all"][1]["signal_to_noise"] != tables["seed"][1]["signal_to_noise"]).any()
    assert tables["all"][1]["flatness_recorded"].equals(tables["seed"][1]["flatness_recorded"])


def test_one_recording_can_be_heard_before_and_after(tables):
    trial, _ = tables["all"]
    kinds = json.loads((trial.directory / "sounds.json").read_text())
    assert [each["kind"] for each in kinds] == ["recorded", "inverted"]
    assert all((trial.directory / each["file"]).exists() for each in kinds)
    assert kinds[0]["seconds"] == pytest.approx(0.1, abs=1e-3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normalise": "frame"}, "normalise is 'frame': training 'inversion' needs 'none'"),
        ({"pre_emphasis": 0.97}, "pre_emphasis is 0.97"),
        ({"frames": 3}, "frames is 3"),
        ({"augmentation": "noise"}, "augmentation is 'noise'"),
        ({"instrument": "violins"}, "instrument is 'violins': the test part has no clip of it; it has flute, oboe"),
        ({"sounds": -1}, "sounds is -1"),
    ],
)
def test_impossible_settings_are_refused(open_trial, tmp_path, changes, message):
    with pytest.raises(InvalidSetting, match=message):
        open_trial(tmp_path / "trial", {**SETTINGS, **changes})


def test_another_front_end_is_refused(open_trial, tmp_path):
    with pytest.raises(InvalidSetting, match="front_end is 'log_mel': training 'inversion' needs 'mfcc'"):
        open_trial(tmp_path / "trial", {"training": "inversion", "seconds": 0.25, "frames": 8})
