"""Recurrent layers over the time axis of feature maps."""

import torch
from torch import Tensor, nn

from trainables.errors import unknown

CELLS: dict[str, type[nn.LSTM | nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}
READ_OUTS = ("all", "last")


class Recurrence(nn.Module):
    """Stacked LSTM or GRU layers over time, with channels and height together as features.

    Gives the outputs at all steps, as maps (batch, units, 1, time), or only the last, as (batch, units, 1, 1).
    No state is carried from one batch to the next (S2-S10). Layers are torch's, with its two bias vectors each, where
    Keras has one: one of `units` units has gates x units parameters more, with 4 gates in an LSTM and 3 in a GRU.
    """

    def __init__(self, features: int, units: list[int], cell: str, read_out: str):
        super().__init__()
        if cell not in CELLS:
            raise unknown("cell", cell, CELLS)
        if read_out not in READ_OUTS:
            raise unknown("read_out", read_out, READ_OUTS)
        inputs = [features, *units[:-1]]
        # One module a layer, because torch's own stack has layers of one width only.
        self.layers = nn.ModuleList(CELLS[cell](i, o, batch_first=True) for i, o in zip(inputs, units, strict=True))
        self.last_only = read_out == "last"

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, channels, height, time) to maps (batch, units, 1, time or 1)."""
        steps = features.flatten(1, 2).transpose(1, 2)
        for layer in self.layers:
            steps, _ = layer(steps)
        if self.last_only:
            steps = steps[:, -1:]
        return steps.transpose(1, 2).unsqueeze(2)


class AsImage(nn.Module):
    """Maps (batch, units, 1, time) to one image of units by time."""

    def forward(self, features: Tensor) -> Tensor:
        """(batch, units, 1, time) to (batch, 1, units, time)."""
        return torch.transpose(features, 1, 2)
