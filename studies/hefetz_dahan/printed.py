"""What all studies of this document share: what it printed, and what it left open."""

from collections.abc import Mapping
from typing import Any

from search_spaces import joined, where
from search_spaces.optimisation import learning_rate, second_learning_rate
from studies.recipes import NamedRecipe
from studies.study import Arm, Reduced
from trainables.registry import Value

EPOCHS = 30

RECIPE = NamedRecipe(
    ("S1-S4", "S1-S6"),
    "Models 1 to 3, of whose training nothing is printed.",
    guessed={"optimiser": "adam", "learning_rate": 1e-3, "loss": "cross_entropy", "batch_size": 32, "epochs": EPOCHS},
)

RECIPES: Mapping[str, NamedRecipe] = {
    "hefetz_dahan": RECIPE,
    "hefetz_dahan_multi_label": RECIPE.varied(
        "An independent yes or no for each class, for clips with several labels (S1-S6, S1-F7).",
        guessed={"loss": "bce"},
    ),
    "hefetz_dahan_transfer": RECIPE.varied(
        "Fine-tuning: the backbone frozen for 4 epochs. That one optimiser goes on through both phases is a guess.",
        {
            "schedule": "two_phase",
            "frozen_epochs": 4,
            "learning_rate": 3e-3,
            "second_learning_rate": 2e-4,
        },
    ),
}

# S1-S1 and S1-S2: clips of 3 s whole, four fifths for training. Windows are as long as a clip also beside longer test
# excerpts; segments "whole" would be padded to the longest of these.
FIXED: Mapping[str, Value] = {
    **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
    "segmentation": "windows",
    "seconds": 3.0,
    "shares": "80/20",
}

SHARED: Mapping[str, Any] = {
    "document": "hefetz_dahan",
    "corpus": "irmas",
    "epochs": EPOCHS,
    # Nothing is printed of how most networks were trained. What was fine-tuned has its rates: its second one is tuned.
    "tuned": joined(where(learning_rate(), schedule="constant"), where(second_learning_rate(), schedule="two_phase")),
    "guessed": (
        "architecture: blocks, channels and layers",
        "split: whether files or recordings are divided",
        "metric: accuracy after the last epoch, where the best of all epochs may be printed",
        "optimiser, batch size and epochs, and learning rates but for those of fine-tuning",
        "windows, bands and frames of the spectrograms",
    ),
}

# At "smoke" a quarter of the clips, a second of each, and small spectrograms.
SMALL: Reduced = {"smoke": {"segmentation": "onset", "seconds": 1.0, "data_fraction": 0.25}}
SMALL_STACK: Reduced = {"smoke": {"target_rate": 11_025, "bands": 32, "frames": 32}}

PARAMETERS = 360_203
"""Those of Model 1 with three blocks of 16, 32 and 64 channels; what is compared with it gets the width for as many."""


def stack(name: str, settings: Mapping[str, Value]) -> Arm:
    """A network on the spectrograms of several windows and frequency scales."""
    stated = {"front_end": "spectrogram_stack", "architecture": "spectrogram_cnn", **settings}
    return Arm(name=name, settings=stated, reduced=SMALL_STACK)


def as_large(name: str, **settings: Value) -> Arm:
    """Such a network with as many parameters as Model 1."""
    return stack(name, {"parameters": PARAMETERS, **settings})


def model_2(name: str, **settings: Value) -> Arm:
    """Model 2, or a variant of it: six blocks for each of three mel spectrograms."""
    return stack(name, {"architecture": "deep_spectrogram_cnn", "scales": "mel", **settings})


MODEL_1 = as_large("Model 1")
MODEL_2 = model_2("Model 2")
SEVERAL_LABELS = model_2("Model 2, several labels", loss="bce")
MIXED = model_2("Model 2, several labels, mixed clips", loss="bce", augmentation="mixing")
