"""How accurate the arms of a study are, the most accurate first, and which may be as good as the first."""

import math
from collections.abc import Iterable

from analysis.confirmed import Confirmed
from analysis.errors import NotRun, Untestable
from analysis.figures.values import Summary, level
from analysis.text import between, number


def ends(data: Confirmed, arms: Iterable[str]) -> dict[str, Summary]:
    """Test accuracy in points of each arm that was tested, the most accurate first."""
    trained = set(data.rows["arm"])
    found = {arm: end for arm in arms if arm in trained and (end := level(data, arm)).n}
    return dict(sorted(found.items(), key=lambda each: -each[1].mean))


def limits(data: Confirmed, first: str, second: str) -> tuple[float, float]:
    """The 95 % interval, in points, of how far the first of two arms is ahead; NaN where none ran beside the other."""
    try:
        low, high = data.cells((first, second)).interval({first: 1.0, second: -1.0}).limits()
    except (NotRun, Untestable):
        return math.nan, math.nan
    return float(low), float(high)


def as_good(data: Confirmed, first: str, others: Iterable[str]) -> list[str]:
    """Those of the other arms that the first is not shown to be ahead of."""
    return [arm for arm in others if arm != first and not limits(data, first, arm)[0] > 0]


def sentence(data: Confirmed, arms: Iterable[str]) -> str:
    """All of that in words; "" where no arm was tested."""
    found = ends(data, arms)
    if not found:
        return ""
    each = [f"{arm} {number(end.mean)} % {between(end.low, end.high)}".strip() for arm, end in found.items()]
    sentence = f"Test accuracy, n = {max(end.n for end in found.values())}: {'; '.join(each)}."
    alike = as_good(data, next(iter(found)), found)
    return f"{sentence} May be as good as the first: {', '.join(alike)}." if alike else sentence
