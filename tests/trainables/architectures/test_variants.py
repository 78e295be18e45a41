from dataclasses import dataclass
from inspect import signature

import pytest
from torch import nn

from trainables.architectures.variants import Shape, variant
from trainables.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Design:
    width: int = 4
    share: float = 0.5
    kind: str = "plain"

    def build(self, shape: Shape, classes: int) -> nn.Module:
        return nn.Sequential(
            nn.Flatten(), nn.Linear(shape[0] * shape[1] * shape[2], self.width), nn.Linear(self.width, classes)
        )


@variant(Design, width=6)
def wider() -> None:
    """Six wide."""


def test_a_variant_has_all_parameters_of_its_design_and_its_own_defaults() -> None:
    registry = Registry("architecture")
    entry = (registry("S0-A1")(wider), registry["wider"])[1]
    assert entry.parameters == {"width": 6, "share": 0.5, "kind": "plain"}
    assert entry.summary == "Six wide."
    assert list(signature(wider).parameters)[:2] == ["shape", "classes"]


def test_a_variant_builds_its_design() -> None:
    assert wider((1, 2, 3), 5)[1].out_features == 6
    assert wider((1, 2, 3), 5, width=7)[1].out_features == 7
    with pytest.raises(TypeError, match="widht"):
        wider((1, 2, 3), 5, widht=7)


@pytest.mark.parametrize("defaults", [{"widht": 6}, {"width": "6"}, {"width": 6.0}, {"share": 1}])
def test_a_default_that_the_design_cannot_have_is_an_error_at_once(defaults: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Design has no parameter"):
        variant(Design, **defaults)
