"""What a network consists of: a table of its layers, the number of its parameters, and what one input costs."""

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd
from torch.nn.utils.parametrize import is_parametrized

Row = dict[str, str | int]


def parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)


def parameters_of(build: Callable[[], nn.Module]) -> int:
    """How many trainable numbers the network that `build` makes would have; none is drawn."""
    with torch.device("meta"):
        return parameter_count(build())


def multiply_adds(module: nn.Module, shape: tuple[int, ...]) -> int:
    """Multiplications that are added up, in all convolutions, linear and recurrent layers, for one input of `shape`.

    Half as many as floating-point operations. Biases, normalisation, activations, pooling and transforms inside a
    network are not counted.
    """
    return sum(int(row["multiply_adds"]) for row in layer_table(module, shape))


def without_numbers(build: Callable[[], nn.Module]) -> nn.Module:
    """The network that `build` makes, to ask for its sizes: its numbers are neither drawn nor written to memory."""
    with torch.device("meta"):
        network = build()
    # As `to_empty` does, which for this imports a system of computer algebra: half a second of every command that asks.
    return network._apply(lambda values: torch.empty_strided(values.size(), values.stride(), dtype=values.dtype))


def channels_last(network: nn.Module) -> nn.Module:
    """The network with its kernels stored with channels last: on processors 1.3 to 1.8 times as fast.

    Not for 1 x 1 convolutions with a stride over 2 to 12 channels: torch 2.11 (oneDNN, AVX2) then writes their
    gradient beside its memory; from 16 channels on it does not.
    """
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs


def layer_table(module: nn.Module, shape: tuple[int, ...]) -> list[Row]:
    """One row per layer in the order in which one input of `shape` (without batch axis) passes them.

    Rows hold the layer's name, kind (its class), output (its size without the batch axis, as "6 x 60 x 76"),
    parameters (its own) and multiply_adds. The network's parts are left in the modes in which they were.
    """
    rows: list[Row] = []
    # What a weight is computed by, as with spectral norm, is part of its layer.
    named = [(name, part) for name, part in module.named_modules() if ".parametrizations" not in f".{name}"]
    layers = [(name, layer) for name, layer in named if is_layer(layer)]
    hooks = [layer.register_forward_hook(partial(add_row, rows, name)) for name, layer in layers]
    modes = [(part, part.training) for part in module.modules()]
    try:
        with torch.no_grad():
            module.eval()(no_inputs(module, shape))
    finally:
        for part, training in modes:
            part.training = training
        for hook in hooks:
            hook.remove()
    return rows


def is_layer(module: nn.Module) -> bool:
    """Whether a module is a row of the table: it has no parts, or parameters beside those of its parts."""
    return not any(module.children()) or is_parametrized(module) or any(True for _ in module.parameters(recurse=False))


def no_inputs(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    """A batch of no input on the module's device: it passes all layers at once, and shows what size they give."""
    device = next((parameter.device for parameter in module.parameters()), torch.device("cpu"))
    return torch.zeros(0, *shape, device=device)


def add_row(rows: list[Row], name: str, layer: nn.Module, inputs: Any, output: Any) -> None:
    """Append the row of one layer; of several outputs (LSTM) the first counts."""
    first = output[0] if isinstance(output, tuple) else output
    size = " x ".join(str(length) for length in first.shape[1:])
    own = sum(parameter.numel() for parameter in layer.parameters(recurse=is_parametrized(layer)))
    cost = layer_multiply_adds(layer, inputs[0], first)
    kind = type(layer).__name__.removeprefix("Parametrized")
    rows.append({"name": name, "kind": kind, "output": size, "parameters": own, "multiply_adds": cost})


def layer_multiply_adds(layer: nn.Module, inputs: Tensor, output: Tensor) -> int:
    """The multiply-adds of one layer for one input: how often each of its weights is used."""
    if isinstance(layer, _ConvTransposeNd):
        return prod(inputs.shape[2:]) * layer.weight.numel()
    if isinstance(layer, _ConvNd):
        return prod(output.shape[2:]) * layer.weight.numel()
    if isinstance(layer, nn.Linear):
        return prod(inputs.shape[1:-1]) * layer.weight.numel()
    if isinstance(layer, nn.RNNBase):
        weights = sum(value.numel() for name, value in layer.named_parameters() if name.startswith("weight"))
        return prod(inputs.shape[1:-1]) * weights
    return 0
