"""The training part of a split with its waveforms augmented anew at each step."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from trainables.augmentation import Augmentation
from trainables.segments import Segments


@dataclass(frozen=True)
class AugmentedPart:
    """Rows of `segments` to train on and their labels, (rows,) or (rows, classes).

    `audio` holds all samples of the store, int16, on the device of the labels and of the front end.
    """

    audio: Tensor
    segments: Segments
    rows: np.ndarray
    labels: Tensor
    front_end: nn.Module
    augmentation: Augmentation

    def __len__(self) -> int:
        return len(self.rows)

    @torch.no_grad()
    def batch(self, places: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Features and labels of the items at `places` (of this part), augmented by the numbers of `generator`."""
        waveforms = self.segments.waveforms(self.audio, self.rows[places.cpu().numpy()])
        heard, labels = self.augmentation(waveforms, self.labels[places.to(self.labels.device)], generator)
        return self.front_end(heard), labels
