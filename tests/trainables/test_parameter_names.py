"""A trial's settings are flat, so no two of its parts may have a parameter of the same name."""

from collections.abc import Mapping
from itertools import combinations

import pytest

from trainables.architectures import ARCHITECTURES
from trainables.augmentation import AUGMENTATIONS
from trainables.corpora import CORPORA
from trainables.data.segments import SEGMENTATIONS
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import RECIPE
from trainables.registry import Entry
from trainables.resolving import DEFAULTS
from trainables.trainings import TRAININGS


def names(registry: Mapping[str, Entry]) -> set[str]:
    return {parameter for entry in registry.values() for parameter in entry.parameters}


PARTS = {
    "architecture": names(ARCHITECTURES),
    "augmentation": names(AUGMENTATIONS),
    "front end": names(FRONT_ENDS),
    "part": set(DEFAULTS),
    "protocol": {name for corpus in CORPORA.values() for name in names(corpus.protocols)},
    "recipe": set(RECIPE.parameters),
    "segmentation": names(SEGMENTATIONS),
    "training": names(TRAININGS),
}


@pytest.mark.parametrize(("one", "other"), combinations(PARTS, 2))
def test_parts_share_no_name(one: str, other: str) -> None:
    assert not PARTS[one] & PARTS[other]
