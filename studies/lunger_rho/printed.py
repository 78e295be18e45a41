"""What all studies of this document share: what it printed, and what it left open."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from search_spaces import joined
from search_spaces.optimisation import learning_rate, momentum
from studies.recipes import NamedRecipe
from studies.study import Arm, Reduced, arm, both, varied
from trainables.registry import Value

RECIPE = NamedRecipe(
    ("S0-S5", "S0-S6", "S0-S8", "X1"),
    "Momentum as printed, .09. Epochs of 5, 10 and 30 are named (X3); 40 show all that is said of them.",
    {
        "optimiser": "sgd",
        "learning_rate": 1e-3,
        "momentum": 0.09,
        "weight_decay": 1e-3,
        "loss": "cross_entropy",
        "batch_size": 512,
    },
    {"epochs": 40},
)
GAN = NamedRecipe(
    ("S0-S11", "S0-A6"),
    "Both networks of the DCGAN; its loss is the binary cross-entropy of one output, real or made.",
    {"optimiser": "adam", "learning_rate": 1e-3, "beta1": 0.5, "batch_size": 50, "epochs": 20},
    {"initialisation": "normal"},
)

RECIPES: Mapping[str, NamedRecipe] = {
    "lunger_rho": RECIPE,
    "lunger_rho_momentum_0.9": RECIPE.varied(
        "Momentum .9, as the tutorial that the document follows has it: .09 is very probably a misprint (X1).",
        guessed={"momentum": 0.9},
    ),
    "lunger_rho_unsegmented": RECIPE.varied("Batches of whole clips.", {"batch_size": 60}),
    "lunger_rho_unsegmented_momentum_0.9": RECIPE.varied(
        "Batches of whole clips, and the momentum of the tutorial (X1).", {"batch_size": 60}, {"momentum": 0.9}
    ),
    "lunger_rho_dcgan": GAN,
    "lunger_rho_dcgan_canonical": GAN.varied(
        "With the learning rate of the DCGAN's reference code instead of the printed .001.",
        guessed={"learning_rate": 2e-4},
    ),
}

EPOCHS = 40
"""Ten more than section 3 calls too many for almost all models (X3)."""

# S0-S4: segments of 300 ms.
SEGMENTED: Mapping[str, Value] = {
    **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
    "segmentation": "windows",
    "seconds": 0.3,
}
# S0-S3: MFCCs, each frame normalised.
MFCC: Mapping[str, Any] = {"front_end": "mfcc", "coefficients": 30, "pre_emphasis": 0.97, "normalise": "frame"}
MEL: Mapping[str, Any] = {"front_end": "log_mel", "frame": 2048, "hop": 512, "frames": 0, "normalise": "frame"}
FIXED: Mapping[str, Value] = {**SEGMENTED, **MFCC}

# A rate of .001 is printed as the best of others (S0-F11), and a momentum that is probably a misprint (X1).
TUNED = joined(learning_rate(1e-4, 1e-1), momentum())
GUESSED = (
    "momentum of .09 or .9 (X1)",
    "frames, bands and pre-emphasis of the MFCCs",
    "whether files or recordings are divided",
    "epochs (X3)",
)
OF_THE_CNN = "architecture of the CNN, of which the name alone is printed"

SHARED: Mapping[str, Any] = {"document": "lunger_rho", "corpus": "irmas", "tuned": TUNED, "guessed": GUESSED}

DROPOUT_EPOCHS = 30
"""Section 3 calls more than these too many for almost all models, and goes on to dropout."""


def with_dropout(architecture: str, rate: float) -> Arm:
    """An arm with this share of dropout, which the architectures have by default or not (S0-S9)."""
    return arm(f"{architecture}, dropout {rate:g}", architecture=architecture, dropout=rate)


# Seven minutes of one core an epoch in full; narrow networks still tell which of two is ahead.
NARROW: Reduced = {"smoke": {"width": 8}, "laptop": {"width": 16}}
SPARSE: Reduced = {"smoke": {"hop": 2048, "segment_hop": 1.0}}
"""At scale smoke frames do not overlap, and a segment begins each second, however short it is."""
COARSE: Reduced = both(SPARSE, {"smoke": {"data_fraction": 0.25}})
"""The same on a quarter of the training part, for studies whose arms differ in other things than that."""

# S0-A1 to S0-A3, each with the dropout that is meant where none is spoken of: only the CNN is said to gain by it.
LINEAR = arm("linear network", architecture="linear")
CNN = arm("CNN", architecture="cnn", dropout=0.5)
RESNET_50, RESNET_34 = (
    arm(f"ResNet-{depth}", architecture="resnet", depth=depth, dropout=0.0, reduced=NARROW) for depth in (50, 34)
)
cnn, resnet_50, resnet_34 = (partial(varied, model) for model in (CNN, RESNET_50, RESNET_34))

# S0-S4, S0-S5: clips as one window of their length, in batches of 60; test excerpts, which are longer, lengthen none.
CLIP: Mapping[str, Any] = {"seconds": 3.0, "batch_size": 60}
LINEAR_CLIPS, CNN_CLIPS, RESNET_50_CLIPS, RESNET_34_CLIPS = (
    varied(model, f"{model.name} on clips", **CLIP) for model in (LINEAR, CNN, RESNET_50, RESNET_34)
)
COEFFICIENTS = (13, 20, 30, 40, 64, 128)


def at_rate(model: Arm, rate: float) -> Arm:
    """A model with a learning rate."""
    return model if rate == 1e-3 else varied(model, f"{model.name}, rate {rate:g}", learning_rate=rate)


def of(model: Arm, count: int) -> Arm:
    """A model on so many coefficients."""
    return model if count == 30 else varied(model, f"{model.name}, {count} coefficients", coefficients=count)


def lasting(seconds: float) -> Arm:
    """The CNN on segments that last so many seconds."""
    return CNN if seconds == 0.3 else cnn(f"CNN on {1000 * seconds:.0f} ms", seconds=seconds)


# S0-S11: whole clips of violins, as images of 128 coefficients by 128 frames.
GAN_FIXED: Mapping[str, Value] = {
    **{name: value for name, value in GAN.settings.items() if name != "epochs"},
    "training": "dcgan",
    "architecture": "dcgan_discriminator",
    "front_end": "mfcc_image",
    "segmentation": "windows",
    "seconds": 3.0,
}
GAN_SHARED: Mapping[str, Any] = {
    "document": "lunger_rho",
    "epochs": GAN.settings["epochs"],
    # Nothing is tuned: what a GAN generates has no validation accuracy to be chosen by.
    "guessed": (
        "architecture: widths of both networks, and how many numbers the generator is given",
        "how weights are drawn",
        "what noise is, and which instruments are told apart by the classifier that judges",
    ),
    "reduced": {
        "smoke": {
            "side": 32,
            # The hop of whole clips is then 4,267 samples, and no hop may be longer than a frame.
            "frame": 8192,
            "width": 4,
            "generator_width": 4,
            "judge_epochs": 1,
            "samples": 16,
            "sounds": 1,
        }
    },
}
ONCE = ("corrected",)
"""The protocol of claims for which nothing is tested: however clips are divided, images are compared with those that
trained the generator, and nothing is tuned."""


def gan(name: str, *, times: int = 1, **settings: Value) -> Arm:
    """A DCGAN as printed but for these settings; its discriminator has SELU, as in the end it had (S0-A6)."""
    return Arm(name=name, times=times, settings={"discriminator_activation": "selu", **settings})


SELU = gan("DCGAN")
