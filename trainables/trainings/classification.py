"""Training one network to name the class of each item."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from trainables.data.aggregation import aggregated, together
from trainables.data.items import EXCERPTS
from trainables.data.predictions import prediction_table, train_accuracy
from trainables.data.trial_data import TrialData
from trainables.fit import Fit
from trainables.trainings import TRAININGS


@dataclass
class Classification(Fit):
    """A Fit that predicts the items of a trial."""

    data: TrialData = field(kw_only=True)

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    def answers(self, name: str) -> Tensor:
        """Logits, or log-probabilities where segments are put together, of the items of a part."""
        part = self.data.part(name)
        return aggregated(self.logits(part).float(), part.item, self.aggregation, columns=self.loss.columns)

    def predictions(self) -> dict[str, Any]:
        return prediction_table(self.data, self.answers)

    def train_accuracy(self) -> float:
        return train_accuracy(self.data, self.answers)

    def excerpt_answers(self) -> Tensor:
        part = self.data.part(EXCERPTS)
        assert part.item is not None
        return together(self.logits(part).float(), part.item, self.aggregation, columns=self.loss.columns)

    def files(self) -> dict[str, bytes]:
        return {}


Kind = TypeVar("Kind", bound=Classification)


@TRAININGS("S4-S5", by_segments=True)
def classification(data: TrialData) -> Classification:
    """Train the architecture on the segments of the training part, by the recipe.

    Segments of an item are put together by the trial's aggregation.
    """
    return begun(Classification, data)


def begun(kind: type[Kind], data: TrialData) -> Kind:
    train, validation = data.part("train", augmented=True), data.part("validation")
    network = data.network(data.seed)
    return kind(network, data.recipe, data.seed, train, validation, data.aggregation, data=data)
