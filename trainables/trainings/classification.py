"""Training one network to name the class of each item."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from torch import Tensor

from trainables.data.aggregation import aggregated
from trainables.fit import Fit
from trainables.trainings import TRAININGS

if TYPE_CHECKING:
    from trainables.data.trial_data import Material


@dataclass
class Classification(Fit):
    """A Fit that predicts the items of a trial."""

    material: "Material" = field(kw_only=True)

    @property
    def parameters(self) -> int:
        """Trainable numbers of the network."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    def answers(self, name: str) -> Tensor:
        """Logits, or log-probabilities where segments are put together, of the items of a part."""
        part = self.material.part(name)
        return aggregated(self.logits(part).float(), part.item, self.aggregation, columns=self.loss.columns)

    def predictions(self) -> dict[str, Any]:
        """One row per test item."""
        return self.material.predictions(self.answers)

    def files(self) -> dict[str, bytes]:
        """None."""
        return {}


Kind = TypeVar("Kind", bound=Classification)


@TRAININGS("S4-S5")
def classification(material: "Material") -> Classification:
    """Train the architecture on the segments of the training part, by the recipe.

    Segments of an item are put together by the trial's aggregation.
    """
    return begun(Classification, material)


def begun(kind: type[Kind], material: "Material") -> Kind:
    """A training of one network by the recipe, at epoch 0."""
    train, validation = material.part("train", augmented=True), material.part("validation")
    network = material.network(material.seed)
    return kind(network, material.recipe, material.seed, train, validation, material.aggregation, material=material)
