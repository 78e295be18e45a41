"""What all studies of this document share: what it prints, its two models, and what it leaves open."""

from collections.abc import Mapping
from typing import Any

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.recipes import NamedRecipe
from studies.study import Arm, Reduced, arm, both
from trainables.corpora.nsynth_names import FAMILIES, FIELDS, SIDE_FEATURES, SYNTH_LEAD
from trainables.registry import Value

EPOCHS = 70

RECIPE = NamedRecipe(
    ("S3-S5",),
    "Rate and epsilon are Keras' own for 'adam'. The printed test loss is 42 nats a wrong item, more than the "
    "16.1 at which Keras would clip probabilities: it was computed from logits, as here.",
    {"optimiser": "adam", "loss": "cross_entropy", "batch_size": 100, "epochs": EPOCHS},
    {"learning_rate": 1e-3, "epsilon": 1e-7},
)

RECIPES: Mapping[str, NamedRecipe] = {"raval_mateti": RECIPE}

# S3-S1, S3-S2 and X17: whole notes, resampled to 8,000 samples. S3-S7 and X14: an output more than families are tested.
FIXED: Mapping[str, Value] = {
    **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
    "segmentation": "whole",
    "front_end": "waveform",
    "target_rate": 2000,
    "outputs": "corpus",
}

SHARED: Mapping[str, Any] = {
    "document": "raval_mateti",
    "corpus": "nsynth",
    "epochs": EPOCHS,
    "tuned": joined(learning_rate(1e-4, 1e-2), batch_size(50, 100, 200)),
    # Printed is the best of an unknown number of seeds, by their accuracy on the test data.
    "guessed": (
        "split: the order of the notes in the published files, taken to be that of their names",
        "which of how many seeds is printed",
        "pooling of the variant with 32 filters",
    ),
}

TESTED = tuple(family for family in FAMILIES if family != SYNTH_LEAD)
"""The families that are trained on and tested (S3-S7)."""

# X18: four features of 13 values; X19: the source, and nothing that names the instrument.
FEATURES: Mapping[str, tuple[str, ...]] = {
    name.removeprefix("instrument_"): columns for name, columns in FIELDS.items()
}

SMALLER: Mapping[str, tuple[int, int]] = {"smoke": (8, 10), "laptop": (4, 300)}
"""By scale what widths are divided by, and the most training notes of a family and source.

In full, one dense layer of Model 1 has 25.6 million weights: a night is too short for a single arm.
"""


def model(name: str, settings: Mapping[str, Value], *, times: int = 1, reduced: Reduced | None = None) -> Arm:
    """A network of the document; where it is reduced it is narrower, learns from fewer training notes, and as said."""
    few = settings["trained_on"] == "train"
    small: Reduced = {
        scale: {
            **{width: narrowed(str(settings[width]), by) for width in ("widths", "head_widths")},
            **({"per_key": notes} if few else {}),
        }
        for scale, (by, notes) in SMALLER.items()
    }
    return arm(name, times=times, reduced=both(small, reduced or {}), **settings)


def narrowed(widths: str, by: int) -> str:
    """Widths such as "64-32", each divided by a number."""
    return "-".join(str(int(width) // by) for width in widths.split("-"))


def model_1(name: str, *, times: int = 1, reduced: Reduced | None = None, **settings: Value) -> Arm:
    """Model 1 (S3-S3, S3-A1) with other settings, under a name that no other arm of the document has."""
    printed = {"architecture": "nsynth_cnn_1", "widths": "64-64", "head_widths": "100", "trained_on": "train"}
    return model(name, {**printed, **settings}, times=times, reduced=reduced)


def model_2(name: str, *, reduced: Reduced | None = None, **settings: Value) -> Arm:
    """Model 2 (S3-S4, S3-A3) with other settings, under a name that no other arm of the document has."""
    printed = {"architecture": "nsynth_cnn_2", "widths": "64-32-32", "head_widths": "50", "trained_on": "valid"}
    return model(name, {**printed, "side_features": "+".join(SIDE_FEATURES), **settings}, reduced=reduced)


def withheld(*given: str) -> str:
    """All values but those of the named features, as the setting of that name has them."""
    return "+".join(value for feature, values in FEATURES.items() if feature not in given for value in values)


M1, M2 = model_1("Model 1"), model_2("Model 2")
M2_SHUFFLED = model_2("Model 2, shuffled", shuffled=True)
# The features as samples of their own, as printed, but zeros.
M2_AUDIO = model_2("Model 2, audio alone", withheld=withheld())
