"""Training a recurrent network that remembers: it begins a segment in the state in which it ended the one before."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from trainables.architectures.recurrence import Stack
from trainables.data.batches import FEWEST_SEGMENTS, Part, segments_each
from trainables.data.trial_data import TrialData
from trainables.errors import InvalidSetting
from trainables.fit import EVALUATION_BATCH, batches
from trainables.trainings import TRAININGS
from trainables.trainings.classification import Classification, begun


@dataclass
class Stateful(Classification):
    """A Classification that goes through the segments of each item in time; see `stateful`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.stacks = [module for module in self.network.modules() if isinstance(module, Stack)]
        if not self.stacks:
            raise InvalidSetting(
                "training is 'stateful' and the architecture has no recurrent layers that could keep a state: choose "
                "one that has, or set training to 'classification'."
            )
        if self.recipe.on_out_of_memory == "halve":
            raise InvalidSetting(
                "on_out_of_memory is 'halve' and training 'stateful' cannot put a batch through in pieces, which would "
                "lose its states: set it to 'fail'."
            )
        for part in (self.train, self.validation):
            places_in_time(part)

    def batches(self) -> Iterator[Tensor]:
        """The places of the segments for each step of an epoch: of as many items at once as a batch has segments."""
        items = places_in_time(self.train)
        order = torch.randperm(len(items), generator=self.order)
        for some in batches(order, self.recipe.batch_size):
            yield from self._remembering(items[some])

    @torch.no_grad()
    def logits(self, part: Part) -> Tensor:
        self.network.eval()
        nothing_random = torch.Generator(part.labels.device)
        alike = [some for places in by_length(part) for some in places.split(EVALUATION_BATCH)]
        found = [
            torch.stack([self.network(part.batch(places, nothing_random)[0]) for places in self._remembering(some)], 1)
            for some in alike
        ]
        order = torch.cat([some.flatten() for some in alike]).argsort()
        return torch.cat([each.flatten(0, 1) for each in found])[order]

    def _remembering(self, items: Tensor) -> Iterator[Tensor]:
        """The first segments of some items, then their second ones, and so on; meanwhile the layers keep states."""
        for stack in self.stacks:
            stack.states = []
        try:
            yield from items.unbind(1)
        finally:
            for stack in self.stacks:
                stack.states = None


def places_in_time(part: Part) -> Tensor:
    """The places (items, segments) of the segments of each item of a part, as they follow each other.

    Raises InvalidSetting unless all items have the same number of segments, at least two.
    """
    segments = segments_each(part, "stateful") if len(part) else FEWEST_SEGMENTS
    return torch.arange(len(part)).unflatten(0, (-1, segments))


def by_length(part: Part) -> list[Tensor]:
    """Places (items, segments) as in `places_in_time`, of the items with as many segments, for each number of them."""
    if part.item is None:
        return [torch.arange(len(part))[:, None]]
    counts = torch.bincount(part.item.cpu())
    first = counts.cumsum(0) - counts
    return [first[counts == count][:, None] + torch.arange(int(count)) for count in counts.unique()]


@TRAININGS("S2-F53")
def stateful(data: TrialData) -> Stateful:
    """Train as `classification` does, but begin each segment in the state in which the one before it ended (S2-F53).

    A batch has a segment each of as many items, shuffled anew in each epoch; the next batch has the next segment of
    each, until they end. Then states begin at zeros again. Gradients end where segments do. Validation and test go
    through the segments of an item in the same way, so that a segment is named by all of its item up to there.
    Meant for segments that follow each other without overlap, as `parts` cuts them.
    Raises InvalidSetting for a network without recurrent layers, items of one segment or of different numbers of them,
    and on_out_of_memory "halve".
    """
    return begun(Stateful, data)
