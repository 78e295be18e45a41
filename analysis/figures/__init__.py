"""Figures, a module each: a data step (tables to a named tuple), a drawing step (that to plotly), and the words."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules
from typing import Any, get_args, get_origin

from analysis.errors import unknown


@cache
def figures() -> Mapping[str, Callable[..., Any]]:
    """Every function that gives a figure, a table or a diagram, or several, by "module.name"."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    functions = ((module, each) for module in modules for each in vars(module).values() if isfunction(each))
    return {
        f"{module.__name__.removeprefix(f'{__name__}.')}.{each.__name__}": each
        for module, each in functions
        if each.__module__ == module.__name__ and _shows(signature(each).return_annotation)
    }


def _shows(annotation: Any) -> bool:
    from analysis.figures.figure import Shown  # noqa: PLC0415 - plotly takes a second to import.

    given = get_args(annotation)[0] if get_origin(annotation) is Iterator else annotation
    return given == Shown or given in get_args(Shown)


def figure_named(name: str) -> Callable[..., Any]:
    """The function of that "module.name"; raises RunError, naming the nearest, for an unknown one."""
    found = figures()
    if name not in found:
        raise unknown("figure", name, found)
    return found[name]
