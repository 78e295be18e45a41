"""A trial's id is a hash of what can change its result, and of nothing else, also where settings are added later."""

from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from trainables import resolving
from trainables.architectures import ARCHITECTURES
from trainables.architectures.variants import Shape, variant
from trainables.errors import InvalidSetting
from trainables.recipe.recipes import Recipe, as_entry, recipe_of, setting
from trainables.registry import Neutral, Registry
from trainables.resolving import resolve

LATER = Annotated[float, Neutral(1.0)]


@given(st.permutations(["bands", "seed", "learning_rate"]))
def test_id_ignores_order_and_defaults(order):
    values = {"bands": 64, "seed": 7, "learning_rate": 1e-3}
    first = resolve({name: values[name] for name in order}).trial("data")
    assert first == resolve({"seed": 7}).trial("data")


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"kernel": "3x8"}, {"learning_rate": 2e-3}, {"protocol": "as_published"}, {"epochs": 99}]
)
def test_id_follows_what_can_change_the_result(change):
    assert resolve(change).trial("data") != resolve({}).trial("data")


def test_id_follows_the_data():
    assert resolve({}).trial("these") != resolve({}).trial("those")


def with_squeeze(squeeze: Parameter) -> Registry:
    """The architectures, of which lenet has one more parameter."""
    old = ARCHITECTURES["lenet"].build

    def lenet(shape: Shape, classes: int, **parameters: object) -> nn.Module:
        return old(shape, classes, **parameters)

    lenet.__signature__ = Signature([*signature(old).parameters.values(), squeeze])  # type: ignore[attr-defined]
    registry = Registry("architecture")
    registry("S4-A1")(lenet)
    return registry


def test_id_stays_where_a_parameter_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    old = [resolve(settings).trial("data") for settings in ({}, {"kernel": "3x8"})]
    added = Parameter("squeeze", Parameter.KEYWORD_ONLY, default=1.0, annotation=LATER)
    monkeypatch.setattr(resolving, "ARCHITECTURES", with_squeeze(added))
    assert resolve({})["squeeze"] == 1.0
    assert [resolve(settings).trial("data") for settings in ({}, {"kernel": "3x8"})] == old
    assert resolve({"squeeze": 0.5}).trial("data") not in old
    # A default that changes later makes another trial, and does not take the id of the old one.
    monkeypatch.setattr(resolving, "ARCHITECTURES", with_squeeze(added.replace(default=0.5)))
    assert resolve({}).trial("data") not in old
    assert [resolve({**s, "squeeze": 1.0}).trial("data") for s in ({}, {"kernel": "3x8"})] == old
    # Unmarked, it would change every id.
    monkeypatch.setattr(resolving, "ARCHITECTURES", with_squeeze(added.replace(annotation=float)))
    assert resolve({}).trial("data") not in old


def test_parameter_of_a_function_and_field_of_a_design_are_marked_alike() -> None:
    @dataclass(frozen=True)
    class Design:
        width: int = 3
        squeeze: LATER = 1.0

        def build(self, shape: Shape, classes: int) -> nn.Module:
            return nn.Identity()

    registry = Registry("architecture")

    @registry("S4-A1")
    @variant(Design, squeeze=2.0)
    def tight() -> None:
        """Tight."""

    @registry("S4-A1")
    def plain(shape: Shape, classes: int, *, width: int = 3, squeeze: LATER = 2.0) -> nn.Module:
        return nn.Identity()

    for entry in registry.values():
        assert (entry.parameters, entry.neutral) == ({"width": 3, "squeeze": 2.0}, {"squeeze": 1.0})


def test_setting_is_added_to_a_recipe_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Longer(Recipe):
        warmup: int = setting(0, at_least=0, only=("schedule", ("step",)), neutral=0)

    old = resolve({}).trial("data")
    monkeypatch.setattr(resolving, "RECIPE", as_entry(Longer))
    assert resolve({}).trial("data") == old
    longer = resolve({"warmup": 3, "schedule": "step"})
    assert longer.trial("data") != resolve({"schedule": "step"}).trial("data")
    assert Longer(**longer.part("recipe")).warmup == 3
    with pytest.raises(InvalidSetting, match="warmup is -1: it must be at least 0"):
        Longer(warmup=-1)
    with pytest.raises(InvalidSetting, match="schedule is 'constant', which has no warmup"):
        Longer(warmup=1)


def test_recipe_is_that_of_the_settings() -> None:
    assert recipe_of(resolve({"batch_size": 7})) == Recipe(batch_size=7)
