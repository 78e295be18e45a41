"""A trial's configuration: every value that can change its result, checked, complete and hashed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from trainables.architectures import ARCHITECTURES
from trainables.augmentation.chain import chain_parameters
from trainables.corpora import CORPORA
from trainables.data.aggregation import check_aggregation
from trainables.data.segments import SEGMENTATIONS
from trainables.errors import InvalidSetting, unknown
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import NEUTRAL, Recipe, recipe_parameters
from trainables.registry import Entry, Value
from trainables.trainings import TRAININGS
from trainables.weights import weights_named

Settings = Mapping[str, Value]

DEFAULTS: Settings = {
    "corpus": "philharmonia",
    "protocol": "corrected",
    "segmentation": "onset",
    "front_end": "log_mel",
    "architecture": "lenet",
    "weights": "",
    "training": "classification",
    "augmentation": "",
    "side_features": "",
    "aggregation": "sum",
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
        """The parameters of one part: 'protocol', 'front_end', 'architecture' and so on, as `parts` names them."""
        return {key: self.settings[key] for key in parts(self.settings)[name]}

    @cached_property
    def recipe(self) -> Recipe:
        """How the network is trained."""
        return Recipe(**self.part("recipe"))

    def trial(self, data_digest: str) -> str:
        """The trial's id: a hash of the data and of these settings, but for those that do nothing, and nothing else."""
        settings = {name: value for name, value in self.settings.items() if NEUTRAL.get(name, ...) != value}
        text = json.dumps([settings, data_digest], sort_keys=True)
        return blake2b(text.encode(), digest_size=6).hexdigest()


def parts(settings: Settings) -> dict[str, Mapping[str, Value]]:
    """Name and default of the parameters that each part of a trial takes, given what the parts are."""
    return {
        "protocol": CORPORA[str(settings["corpus"])].protocols[str(settings["protocol"])].parameters,
        "segmentation": SEGMENTATIONS[str(settings["segmentation"])].parameters,
        "front_end": FRONT_ENDS[str(settings["front_end"])].parameters,
        "architecture": ARCHITECTURES[str(settings["architecture"])].parameters,
        "training": TRAININGS[str(settings["training"])].parameters,
        "augmentation": chain_parameters(str(settings["augmentation"])),
        "recipe": recipe_parameters(),
    }


def entries(settings: Settings) -> dict[str, Entry]:
    """The registered function of each part but augmentation, which may have several, and recipe."""
    return {
        "protocol": CORPORA[str(settings["corpus"])].protocols[str(settings["protocol"])],
        "segmentation": SEGMENTATIONS[str(settings["segmentation"])],
        "front_end": FRONT_ENDS[str(settings["front_end"])],
        "architecture": ARCHITECTURES[str(settings["architecture"])],
        "training": TRAININGS[str(settings["training"])],
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
    check_aggregation(str(chosen["aggregation"]))
    if chosen["weights"]:
        weights_named(str(chosen["weights"]))
    complete = {key: checked(key, settings.get(key, default), default) for key, default in known.items()}
    return Configuration(dict(sorted(complete.items())))


def spelled(texts: Mapping[str, str], others: Settings) -> dict[str, Value]:
    """Settings that are written as text, as values of the types of their defaults, beside `others`.

    A name that is no setting keeps its text. Raises InvalidSetting for a text that spells no such value.
    """
    chosen = {key: texts.get(key, others.get(key, default)) for key, default in DEFAULTS.items()}
    known = dict(DEFAULTS)
    for parameters in parts(chosen).values():
        known |= parameters
    return {**others, **{name: read(name, text, known.get(name, text)) for name, text in texts.items()}}


def read(name: str, text: str, default: Value) -> Value:
    """The value of the default's type that `text` spells: what `str` makes of a value is read as that value."""
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise InvalidSetting(f"{name} is '{text}': it must be true or false.")
        return text.lower() == "true"
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise InvalidSetting(f"{name} is '{text}': it must be a number like {default!r}.") from None
    return text


def checked(name: str, value: Value, default: Value) -> Value:
    """`value` if it is of its default's type (a whole number serves as a float), else InvalidSetting."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise InvalidSetting(f"{name} is {value!r}: it must be of type {type(default).__name__}, like {default!r}.")
    return value
