"""What all studies of this document share: what it printed, and what it left open."""

from collections.abc import Mapping
from typing import Any

from search_spaces import joined, where
from search_spaces.optimisation import learning_rate, second_learning_rate
from studies.recipes import NamedRecipe
from studies.study import Arm, Reduced, both
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

TUNING: Mapping[str, Value] = RECIPES["hefetz_dahan_transfer"].printed
IN_PHASES: Mapping[str, Value] = {name: TUNING[name] for name in ("schedule", "frozen_epochs", "learning_rate")}

# S1-S1 and S1-S2: clips of 3 s whole, four fifths for training. Windows are as long as a clip also beside longer test
# excerpts; segments "whole" would be padded to the longest of these.
FIXED: Mapping[str, Value] = {
    **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
    "segmentation": "windows",
    "seconds": 3.0,
    "shares": "80/20",
    # For what is fine-tuned in two phases, where arms may choose another.
    "second_learning_rate": TUNING["second_learning_rate"],
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

SMALL_RATE = 5_000
"""In Hz, of reduced forms: computing spectrograms of the many test excerpts is most of what a small network takes."""
SMALL: Reduced = {"smoke": {"data_fraction": 0.1}}
SMALL_STACK: Reduced = {"smoke": {"target_rate": SMALL_RATE, "bands": 16, "frames": 16}}
SMALL_MEL: Reduced = {"smoke": {"hop": 1_024}}
# At "laptop" studies of several such networks have spectrograms of a quarter of the size, and the dearest ones a
# quarter of the clips.
COARSE: Reduced = {**SMALL, "laptop": {"bands": 64, "frames": 64}}
COARSE_QUARTER: Reduced = {**SMALL, "laptop": {"bands": 64, "frames": 64, "data_fraction": 0.25}}

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

# What Cnn14 was trained on: log-mel spectrograms that are not normalised, so that a louder clip is another one.
MEL: Mapping[str, Value] = {
    "front_end": "mel_spectrogram",
    "target_rate": 32_000,
    "frame": 1_024,
    "hop": 320,
    "bands": 64,
    "low": 50.0,
    "high": 14_000.0,
    "padding": "reflect",
    "top_db": 0.0,
    "normalise": "none",
}
PUBLISHED: Mapping[str, Value] = {"architecture": "cnn14", "weights": "cnn14_audioset"}


def on_mel(name: str, settings: Mapping[str, Value], reduced: Reduced | None = None) -> Arm:
    """A network on the mel spectrograms of the PANNs."""
    return Arm(name=name, settings={**MEL, **settings}, reduced=both(SMALL_MEL, reduced or {}))


def pann(name: str, **settings: Value) -> Arm:
    """Cnn14 with its published weights, fine-tuned; at "smoke" on very few clips, as no smaller one has weights."""
    return on_mel(name, {**PUBLISHED, **IN_PHASES, **settings}, {"smoke": {"data_fraction": 0.02}})


def model_2_on_mel(name: str, **settings: Value) -> Arm:
    """Model 2 with one path, on those spectrograms."""
    return on_mel(name, {"architecture": "deep_spectrogram_cnn", **settings})


def cnn14(name: str, **settings: Value) -> Arm:
    """Cnn14 with random weights."""
    return on_mel(name, {"architecture": "cnn14", **settings}, {"smoke": {"width": 4}})


PANN = pann("PANN")
CNN14_IN_PHASES = cnn14("Cnn14, random weights, in two phases", **IN_PHASES)
MODEL_2_ON_MEL = model_2_on_mel("Model 2 on the input of PANN")

SPECTROGRAMS = tuple(f"{scale}-{window}" for window in (512, 2_048, 8_192) for scale in ("linear", "mel", "log"))
"""The nine of Model 1, by frequency scale and by window in samples."""


def only(spectrogram: str) -> Arm:
    """Model 1 with one of its spectrograms."""
    return as_large(f"only {spectrogram}", without="+".join(each for each in SPECTROGRAMS if each != spectrogram))


ONLY = {spectrogram: only(spectrogram) for spectrogram in SPECTROGRAMS}
MEL_ALONE = as_large("Model 1, mel spectrograms alone", scales="mel")

BRANCHES: Mapping[int, Mapping[str, Value]] = {1: {"windows": "2048", "scales": "mel"}, 3: {"scales": "mel"}, 9: {}}
"""By the number of paths the spectrograms that have one."""


def branches(number: int, depth: int) -> Arm:
    """A network of so many paths of so many blocks, as large as Model 1."""
    return as_large(f"{number} branch{'es' * (number > 1)}, {depth} blocks", depth=depth, **BRANCHES[number])
