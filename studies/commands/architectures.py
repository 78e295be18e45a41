"""The architectures and their layers, with what they have and cost."""

from collections.abc import Iterable

from rich.table import Table

from analysis.findings import cited
from studies.console import table
from trainables.architectures import ARCHITECTURES, usual_shape
from trainables.architectures.layers import Row, layer_table, without_numbers
from trainables.registry import Entry

CLASSES = 10
"""How many classes an architecture of no document is shown with."""

COLUMNS = ("architecture", "source", "input", "what it is", "parameters", "multiply-adds")
CAPTION = f"for one input, channels x height x time, with as many classes as its document has, or {CLASSES}"


def in_order() -> list[str]:
    return [entry.name for entry in sorted(ARCHITECTURES.values(), key=by_source)]


def row(name: str) -> tuple[str, ...]:
    entry = ARCHITECTURES[name]
    return name, ", ".join(entry.sources), written(usual_shape(entry)), entry.summary, *total(layers_of(entry))


def layers(architecture: str) -> Table:
    """The layers of an architecture with its defaults, for one input of its usual shape."""
    entry = ARCHITECTURES[architecture]
    rows = layers_of(entry)
    shown = ((str(row["name"]), str(row["kind"]), str(row["output"]), *counts(row)) for row in rows)
    title = f"{architecture} at {written(usual_shape(entry))}, {classes(entry)} classes"
    columns = ("layer", "kind", "output", "parameters", "multiply-adds")
    return table(title, columns, [*shown, ("sum", "", "", *total(rows))], numbers=2)


def layers_of(entry: Entry) -> list[Row]:
    """The layers of an architecture with its defaults at its usual input."""
    network = without_numbers(lambda: entry.build(usual_shape(entry), classes(entry)))
    return layer_table(network, usual_shape(entry))


def classes(entry: Entry) -> int:
    """How many classes the document of an architecture has."""
    return next((document.classes for document in map(cited, entry.sources) if document), CLASSES)


def by_source(entry: Entry) -> tuple[bool, str, int, str]:
    """The document and the number of an architecture's first id, such as S2-A11; those of no document come last."""
    ids = [source for source in entry.sources if cited(source)]
    document, _, number = (ids or [""])[0].partition("-")
    return not ids, document, int("".join(filter(str.isdigit, number)) or 0), entry.name


def counts(row: Row) -> tuple[str, str]:
    """Parameters and multiply-adds of a layer, with their thousands apart."""
    return f"{row['parameters']:,}", f"{row['multiply_adds']:,}"


def total(rows: list[Row]) -> tuple[str, str]:
    """Parameters and multiply-adds of all layers together."""
    return counts({name: sum(int(row[name]) for row in rows) for name in ("parameters", "multiply_adds")})


def written(shape: Iterable[int]) -> str:
    return " x ".join(map(str, shape))
