"""How much the document's own split flatters: its accuracy against that of the same data, divided by groups."""

import math

import pandas as pd

from analysis.confirmed import Confirmed, Table, side_by_side
from analysis.errors import NotRun
from analysis.metrics import ACCURACY, METRICS
from analysis.protocols import AS_PRINTED, BASE, HEADLINE, PUBLISHED
from analysis.runs import Run
from analysis.statistics import Estimate, Interval

COLUMNS: tuple[str, ...] = ("arm", PUBLISHED.name, BASE.name, HEADLINE.name, "inflation", "low", "high")
COLUMNS += ("total_change", "total_low", "total_high", "n")


def inflation(run: Run) -> pd.DataFrame:
    """One row per arm (`COLUMNS`), accuracies and differences in points, limits of 95 %, NaN where a cell was not run.

    Inflation is the as-printed configuration under the document's own protocol less the same under its base; the total
    change, under the document's own less under the headline, also holds the other sizes and other test items.
    """
    cells = {each.name: Confirmed(run, each.name, AS_PRINTED) for each in (PUBLISHED, BASE, HEADLINE)}
    return pd.DataFrame([_row(arm, cells) for arm in run.arms], columns=list(COLUMNS))


def _row(arm: str, confirmed: dict[str, Confirmed]) -> dict[str, object]:
    found = {name: _table(data, arm) for name, data in confirmed.items()}
    means = {name: math.nan if a is None else _mean(a).effect for name, a in found.items()}
    inflated = change(found[PUBLISHED.name], found[BASE.name])
    total = change(found[PUBLISHED.name], found[HEADLINE.name])
    names = ("inflation", "low", "high", "total_change", "total_low", "total_high")
    return {"arm": arm, **means, **dict(zip(names, (*inflated[:3], *total[:3]), strict=True)), "n": inflated[3]}


def _table(data: Confirmed, arm: str) -> Table | None:
    try:
        data.cells((arm,))
    except NotRun:
        return None
    return data.table(arm, METRICS[ACCURACY])


def _mean(table: Table) -> Interval:
    return side_by_side({"": table}).interval({"": 1.0})


def change(first: Table | None, second: Table | None) -> tuple[float, float, float, int]:
    """First less second with limits of 95 %, and the number of repetitions.

    Where both predict items of the same groups in the same repetitions, as with whole cross-validation, the difference
    is paired by repetition and group, be it of segments and of clips. Where the test parts hold other groups, the
    variances of both means are added; that repetitions share their seed makes this too wide rather than too narrow.
    Degrees of freedom are then those of Welch and Satterthwaite.
    """
    if first is None or second is None:
        return math.nan, math.nan, math.nan, 0
    if set(first.items.index) == set(second.items.index):
        paired = side_by_side({"first": first, "second": second}).interval({"first": 1.0, "second": -1.0})
        return paired.effect, paired.low, paired.high, paired.n
    a, b = _mean(first), _mean(second)
    joined = Estimate(
        a.effect - b.effect, math.hypot(a.error, b.error), welch(a, b), min(a.n, b.n), a.groups + b.groups
    )
    return joined.effect, joined.low, joined.high, joined.n


def welch(first: Estimate, second: Estimate) -> float:
    """Degrees of freedom of a difference of two means that were measured apart (Welch 1947)."""
    fewest = min(first.df, second.df)
    error = math.hypot(first.error, second.error)
    if not fewest or not error:
        return fewest
    return 1 / sum((each.error / error) ** 4 / each.df for each in (first, second))
