"""Stacked long short-term memory layers."""

import re

from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.recurrence import Stack
from trainables.errors import InvalidSetting

UNITS = re.compile(r"[1-9]\d*(-[1-9]\d*)*")


class StackedLstm(Stack):
    """LSTM layers over the frames; the last output of the last layer goes to a linear layer."""

    def __init__(self, features: int, widths: list[int], classes: int):
        inputs = [features, *widths[:-1]]
        super().__init__(nn.LSTM(i, o, batch_first=True) for i, o in zip(inputs, widths, strict=True))
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, channels, bands, frames) to logits (batch, classes)."""
        steps = self.outputs(features.flatten(1, 2).transpose(1, 2))
        return self.output(steps[:, -1])


@ARCHITECTURES("S4-A3", "S4-A4", "S4-A5", "S4-A6")
def lstm(shape: tuple[int, int, int], classes: int, *, units: str = "128") -> nn.Module:
    """LSTM layers with frames as steps and bands as features, then a linear layer on the last output.

    `units` lists the layers' widths: "128", "128-64". Layers are torch's and have two bias vectors each.
    """
    if not UNITS.fullmatch(units):
        raise InvalidSetting(f"units is '{units}': write one positive width per layer, as in '128' or '128-64'.")
    return StackedLstm(shape[0] * shape[1], [int(width) for width in units.split("-")], classes)
