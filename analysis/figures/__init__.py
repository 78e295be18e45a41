"""Figures, a module each: a data step (tables to a named tuple), a drawing step (that to plotly), and the words."""

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules
from typing import Any


def figures() -> dict[str, Callable[..., Any]]:
    """Every function that gives a Figure, or several, by "module.name"."""
    from analysis.figures.figure import Figure  # noqa: PLC0415 - plotly takes a second to import.

    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    functions = ((module, each) for module in modules for each in vars(module).values() if isfunction(each))
    return {
        f"{module.__name__.removeprefix(f'{__name__}.')}.{each.__name__}": each
        for module, each in functions
        if each.__module__ == module.__name__ and signature(each).return_annotation in (Figure, Iterator[Figure])
    }
