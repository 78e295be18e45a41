"""Search spaces, which know nothing of trials, name settings that trials have and values that they take."""

import inspect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution

import search_spaces
from search_spaces import Space
from trainables.architectures import ARCHITECTURES
from trainables.augmentation import AUGMENTATIONS
from trainables.augmentation.chain import chain
from trainables.data.segments import SEGMENTATIONS
from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import RECIPE, Recipe
from trainables.registry import Registry, Value
from trainables.resolving import DEFAULTS, checked, read
from trainables.trainings import TRAININGS

RATE, SECONDS = 44_100, 3
REGISTRIES: tuple[Registry, ...] = (ARCHITECTURES, AUGMENTATIONS, FRONT_ENDS, SEGMENTATIONS, TRAININGS)


def settings() -> dict[str, list[Value]]:
    """The defaults of every setting that some trial has, by its name."""
    found: dict[str, list[Value]] = {}
    parts: list[Mapping[str, Value]] = [entry.parameters for registry in REGISTRIES for entry in registry.values()]
    for part in (DEFAULTS, RECIPE.parameters, *parts):
        for name, default in part.items():
            found.setdefault(name, []).append(default)
    return found


def spaces() -> Iterator[tuple[str, Space]]:
    """What every function of the search spaces gives by itself, under its module and name."""
    for module in (module for module in iter_modules(search_spaces.__path__) if module.name != "space"):
        for name, function in vars(import_module(f"search_spaces.{module.name}")).items():
            own = inspect.isfunction(function) and name not in vars(search_spaces.space)
            if own and inspect.signature(function).return_annotation is Space:
                yield f"{module.name}.{name}", function()


DIMENSIONS = [(f"{place}-{name}", name, space[name]) for place, space in spaces() for name in space]
SETTINGS = settings()


def values_of(distribution) -> tuple[Value, ...]:
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices
    return distribution.low, distribution.high


CONTINUOUS = [
    (name, values_of(distribution))
    for _, name, distribution in DIMENSIONS
    if not isinstance(distribution, CategoricalDistribution)
]


@pytest.mark.parametrize(
    ("name", "distribution"), [case[1:] for case in DIMENSIONS], ids=[case[0] for case in DIMENSIONS]
)
class TestEveryDimension:
    def test_is_a_setting_of_some_part(self, name, distribution):
        assert name in SETTINGS

    def test_has_values_of_the_settings_type(self, name, distribution):
        for value in values_of(distribution):
            assert any(accepts(name, value, default) for default in SETTINGS[name]), value

    def test_a_value_that_is_printed_can_be_set_by_hand(self, name, distribution):
        for value in values_of(distribution):
            assert read(name, str(value), default_like(name, value)) == value

    def test_every_value_serves_some_part(self, name, distribution):
        for value in values_of(distribution):
            assert served(name, value), f"{name}={value} can be built by nothing"


@given(data=st.data())
def test_a_number_that_is_printed_can_be_set_by_hand(data):
    name, numbers = data.draw(st.sampled_from(CONTINUOUS))
    value = data.draw(st.floats(*numbers))
    assert read(name, str(value), default_like(name, value)) == value


def default_like(name: str, value: Value) -> Value:
    return next(default for default in SETTINGS[name] if accepts(name, value, default))


@lru_cache(maxsize=None, typed=True)
def served(name: str, value: Value) -> bool:
    """Whether any part can be built with this value, which several dimensions have."""
    return any(serves(name, value))


def accepts(name: str, value: Value, default: Value) -> bool:
    try:
        checked(name, value, default)
    except InvalidSetting:
        return False
    return True


def serves(name: str, value: Value) -> Iterator[bool]:
    """Whether each part that has the setting can be built with this value."""
    if name in DEFAULTS:
        yield names_a_part(name, str(value))
    if name in RECIPE.parameters:
        chooser, owners = RECIPE.about[name].get("only", ("optimiser", ("adam",)))
        yield works(lambda: Recipe(**{chooser: next(iter(owners)), name: value}))
    for registry in REGISTRIES:
        for entry in registry.values():
            if name in entry.parameters:
                yield works(lambda entry=entry, registry=registry: build(registry, entry, {name: value}))


def names_a_part(name: str, value: str) -> bool:
    known = {
        "segmentation": lambda: SEGMENTATIONS[value],
        "augmentation": lambda: chain(value, RATE, {}),
        "training": lambda: TRAININGS[value],
    }
    return works(known[name])


def build(registry: Registry, entry, chosen: dict[str, Value]) -> None:
    """Build a part as far as it can be without data."""
    if registry is ARCHITECTURES:
        with torch.device("meta"):
            entry.build(entry.about.get("shape", (1, 64, 80)), 11, **chosen)
    elif registry is FRONT_ENDS:
        # A frame goes with its own hop, and with as many bands as it has room for.
        goes_with = {"hop": int(chosen["frame"]) // 2, "bands": 32} if "frame" in chosen else {}
        taken = {name: value for name, value in goes_with.items() if name in entry.parameters}
        entry.build(RATE, RATE * SECONDS, **{**taken, **chosen})
    elif registry is AUGMENTATIONS:
        entry.build(RATE, **chosen)


def works(build) -> bool:
    try:
        build()
    except InvalidSetting:
        return False
    return True
