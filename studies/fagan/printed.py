"""What Fagan prints of training."""

from collections.abc import Mapping

from studies.recipes import NamedRecipe

RECIPE = NamedRecipe(
    ("S2-S5", "S2-S6"),
    "The architectures of S2 are built with weights drawn as the document says (S2-S7).",
    {"optimiser": "adam", "learning_rate": 5e-3, "loss": "log_softmax_nll", "epochs": 100},
    {"batch_size": 64, "weight_decay": 0.0},
)

RECIPES: Mapping[str, NamedRecipe] = {
    "fagan": RECIPE,
    "fagan_sample_cnn": NamedRecipe(
        ("S2-A8",),
        "As SampleCNN's authors trained it, by their code; S2 prints only its own recipe. Their decay of 1e-6 a "
        "step and their going back to the best weights at each fall of the rate are left out.",
        {
            "optimiser": "sgd",
            "learning_rate": 1e-2,
            "momentum": 0.9,
            "nesterov": True,
            "schedule": "plateau",
            "decay_epochs": 3,
            "decay_factor": 0.2,
            "batch_size": 23,
        },
        {"loss": "cross_entropy", "epochs": 100},
    ),
}
