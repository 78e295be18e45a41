"""The layers of the networks of a run's arms."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd


class Layers(NamedTuple):
    """The layers of one arm's network: columns name, kind, output, parameters."""

    arm: str
    layers: pd.DataFrame
    parameters: int


def layers_data(architectures: Mapping[str, Any], arms: Sequence[str]) -> tuple[Layers, ...]:
    """The layer table of each arm that the run describes, in the order of `arms`."""
    columns = ["name", "kind", "output", "parameters"]
    return tuple(
        Layers(arm, pd.DataFrame(found.get("layers", []), columns=columns), int(found.get("parameters", 0)))
        for arm in arms
        if (found := architectures.get(arm))
    )
