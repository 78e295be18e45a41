"""The figures of Yun and Bi (S4-G1 to G10): which arms each shows, by the names that its legends print."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

ARM = re.compile(r"(LeNet|LSTM)_(.+)_(\d+)\*(\d+)")
BEST = ("LeNet_3*8_64*80", "LSTM_128+128_128*80")
DIAGRAMS = {
    "S4-G1": ("LeNet", "The LeNet model"),
    "S4-G3": ("LSTM", "The LSTM"),
    "S4-G4": ("LeNet", "LeNet with its parameters"),
}


class Name(NamedTuple):
    """The parts of an arm's name: network, units of each layer or filter size, and bands of the input."""

    network: str
    form: str
    bands: int

    @property
    def layers(self) -> tuple[str, ...]:
        """Units of each LSTM layer."""
        return tuple(re.split(r"[+_-]", self.form))


class Printed(NamedTuple):
    """A figure of accuracy over epochs: its id, what it compares, and the arms of this run that it shows."""

    id: str
    title: str
    arms: tuple[str, ...]


def parsed(arm: str) -> Name | None:
    """The parts of a name like "LeNet_3*8_128*80", None for any other."""
    match = ARM.fullmatch(arm)
    return Name(match[1], match[2], int(match[3])) if match else None


def printed_figures(arms: Sequence[str]) -> tuple[Printed, ...]:
    """S4-G5 to G10 with those of `arms` that each of them shows; a figure with fewer than two is left out."""
    names = {arm: name for arm in arms if (name := parsed(arm))}
    shown = {
        ("S4-G5", "All preprocessing: 64 or 128 bands"): list(names)
        if len({n.bands for n in names.values()}) > 1
        else [],
        ("S4-G6", "LeNet: kernels of 3×8 and 5×5"): _of(names, "LeNet", lambda n: n.form in ("3*8", "5*5")),
        ("S4-G7", "One LSTM layer: 128 and 64 units"): _of(names, "LSTM", lambda n: len(n.layers) == 1),
        ("S4-G8", "One and two LSTM layers"): _of(names, "LSTM", lambda n: n.layers[0] == "128"),
        ("S4-G9", "Second LSTM layer: 128 and 64 units"): _of(names, "LSTM", lambda n: len(n.layers) == 2),
        ("S4-G10", "Best LeNet and best LSTM"): [arm for arm in BEST if arm in names],
    }
    several = {"S4-G8": lambda found: len({len(names[arm].layers) for arm in found}) > 1}
    return tuple(
        Printed(id, title, tuple(found))
        for (id, title), found in shown.items()
        if len(found) > 1 and several.get(id, bool)(found)
    )


def _of(names: Mapping[str, Name], network: str, wanted: Any) -> list[str]:
    # All but figures 5 and 10 of the document are at 64 bands.
    return [arm for arm, n in names.items() if n.network == network and n.bands == 64 and wanted(n)]


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
