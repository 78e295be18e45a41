"""The recipes of the five documents, each with what is printed and what had to be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trainables.errors import unknown
from trainables.recipe.recipes import Recipe
from trainables.registry import Value


@dataclass(frozen=True)
class NamedRecipe:
    """A recipe of a document: `printed` stands in it, or in its authors' published code, `guessed` does not.

    `sources` are ids such as S0-S6; `note` says what a reader has to know. What neither names is as in `Recipe`.
    """

    sources: tuple[str, ...]
    note: str
    printed: Mapping[str, Value] = field(default_factory=dict)
    guessed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Value]:
        """What a study fixes to train so."""
        return {**self.printed, **self.guessed}

    @property
    def recipe(self) -> Recipe:
        """The recipe, complete."""
        return Recipe(**self.settings)  # type: ignore[arg-type]

    def varied(
        self, note: str, printed: Mapping[str, Value] | None = None, guessed: Mapping[str, Value] | None = None
    ) -> "NamedRecipe":
        """The same with other values; one that is now printed is guessed no more, and the other way round."""
        new, chosen = printed or {}, guessed or {}
        return NamedRecipe(
            self.sources,
            note,
            {**{name: value for name, value in self.printed.items() if name not in chosen}, **new},
            {**{name: value for name, value in self.guessed.items() if name not in new}, **chosen},
        )


class NamedRecipes(dict[str, NamedRecipe]):
    """Recipes by name."""

    def __missing__(self, name: str) -> NamedRecipe:
        """Raise InvalidSetting, naming the nearest recipe."""
        raise unknown("recipe", name, self)


LUNGER_RHO = NamedRecipe(
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
LUNGER_RHO_GAN = NamedRecipe(
    ("S0-S11", "S0-A6"),
    "Both networks of the DCGAN; its loss is the binary cross-entropy of one output, real or made.",
    {"optimiser": "adam", "learning_rate": 1e-3, "beta1": 0.5, "batch_size": 50, "epochs": 20},
    {"initialisation": "normal"},
)
HEFETZ_DAHAN = NamedRecipe(
    ("S1-S4", "S1-S6"),
    "Models 1 to 3, of whose training nothing is printed.",
    guessed={"optimiser": "adam", "learning_rate": 1e-3, "loss": "cross_entropy", "batch_size": 32, "epochs": 30},
)
FAGAN = NamedRecipe(
    ("S2-S5", "S2-S6"),
    "The architectures of S2 are built with weights drawn as the document says (S2-S7).",
    {"optimiser": "adam", "learning_rate": 5e-3, "loss": "log_softmax_nll", "epochs": 100},
    {"batch_size": 64, "weight_decay": 0.0},
)
YUN_BI = NamedRecipe(
    ("S4-S5",),
    "Only the epochs are printed.",
    {"epochs": 100},
    {"optimiser": "adam", "learning_rate": 1e-3, "loss": "cross_entropy", "batch_size": 32},
)

RECIPES: Mapping[str, NamedRecipe] = NamedRecipes(
    {
        "lunger_rho": LUNGER_RHO,
        "lunger_rho_momentum_0.9": LUNGER_RHO.varied(
            "Momentum .9, as the tutorial that the document follows has it: .09 is very probably a misprint (X1).",
            guessed={"momentum": 0.9},
        ),
        "lunger_rho_unsegmented": LUNGER_RHO.varied("Batches of whole clips.", {"batch_size": 60}),
        "lunger_rho_unsegmented_momentum_0.9": LUNGER_RHO.varied(
            "Batches of whole clips, and the momentum of the tutorial (X1).", {"batch_size": 60}, {"momentum": 0.9}
        ),
        "lunger_rho_dcgan": LUNGER_RHO_GAN,
        "lunger_rho_dcgan_canonical": LUNGER_RHO_GAN.varied(
            "With the learning rate of the DCGAN's reference code instead of the printed .001.",
            guessed={"learning_rate": 2e-4},
        ),
        "hefetz_dahan": HEFETZ_DAHAN,
        "hefetz_dahan_multi_label": HEFETZ_DAHAN.varied(
            "An independent yes or no for each class, for clips with several labels (S1-S6, S1-F7).",
            guessed={"loss": "bce"},
        ),
        "hefetz_dahan_transfer": HEFETZ_DAHAN.varied(
            "Fine-tuning: the backbone frozen for 4 epochs. That one optimiser goes on through both phases is a guess.",
            {
                "schedule": "two_phase",
                "frozen_epochs": 4,
                "learning_rate": 3e-3,
                "second_learning_rate": 2e-4,
            },
        ),
        "fagan": FAGAN,
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
        "raval_mateti": NamedRecipe(
            ("S3-S5",),
            "Rate and epsilon are Keras' own for 'adam'. The printed test loss is 42 nats a wrong item, more than the "
            "16.1 at which Keras would clip probabilities: it was computed from logits, as here.",
            {"optimiser": "adam", "loss": "cross_entropy", "batch_size": 100, "epochs": 70},
            {"learning_rate": 1e-3, "epsilon": 1e-7},
        ),
        "yun_bi": YUN_BI,
        "yun_bi_sgd": YUN_BI.varied(
            "To see how much hangs on what is not printed; goes with tanh in LeNet.",
            guessed={"optimiser": "sgd", "learning_rate": 1e-2},
        ),
    }
)
