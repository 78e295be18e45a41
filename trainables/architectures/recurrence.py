"""Recurrent layers over the time axis of feature maps, and what they remember."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import TypeVar

import torch
from torch import Tensor, nn

from trainables.errors import checked

CELLS: dict[str, type[nn.LSTM | nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}
READ_OUTS = ("all", "last")


State = TypeVar("State", Tensor, tuple[Tensor, Tensor])


class Stack(nn.Module):
    """LSTM or GRU layers one on another.

    `states` are those in which the layers ended, row by row of the last batch, for the next batch to begin with; while
    it is None, as it is unless a training says otherwise, none are kept and every batch begins at zeros (S2-S10).
    """

    def __init__(self, layers: Iterable[nn.LSTM | nn.GRU]):
        super().__init__()
        # One module a layer, because torch's own stack has layers of one width only.
        self.layers = nn.ModuleList(layers)
        self.states: list[Tensor | tuple[Tensor, Tensor]] | None = None

    def outputs(self, steps: Tensor) -> Tensor:
        """Steps (batch, time, features) to those of the last layer (batch, time, units)."""
        ends = []
        for layer, begin in zip_longest(self.layers, self.states or []):
            steps, end = layer(steps, begin)
            ends.append(detached(end))
        if self.states is not None:
            self.states = ends
        return steps


def detached(state: State) -> State:
    """The numbers of a state, through which no gradient goes."""
    return (state[0].detach(), state[1].detach()) if isinstance(state, tuple) else state.detach()


class Recurrence(Stack):
    """Stacked LSTM or GRU layers over time, with channels and height together as features.

    Gives the outputs at all steps, as maps (batch, units, 1, time), or only the last, as (batch, units, 1, 1).
    Layers are torch's, with its two bias vectors each, where
    Keras has one: one of `units` units has gates x units parameters more, with 4 gates in an LSTM and 3 in a GRU.
    """

    def __init__(self, features: int, units: list[int], cell: str, read_out: str):
        layer = CELLS[checked("cell", cell, CELLS)]
        inputs = [features, *units[:-1]]
        super().__init__(layer(i, o, batch_first=True) for i, o in zip(inputs, units, strict=True))
        self.last_only = checked("read_out", read_out, READ_OUTS) == "last"

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, channels, height, time) to maps (batch, units, 1, time or 1)."""
        steps = self.outputs(features.flatten(1, 2).transpose(1, 2))
        if self.last_only:
            steps = steps[:, -1:]
        return steps.transpose(1, 2).unsqueeze(2)


class AsImage(nn.Module):
    """Maps (batch, units, 1, time) to one image of units by time."""

    def forward(self, features: Tensor) -> Tensor:
        """(batch, units, 1, time) to (batch, 1, units, time)."""
        return torch.transpose(features, 1, 2)
