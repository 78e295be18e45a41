"""S2-G5, S3-G5, S3-G6, S4-G1, S4-G3, S4-G4: networks with how many layers and parameters they have."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.figures.figure import Cell, Table
from analysis.results import Results
from analysis.text import number


class Network(NamedTuple):
    """An arm's network: how many `layers` its table lists, and how many `parameters` it has."""

    arm: str
    layers: int
    parameters: int


def networks(results: Results, arms: Sequence[str]) -> Iterator[Table]:
    """The networks of some arms, each with a link to the table of its layers."""
    data = networks_data(results, arms)
    if data:
        yield Table(("Network", "Layers", "Parameters"), tuple(row(results, each) for each in data), CAPTION)


CAPTION = "Each name leads to the table of the layers."


def networks_data(results: Results, arms: Sequence[str]) -> list[Network]:
    """Those of the arms whose layers are known, of which the page has a table."""
    described = results.run.study["architectures"]
    return [
        Network(arm, len(described[arm]["layers"]), int(described[arm].get("parameters", 0)))
        for arm in arms
        if described.get(arm, {}).get("layers")
    ]


def row(results: Results, data: Network) -> tuple[Cell, ...]:
    counts = (Cell(number(count), count) for count in (data.layers, data.parameters))
    return Cell(data.arm, link=place(results, data.arm)), *counts


def place(results: Results, arm: str) -> str:
    """The id of the table of an arm's layers on the page."""
    return f"layers-{results.run.arms.index(arm) + 1}"
