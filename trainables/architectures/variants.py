"""Architectures that are one design with other defaults."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from inspect import Parameter, Signature
from typing import Any, Protocol

from torch import nn

from trainables.registry import Value

Shape = tuple[int, int, int]


class Design(Protocol):
    """A dataclass of an architecture's parameters, all with defaults."""

    def build(self, shape: Shape, classes: int) -> nn.Module:
        """The network for inputs of `shape` (channels, height, time)."""


def variant(design: type[Design], **defaults: Value) -> Callable[[Callable[[], None]], Callable[..., nn.Module]]:
    """Turn a function that is only a name and a docstring into an architecture: `design` with these defaults.

    It takes every field of the design as a keyword-only parameter. Raises ValueError for a default that the design
    does not know or that is of another type than the design's own.
    """
    known: dict[str, Any] = {field.name: field.default for field in fields(design)}  # type: ignore[arg-type]
    for name, value in defaults.items():
        if type(value) is not type(known.get(name)):
            raise ValueError(f"{design.__name__} has no parameter '{name}' that could be {value!r}")

    def decorate(function: Callable[[], None]) -> Callable[..., nn.Module]:
        def build(shape: Shape, classes: int, **parameters: Any) -> nn.Module:
            return design(**{**defaults, **parameters}).build(shape, classes)

        build.__name__, build.__doc__, build.__module__ = function.__name__, function.__doc__, function.__module__
        build.__signature__ = signature(design, defaults)  # type: ignore[attr-defined]
        return build

    return decorate


def signature(design: type[Design], defaults: Mapping[str, Value]) -> Signature:
    """That of an architecture whose keyword-only parameters are the fields of a design, with other defaults."""
    places = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("shape", "classes")]
    named = [
        Parameter(f.name, Parameter.KEYWORD_ONLY, default=defaults.get(f.name, f.default), annotation=f.type)
        for f in fields(design)  # type: ignore[arg-type]
    ]
    return Signature([*places, *named])
