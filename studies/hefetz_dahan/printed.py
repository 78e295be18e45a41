"""What Hefetz and Dahan print of how they train."""

from collections.abc import Mapping

from studies.recipes import NamedRecipe

RECIPE = NamedRecipe(
    ("S1-S4", "S1-S6"),
    "Models 1 to 3, of whose training nothing is printed.",
    guessed={"optimiser": "adam", "learning_rate": 1e-3, "loss": "cross_entropy", "batch_size": 32, "epochs": 30},
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
