"""S2-G1, S3-G6: what a document prints of its models in tables and logs, beside what was measured."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.confirmed import Confirmed
from analysis.figures.curves import over_seeds
from analysis.figures.figure import Cell, Table
from analysis.figures.values import NOTHING, Summary, level, measured, whose
from analysis.results import Results
from analysis.text import DASH

PARTS = {"training": "train_accuracy", "validation": "validation_accuracy", "test": "accuracy"}

Printed = tuple[str, str, float, float, float]
"""A model, the table that it is in, and its accuracies (shares) in training, validation and test."""


class Row(NamedTuple):
    """A model with the `printed` and the `found` accuracy of each part and the `corrected` test accuracy, in points."""

    model: str
    table: str
    printed: Mapping[str, float]
    found: Mapping[str, Summary]
    corrected: Summary


def tables(results: Results, arms: Sequence[str], rows: Sequence[Printed]) -> Iterator[Table]:
    """The tables of the document as one, of the models that are arms of the run."""
    data = [row for row in table_data(results, [each for each in rows if each[0] in arms]) if known(row)]
    heads = [head for part in PARTS for head in (f"{part}, printed".capitalize(), part.capitalize())]
    caption = (
        f"Accuracies in points, with intervals of 95 % over seeds, of the test part also over groups. "
        f"{whose(results.documented)}; training is the running mean of the last epoch. Last: the test accuracy of the "
        "corrected protocol."
    )
    if data:
        yield Table(("Model", "Table", *heads, "Corrected test", "n"), tuple(map(cells, data)), caption)


def known(row: Row) -> bool:
    return any(found.n for found in (*row.found.values(), row.corrected))


def table_data(results: Results, rows: Sequence[Printed]) -> list[Row]:
    return [
        Row(
            model,
            table,
            dict(zip(PARTS, (100 * share for share in shares), strict=True)),
            {part: measured(results.documented, model, metric) for part, metric in PARTS.items()},
            level(results.headline, model),
        )
        for model, table, *shares in rows
    ]


def cells(row: Row) -> tuple[Cell, ...]:
    pairs = (cell for part in PARTS for cell in (figure(row.printed[part]), estimated(row.found[part])))
    n = max(row.found["test"].n, row.corrected.n)
    return Cell(row.model), Cell(row.table), *pairs, estimated(row.corrected), Cell(str(n), n)


def figure(value: float, digits: int = 1) -> Cell:
    return Cell(f"{value:.{digits}f}", value)


def estimated(found: Summary, digits: int = 1) -> Cell:
    """A mean with its interval, where it has one; a dash where nothing was measured."""
    if not math.isfinite(found.mean):
        return Cell(DASH)
    limits = f"[{found.low:.{digits}f}, {found.high:.{digits}f}]" if math.isfinite(found.high - found.low) else ""
    return figure(found.mean, digits)._replace(beside=limits)


LOGGED = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
"""The columns of a log of Keras, in its order: losses in nats, accuracies as shares."""
TESTED = {"test_loss": 1.0, "accuracy": 100.0}
"""The metrics in the first two of these columns after the test, and how many of their units are one of the log's."""
HEADS = ("Loss", "Accuracy", "Validation loss", "Validation accuracy")
Pair = tuple[float, Summary]


class Line(NamedTuple):
    """A line of a log: what it is of, the epoch of the run, and of each column what is printed and what was found."""

    name: str
    epoch: str
    pairs: tuple[Pair, ...]


def log(
    results: Results, arms: Sequence[str], epochs: Mapping[int, Sequence[float]], test: Sequence[float]
) -> Iterator[Table]:
    """The last epochs of an arm beside those of a printed log, and its test."""
    heads = ("Epoch", "Epoch of the run", *(head for each in HEADS for head in (f"{each}, printed", each)))
    caption = (
        f"The last epochs of the printed log beside those of the run. {whose(results.documented)}; losses in nats, "
        "accuracies as shares, with intervals of 95 % over seeds, after the test also over groups."
    )
    for arm in arms:
        lines = log_data(results.documented, arm, epochs, test)
        if lines:
            yield Table(heads, tuple(map(line, lines)), caption, arm if len(arms) > 1 else "", sortable=False)


def log_data(
    confirmed: Confirmed, arm: str, epochs: Mapping[int, Sequence[float]], test: Sequence[float]
) -> list[Line]:
    """The epochs of a log, counted from the last one, and the test; [] of an arm that recorded none."""
    means = {column: over_seeds(confirmed, [arm], column, math.inf) for column in LOGGED}
    last = max((int(table["epoch"].max()) for table in means.values() if len(table)), default=0)
    lines = []
    for epoch, values in epochs.items():
        own = last - (max(epochs) - epoch)
        pairs = tuple((value, at(means[column], own)) for column, value in zip(LOGGED, values, strict=True))
        lines += [Line(f"{epoch}", f"{own}", pairs)] if own > 0 else []
    after = (in_units(measured(confirmed, arm, metric), unit) for metric, unit in TESTED.items())
    return [*lines, Line("test", f"{last}", tuple(zip(test, after, strict=True)))] if lines else []


def in_units(found: Summary, unit: float) -> Summary:
    return Summary(found.mean / unit, found.low / unit, found.high / unit, found.n)


def at(means: pd.DataFrame, epoch: int) -> Summary:
    """A column's mean over the seeds at an epoch."""
    found = means.loc[means["epoch"] == epoch, ["mean", "low", "high", "n"]].to_numpy(float)
    if not len(found):
        return NOTHING
    mean, low, high, n = found[0].tolist()
    return Summary(mean, low, high, int(n))


def line(data: Line) -> tuple[Cell, ...]:
    found = [cell for printed, own in data.pairs for cell in (figure(printed, 4), estimated(own, 3))]
    lacking = [Cell(DASH)] * (2 * (len(HEADS) - len(data.pairs)))
    return Cell(data.name), Cell(data.epoch), *found, *lacking
