"""What Raval and Mateti print of how they train."""

from collections.abc import Mapping

from studies.recipes import NamedRecipe

RECIPES: Mapping[str, NamedRecipe] = {
    "raval_mateti": NamedRecipe(
        ("S3-S5",),
        "Rate and epsilon are Keras' own for 'adam'. The printed test loss is 42 nats a wrong item, more than the "
        "16.1 at which Keras would clip probabilities: it was computed from logits, as here.",
        {"optimiser": "adam", "loss": "cross_entropy", "batch_size": 100, "epochs": 70},
        {"learning_rate": 1e-3, "epsilon": 1e-7},
    ),
}
