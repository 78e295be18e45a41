"""What all studies of this document share: what it printed, and what it left open."""

from collections.abc import Mapping
from typing import Any

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.recipes import NamedRecipe
from studies.study import Arm, arm
from trainables.registry import Value

EPOCHS = 100

RECIPE = NamedRecipe(
    ("S4-S5",),
    "Only the epochs are printed.",
    {"epochs": EPOCHS},
    {"optimiser": "adam", "learning_rate": 1e-3, "loss": "cross_entropy", "batch_size": 32},
)

RECIPES: Mapping[str, NamedRecipe] = {
    "yun_bi": RECIPE,
    "yun_bi_sgd": RECIPE.varied(
        "To see how much hangs on what is not printed; goes with tanh in LeNet.",
        guessed={"optimiser": "sgd", "learning_rate": 1e-2},
    ),
}

# S4-S2 and S4-S3: one second from the steepest rise of power, STFT of 1024 with half overlap, the first 80 frames.
FIXED: Mapping[str, Value] = {
    "segmentation": "onset",
    "seconds": 1.0,
    "front_end": "log_mel",
    "frame": 1024,
    "hop": 512,
    "frames": 80,
}

SHARED: Mapping[str, Any] = {
    "document": "yun_bi",
    "corpus": "philharmonia",
    "epochs": EPOCHS,
    # The document names neither (S4-S5), so each arm may tune them for itself.
    "tuned": joined(learning_rate(1e-4, 1e-2), batch_size(16, 32, 64)),
    "guessed": (
        "optimiser, learning rate, batch size, activation and loss",
        "which 14 instruments",
        "whether 200/120 is per class",
        "channels and second kernel of LeNet",
        "how spectrograms are normalised",
        "what of the LSTM's output is read",
    ),
}


def lenet(kernel: str, bands: int) -> Arm:
    """LeNet with kernels of bands x frames, under the name of the document's legends."""
    return arm(f"LeNet_{kernel.replace('x', '*')}_{bands}*80", architecture="lenet", kernel=kernel, bands=bands)


def lstm(units: str, bands: int) -> Arm:
    """An LSTM with the units of each layer, under the name of the document's legends."""
    return arm(f"LSTM_{units.replace('-', '+')}_{bands}*80", architecture="lstm", units=units, bands=bands)
