"""A trial's configuration: every value that can change its result, checked, complete and hashed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.errors import InvalidSetting, unknown
from trainables.frontends import FRONT_ENDS
from trainables.recipes import Recipe, recipe_parameters
from trainables.registry import Entry, Value
from trainables.segments import SEGMENTATIONS

Settings = Mapping[str, Value]

DEFAULTS: Settings = {
    "corpus": "philharmonia",
    "protocol": "corrected",
    "segmentation": "onset",
    "front_end": "log_mel",
    "architecture": "lenet",
    "seed": 0,
    "split_seed": 0,
    "fold": 0,
    "folds": 1,
}


@dataclass(frozen=True)
class Configuration:
    """All settings of one trial, with the defaults filled in; make one with `resolve`."""

    settings: Settings

    def part(self, name: str) -> dict[str, Any]:
        """The parameters of one part: 'protocol', 'segmentation', 'front_end', 'architecture' or 'recipe'."""
        return {key: self.settings[key] for key in parts(self.settings)[name]}

    @property
    def recipe(self) -> Recipe:
        """How the network is trained."""
        return Recipe(**self.part("recipe"))

    def trial(self, data_digest: str) -> str:
        """The trial's id: a hash of these settings and of the data, and of nothing else."""
        text = json.dumps([dict(self.settings), data_digest], sort_keys=True)
        return blake2b(text.encode(), digest_size=6).hexdigest()


def parts(settings: Settings) -> dict[str, Mapping[str, Value]]:
    """Name and default of the parameters that each part of a trial takes, given what the parts are."""
    return {
        "protocol": CORPORA[str(settings["corpus"])].protocols[str(settings["protocol"])].parameters,
        "segmentation": SEGMENTATIONS[str(settings["segmentation"])].parameters,
        "front_end": FRONT_ENDS[str(settings["front_end"])].parameters,
        "architecture": ARCHITECTURES[str(settings["architecture"])].parameters,
        "recipe": recipe_parameters(),
    }


def entries(settings: Settings) -> dict[str, Entry]:
    """The registered function of each part but the recipe."""
    return {
        "protocol": CORPORA[str(settings["corpus"])].protocols[str(settings["protocol"])],
        "segmentation": SEGMENTATIONS[str(settings["segmentation"])],
        "front_end": FRONT_ENDS[str(settings["front_end"])],
        "architecture": ARCHITECTURES[str(settings["architecture"])],
    }


def resolve(settings: Settings) -> Configuration:
    """Fill in the defaults and check the names and types of all settings.

    Raises InvalidSetting for an unknown name (with the nearest known one) or a value of the wrong type.
    """
    chosen = {key: settings.get(key, default) for key, default in DEFAULTS.items()}
    known = dict(DEFAULTS)
    for parameters in parts(chosen).values():
        known |= parameters
    for key in settings:
        if key not in known:
            raise unknown("parameter", key, known)
    complete = {key: checked(key, settings.get(key, default), default) for key, default in known.items()}
    return Configuration(dict(sorted(complete.items())))


def checked(name: str, value: Value, default: Value) -> Value:
    """`value` if it is of its default's type (a whole number serves as a float), else InvalidSetting."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise InvalidSetting(f"{name} is {value!r}: it must be of type {type(default).__name__}, like {default!r}.")
    return value
