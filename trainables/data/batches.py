"""The parts of a split as a training takes them: batches of features and labels by the places of their segments."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from trainables.augmentation import Augmentation
from trainables.data.features import Features
from trainables.errors import InvalidSetting

FEWEST_SEGMENTS = 2


class Part(Protocol):
    """Segments of one part of a split, numbered from 0.

    `labels` are class numbers (segments,) or a column per class (segments, classes); `item` (segments,) is what each
    is scored as, 0 to items - 1, or None where each is scored for itself.
    """

    @property
    def labels(self) -> Tensor:
        """Labels of the segments, on the device that they are trained on."""

    @property
    def item(self) -> Tensor | None:
        """The item of each segment."""

    def __len__(self) -> int: ...

    def batch(self, places: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Features and labels of the segments at `places`; whatever is random in them is drawn from `generator`."""


@dataclass(frozen=True)
class CachedPart:
    """Segments whose features are in memory: `rows` of `features`, or all of them."""

    features: Tensor
    labels: Tensor
    rows: Tensor | None = None
    item: Tensor | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, places: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        places = places.to(self.labels.device)
        return self.features[places if self.rows is None else self.rows[places]], self.labels[places]


@dataclass(frozen=True)
class StreamedPart:
    """Segments whose features are computed anew for each batch, of augmented audio: `rows` of those of `features`."""

    features: Features
    rows: np.ndarray
    labels: Tensor
    augmentation: Augmentation
    item: Tensor | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @torch.no_grad()
    def batch(self, places: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Features and labels of the segments at `places`, augmented by the numbers of `generator`."""
        rows = self.rows[places.cpu().numpy()]
        labels = self.labels[places.to(self.labels.device)]
        waveforms, labels = self.augmentation(self.features.waveforms(rows), labels, generator)
        return self.features.of(waveforms, rows), labels


@dataclass(frozen=True)
class SomeOf:
    """The segments of another part at `places`, which ascend."""

    part: Part
    places: Tensor

    @property
    def labels(self) -> Tensor:
        """Labels of the segments."""
        return self.part.labels[self.places]

    @property
    def item(self) -> Tensor | None:
        """The item of each segment, numbered anew from 0."""
        return None if self.part.item is None else torch.unique(self.part.item[self.places], return_inverse=True)[1]

    def __len__(self) -> int:
        return len(self.places)

    def batch(self, places: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        return self.part.batch(self.places[places.to(self.places.device)], generator)


def segments_each(part: Part, training: str) -> int:
    """How many segments every item of a part has, for a training of that name, which puts them side by side.

    Raises InvalidSetting unless all items have the same number of them, at least two.
    """
    counts = torch.ones(len(part)) if part.item is None else torch.bincount(part.item.cpu())
    fewest, most = (int(count) for count in counts.aminmax())
    if fewest < most or most < FEWEST_SEGMENTS:
        raise InvalidSetting(
            f"The items have {fewest} to {most} segments and training '{training}' needs the same number of each, at "
            f"least {FEWEST_SEGMENTS}: set segmentation to parts, and aggregation to sum."
        )
    return most
