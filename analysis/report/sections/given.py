"""What results that were trained elsewhere say of each arm, before any claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from analysis.figures.figure import Cell, Table
from analysis.figures.values import measured
from analysis.metrics import METRICS
from analysis.metrics.given import VALUES
from analysis.protocols import judging, protocol_name
from analysis.report.embed import Embed
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.text import enough, number

HEADS = ("Arm", "Protocol", "Mean", "Seeds", "Test items", "Test groups")


@dataclass(frozen=True)
class GivenSection(Section):
    """A table of the arms, and what is `not_known` of them."""

    id: ClassVar[str] = "given"
    title: ClassVar[str] = "The results as given"

    table: Table
    not_known: Sequence[str]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for a run that trained its own networks."""
        if not results.run.given:
            return None
        return cls(*cls.drawn(results, embed), given_table(results), not_known(results))


def given_table(results: Results) -> Table:
    """Each arm under each protocol: the mean of what the results say, with its interval, and how much it rests on."""
    metric = METRICS[metric_of(results)]
    cells = [(arm, protocol.name) for protocol in judging() for arm in results.run.arms]
    rows = [row for arm, protocol in cells if (row := given_row(results, arm, protocol, metric.name))]
    caption = f"Mean {metric.axis} of each arm with its interval of 95 %, over seeds and groups of test items."
    return Table(HEADS, tuple(rows), caption)


def given_row(results: Results, arm: str, protocol: str, metric: str) -> tuple[Cell, ...] | None:
    data = results.confirmed[protocol]
    found = measured(data, arm, metric)
    if not found.n:
        return None
    items = data.items(arm).loc[lambda rows: rows["item"].ne("")]
    # Two figures of half the interval, and no fewer than one decimal.
    digits = enough((found.high - found.low) / 2, 0) + 1 if found.n > 1 else 2
    mean, limits = number(found.mean, digits), f"[{number(found.low, digits)}, {number(found.high, digits)}]"
    counts = (found.n, items["item"].nunique(), items["group"].nunique())
    figures = (Cell(str(count) if count else "not given", count) for count in counts)
    return Cell(arm), Cell(protocol_name(protocol)), Cell(mean, found.mean, limits if found.n > 1 else ""), *figures


def metric_of(results: Results) -> str:
    """The metric of the one value that results have of each answer."""
    found = results.run.predictions
    return next(metric for column, metric in VALUES.items() if column in found and found[column].notna().any())


def not_known(results: Results) -> list[str]:
    """What the page leaves out because the results do not have it."""
    run = results.run
    lacking = {
        "test items, so that intervals are over seeds alone": run.itemless,
        "classes, so that there are no confusion matrices": not run.labels,
        "epochs, so that there are no learning curves": run.epochs.empty,
    }
    return [what for what, lacks in lacking.items() if lacks]
