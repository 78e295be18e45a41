"""What a study may vary: small named functions over Optuna's distributions.

Each function returns one dimension under the name of the trial's parameter; `joined` makes a space of several, and
`where` has a dimension drawn only where other settings have certain values.
"""

from collections.abc import Callable
from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules

from search_spaces import space
from search_spaces.space import InvalidSpace, Space, joined, where

__all__ = ["InvalidSpace", "Space", "dimensions", "joined", "where"]


def dimensions() -> dict[str, Callable[[], Space]]:
    """Every function that gives a dimension, by "module.name"; called without arguments it gives its usual values."""
    functions = {
        f"{module.name}.{name}": function
        for module in iter_modules(__path__)
        for name, function in vars(import_module(f"{__name__}.{module.name}")).items()
        if isfunction(function) and name not in vars(space)
    }
    return {name: each for name, each in functions.items() if signature(each).return_annotation is Space}
