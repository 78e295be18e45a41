"""What a network consists of: a table of its layers and the number of its parameters."""

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

Row = dict[str, str | int]


def parameter_count(module: nn.Module) -> int:
    """How many trainable numbers `module` has."""
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)


def layer_table(module: nn.Module, shape: tuple[int, ...]) -> list[Row]:
    """One row per layer in the order in which one input of `shape` (without batch axis) passes them.

    Rows hold the layer's name, kind (its class), output (its size without the batch axis, as "6 x 60 x 76") and
    parameters (its own). The network's parts are left in the modes in which they were.
    """
    rows: list[Row] = []
    layers = [(name, layer) for name, layer in module.named_modules() if is_layer(layer)]
    hooks = [layer.register_forward_hook(partial(add_row, rows, name)) for name, layer in layers]
    modes = [(part, part.training) for part in module.modules()]
    try:
        with torch.no_grad():
            module.eval()(zeros_for(module, shape))
    finally:
        for part, training in modes:
            part.training = training
        for hook in hooks:
            hook.remove()
    return rows


def is_layer(module: nn.Module) -> bool:
    """Whether a module is a row of the table: it has no parts, or parameters beside those of its parts."""
    return not any(module.children()) or any(True for _ in module.parameters(recurse=False))


def zeros_for(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    """A batch of one silent input on the module's device."""
    device = next((parameter.device for parameter in module.parameters()), torch.device("cpu"))
    return torch.zeros(1, *shape, device=device)


def add_row(rows: list[Row], name: str, layer: nn.Module, _inputs: Any, output: Any) -> None:
    """Append the row of one layer; of several outputs (LSTM) the first counts."""
    first = output[0] if isinstance(output, tuple) else output
    size = " x ".join(str(length) for length in first.shape[1:])
    own = sum(parameter.numel() for parameter in layer.parameters(recurse=False))
    rows.append({"name": name, "kind": type(layer).__name__, "output": size, "parameters": own})
