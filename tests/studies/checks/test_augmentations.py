"""Augmentations that change nothing of what a network is given are found, those that do are not."""

from typing import Any

import pytest
from small_study import small_study

from studies.checks.augmentations import reaching
from studies.study import arm
from trainables.augmentation import AUGMENTATIONS
from trainables.corpora.store import Store

LEVELS = {"front_end": "mel_spectrogram", "top_db": 0.0, "normalise": "none"}


def check_of(store: Store, *augmented: dict[str, Any], **fixed: Any) -> Any:
    arms = [arm("plain"), *(arm(f"augmented {number}", **each) for number, each in enumerate(augmented))]
    return reaching(small_study(*arms, fixed={"architecture": "lenet", "frames": 20, "seconds": 0.25, **fixed}), store)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_augmentation_reaches_a_network_that_is_given_levels(store: Store, name: str) -> None:
    settings = {"augmentation": name} | ({"loss": "bce"} if name == "mixing" else {})
    found = check_of(store, settings, **LEVELS)
    assert (found.id, found.outcome) == ("B12", "pass"), found.explanation


def test_volume_does_not_where_features_are_relative_to_the_peak_of_a_clip(store: Store) -> None:
    found = check_of(store, {"augmentation": "volume"}, {"augmentation": "noise+volume"})
    assert found.outcome == "fail" and found.figure < 1e-3
    assert found.explanation.startswith("1 of 2 change nothing that a network is given")
    assert found.explanation.endswith("volume of augmented 0 changes nothing.")


def test_without_augmentations_there_is_nothing_to_check(store: Store) -> None:
    assert check_of(store).outcome == "not applicable"
