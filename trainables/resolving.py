"""From settings to a configuration: the only module that knows the registries of all parts of a trial."""

from collections.abc import Mapping

from trainables.architectures import ARCHITECTURES
from trainables.augmentation import AUGMENTATIONS
from trainables.augmentation.chain import chained
from trainables.configuration import Configuration, Settings
from trainables.corpora import CORPORA
from trainables.corpora.corpus import CORRECTED
from trainables.data.aggregation import check_aggregation
from trainables.data.items import OF_PARTS, check_outputs
from trainables.data.segments import SEGMENTATIONS
from trainables.errors import InvalidSetting, unknown
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import RECIPE
from trainables.registry import Entry, Value
from trainables.trainings import TRAININGS
from trainables.weights import weights_named

DEFAULTS: Settings = {
    "corpus": "philharmonia",
    "protocol": CORRECTED,
    "segmentation": "onset",
    "front_end": "log_mel",
    "architecture": "lenet",
    "weights": "",
    "training": "classification",
    "augmentation": "",
    "side_features": "",
    "withheld": "",
    "outputs": OF_PARTS,
    "aggregation": "sum",
    "seed": 0,
    "split_seed": 0,
    "fold": 0,
    "folds": 1,
    "data_fraction": 1.0,
    "labelled_by": "",
}
# Of these settings, those that were added later; see `Configuration.trial`.
NEUTRAL: Settings = {
    "training": "classification",
    "weights": "",
    "withheld": "",
    "outputs": OF_PARTS,
    "data_fraction": 1.0,
    "labelled_by": "",
}


PARTS: Mapping[str, Mapping[str, Entry]] = {
    "segmentation": SEGMENTATIONS,
    "front end": FRONT_ENDS,
    "architecture": ARCHITECTURES,
    "training": TRAININGS,
    "augmentation": AUGMENTATIONS,
    "recipe": {"recipe": RECIPE},
}
"""By kind the parts that a trial chooses from; all have the one recipe."""


def entries(settings: Settings) -> dict[str, list[Entry]]:
    """What makes each part of a trial: any number of augmentations, and one entry for each other part."""
    return {
        "protocol": [CORPORA[str(settings["corpus"])].protocols[str(settings["protocol"])]],
        "segmentation": [SEGMENTATIONS[str(settings["segmentation"])]],
        "front_end": [FRONT_ENDS[str(settings["front_end"])]],
        "architecture": [ARCHITECTURES[str(settings["architecture"])]],
        "training": [TRAININGS[str(settings["training"])]],
        "augmentation": chained(str(settings["augmentation"])),
        "recipe": [RECIPE],
    }


def parts(settings: Settings) -> dict[str, dict[str, Value]]:
    """Name and default of the parameters that each part of a trial takes, given what the parts are."""
    return {
        part: {name: default for entry in found for name, default in entry.parameters.items()}
        for part, found in entries(settings).items()
    }


def neutral(settings: Settings) -> Settings:
    added = (entry.neutral for found in entries(settings).values() for entry in found)
    return {**NEUTRAL, **{name: value for each in added for name, value in each.items()}}


def code(settings: Settings) -> tuple[str, ...]:
    """The hashes of the files of those parts that are from outside this package."""
    return tuple(sorted({entry.code for found in entries(settings).values() for entry in found} - {""}))


def registers(module: str) -> bool:
    """Whether a module of that name has registered a part of trials."""
    return any(entry.build.__module__ == module for part in PARTS.values() for entry in part.values())


SYNONYMS: Mapping[str, str] = {
    "lr": "learning_rate",
    "optimizer": "optimiser",
    "wd": "weight_decay",
    "scheduler": "schedule",
    "criterion": "loss",
    "init": "initialisation",
    "model": "architecture",
    "dataset": "corpus",
    "augment": "augmentation",
    "features": "front_end",
    "n_mels": "bands",
    "n_fft": "frame",
    "hop_length": "hop",
    "kernel_size": "kernel",
}
"""What other libraries call a setting: the nearest name is then known."""


def resolve(settings: Settings) -> Configuration:
    """Fill in the defaults and check the names and types of all settings.

    Raises InvalidSetting for an unknown name (with the nearest known one) or a value of the wrong type.
    """
    chosen = chosen_parts(settings)
    by_part = parts(chosen)
    known = known_settings(by_part)
    for key in settings:
        if key not in known:
            raise unknown("parameter", key, known, SYNONYMS)
    check_aggregation(str(chosen["aggregation"]))
    check_outputs(str(chosen["outputs"]))
    if chosen["weights"]:
        weights_named(str(chosen["weights"]))
    complete = {key: checked(key, settings.get(key, known[key]), known[key]) for key in sorted(known)}
    taken = {part: tuple(names) for part, names in by_part.items()}
    return Configuration(complete, taken, neutral(chosen), code(chosen))


def chosen_parts(settings: Settings) -> Settings:
    """What the settings say of the parts, with the defaults filled in."""
    return {key: settings.get(key, default) for key, default in DEFAULTS.items()}


def known_settings(by_part: Mapping[str, Settings]) -> Settings:
    """Name and default of every setting of a trial whose parts take these."""
    return {**DEFAULTS, **{name: default for each in by_part.values() for name, default in each.items()}}


def spelled(texts: Mapping[str, str], others: Settings) -> dict[str, Value]:
    """Settings that are written as text, as values of the types of their defaults, beside `others`.

    A name that is no setting keeps its text. Raises InvalidSetting for a text that spells no such value.
    """
    known = known_settings(parts(chosen_parts({**others, **texts})))
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
