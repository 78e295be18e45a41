"""What Lunger and Rho print of how they train."""

from collections.abc import Mapping

from studies.recipes import NamedRecipe

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
