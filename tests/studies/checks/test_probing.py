"""What is timed of an arm before it is trained."""

import time
from typing import Any

import pytest
import torch
from small_study import small_study
from torch import Tensor

from studies.checks.probing import STREAMED, probe, streaming_seconds
from studies.study import arm
from trainables.corpora.store import Store
from trainables.data import trial_data
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.data.trial_data import TrialData

SETTINGS = {"architecture": "lenet", "seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}
PLAIN, NOISY = arm("plain"), arm("noisy", augmentation="noise")
STUDY = small_study(PLAIN, NOISY, claims=(), fixed=SETTINGS, tuned={})
PAUSE = 0.1
"""Seconds that augmenting a batch takes here."""


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    def augmentation(waveforms: Tensor, labels: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        time.sleep(PAUSE)
        return waveforms, labels

    monkeypatch.setattr(trial_data, "chain", lambda *given: augmentation)


def data_of(store: Store, **settings: Any) -> TrialData:
    configuration = STUDY.configured(PLAIN, settings)
    division = Divisions(store).of(configuration)
    return TrialData(configuration, division, build(store, configuration, torch.device("cpu"), division.segments))


def test_what_is_kept_is_not_computed_in_an_epoch(store: Store) -> None:
    assert streaming_seconds(data_of(store), "train", augmented=True) == 0.0
    assert streaming_seconds(data_of(store, augmentation="noise"), "validation") == 0.0


def test_an_epoch_of_augmented_clips_takes_as_long_as_to_augment_each(store: Store) -> None:
    data = data_of(store, augmentation="noise")
    least = PAUSE * len(data.items["train"].rows) / min(STREAMED, len(data.items["train"].rows))
    assert streaming_seconds(data, "train", augmented=True) >= least
    found = probe(STUDY, Divisions(store), NOISY, torch.device("cpu"))
    assert found.epoch >= least
    assert found.memory == probe(STUDY, Divisions(store), PLAIN, torch.device("cpu")).memory
