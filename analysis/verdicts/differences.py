"""Rules for one comparison: DIR, EQ, INT, LEV, and HYP without a direction."""

import numpy as np

from analysis.claims import Better, Equal, Interaction, Level, NoDirection
from analysis.metrics import METRICS
from analysis.statistics import Interval
from analysis.verdicts.cells import Cells, Confirmed, NotRun
from analysis.verdicts.evidence import Evidence, figures, rule
from analysis.verdicts.sentences import basis, difference, measured, more_needed, number, size, span

GUESSES_THAT_MATTER = ("architecture", "split", "metric")


def against(cells: Cells, first: str, second: str | float, sign: int = 1) -> Interval:
    """Interval of first - second, an arm or a constant, times `sign`."""
    if isinstance(second, str):
        return cells.interval({first: sign, second: -sign})
    return cells.interval({first: sign}, sign * second)


def arms_of(*names: str | float) -> list[str]:
    """The arms among arms and constants."""
    return [name for name in names if isinstance(name, str)]


def called(name: str | float) -> str:
    """An arm's name, or a constant as a figure."""
    return name if isinstance(name, str) else number(name)


def direction(interval: Interval, margin: float) -> str:
    """The kind of contradiction of a claimed advantage of at least `margin`, by the first that fits."""
    if interval.high < 0:
        return "reversed"
    if interval.low > 0:
        return "negligible"
    return "null" if -margin < interval.low90 and interval.high90 < margin else f"not larger than {margin:g}"


DIRECTION_ENDS = {
    "reversed": "the order is reversed",
    "negligible": "the sign holds, the size does not",
    "null": "the difference lies inside the margin",
}


def directed(interval: Interval, metric: str, margin: float, held_out: int, said: str) -> Evidence:
    """DIR: off zero and at least the margin; contradicted where an effect of the margin is excluded."""
    numbers = figures(interval, margin, held_out)
    label = direction(interval, margin)
    unit, ending = METRICS[metric].unit, DIRECTION_ENDS.get(label, "")
    excluded = f"an advantage of {size(margin, metric)} is excluded"
    return Evidence(
        holds=interval.effect >= margin,
        fails=True,
        said=said,
        ends={
            "reproduced": f"the advantage is off zero and at least {size(margin, metric)}",
            "contradicted": f"{excluded}, and {ending}" if ending else excluded,
            "inconclusive": f"an advantage of {size(margin, metric)} is neither shown nor excluded after Holm's "
            f"adjustment; {more_needed(numbers['smallest_detectable'], numbers['needed'], unit)}",
        },
        unit=unit,
        p=interval.p_above(0.0),
        p_below=interval.p_below(margin),
        label=label,
        **numbers,
    )


@rule(Better)
def better(claim: Better, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """`better` against `worse`, an arm or a constant."""
    cells, sign = data.cells(arms_of(claim.better, claim.worse), claim.metric), METRICS[claim.metric].sign
    interval = against(cells, claim.better, claim.worse, sign)
    said = difference(interval, (claim.better, called(claim.worse)), claim.metric, cells.held_out, sign)
    return directed(interval, claim.metric, claim.margin, cells.held_out, said)


@rule(Interaction)
def interaction(claim: Interaction, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """The contrast (a1 - a2) - (b1 - b2), judged like a difference."""
    cells, sign = data.cells(claim.arms, claim.metric), METRICS[claim.metric].sign
    coefficients = dict.fromkeys(claim.arms, 0.0)
    for (first, second), turn in ((claim.plus, sign), (claim.minus, -sign)):
        coefficients[first] += turn
        coefficients[second] -= turn
    interval = cells.interval(coefficients)
    first, second = (f"({' - '.join(pair)})" for pair in (claim.plus, claim.minus))
    said = difference(interval, (first, second), claim.metric, cells.held_out, sign)
    return directed(interval, claim.metric, claim.margin, cells.held_out, said)


def inside(interval: Interval, margin: float) -> bool:
    """Whether the 90 % interval lies in (-margin, margin): two one-sided tests at 5 % (TOST)."""
    return -margin < interval.low90 and interval.high90 < margin


@rule(Equal)
def equal(claim: Equal, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """The 90 % interval inside the margins, or the 95 % interval outside them."""
    cells = data.cells(arms_of(claim.first, claim.second), claim.metric)
    interval = against(cells, claim.first, claim.second)
    numbers, band = figures(interval, claim.margin, cells.held_out), size(claim.margin, claim.metric)
    unit = METRICS[claim.metric].unit
    return Evidence(
        holds=inside(interval, claim.margin),
        fails=interval.low > claim.margin or interval.high < -claim.margin,
        said=difference(interval, (claim.first, called(claim.second)), claim.metric, cells.held_out),
        ends={
            "reproduced": f"the 90 % interval lies within {band} of equality",
            "contradicted": f"the difference exceeds {band}",
            "inconclusive": f"neither equality within {band} nor a larger difference is shown; "
            f"{more_needed(numbers['smallest_detectable'], numbers['needed'], unit)}",
        },
        unit=unit,
        **numbers,
    )


@rule(NoDirection)
def no_direction(claim: NoDirection, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """Estimate and interval only."""
    cells = data.cells(claim.arms, claim.metric)
    interval = against(cells, claim.first, claim.second)
    said = difference(interval, (claim.first, claim.second), claim.metric, cells.held_out)
    ends = {"no claim": "the document claims no direction, so this is an estimate and no verdict"}
    unit = METRICS[claim.metric].unit
    return Evidence(False, False, said, ends, unit=unit, **figures(interval, claim.margin, cells.held_out))


@rule(Level)
def level(claim: Level, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """The mean against the printed figure, range or bound."""
    if claim.metric == "parameters":
        return exact_level(claim, data)
    cells = data.cells((claim.arm,), claim.metric)
    interval = cells.interval({claim.arm: 1.0}, claim.printed)
    guessed = list(data.run.study["protocols"].get("as_published", {}).get("guessed", []))
    measured_level = cells.interval({claim.arm: 1.0})
    holds, fails = level_conditions(claim, interval)
    return Evidence(
        holds=holds,
        fails=fails,
        said=f"{basis(interval.n, cells.held_out, paired=False)} {claim.arm} reaches {number(measured_level.effect)} "
        f"{METRICS[claim.metric].unit}{measured(claim.metric)} {span(*measured_level.limits())}, where the document "
        f"prints {printed(claim)}; {len(guessed)} setting{'s' if len(guessed) != 1 else ''} had to be guessed",
        ends={
            "reproduced": "the level agrees with the printed one",
            "contradicted": "the level disagrees with the printed one",
            "inconclusive": "the interval neither agrees with the printed level nor excludes it",
            "untestable": "the level differs, but what was guessed may be why",
        },
        unit=METRICS[claim.metric].unit,
        blocked=any(word in guess.lower() for guess in guessed for word in GUESSES_THAT_MATTER),
        **figures(measured_level, claim.margin, cells.held_out),
    )


def printed(claim: Level) -> str:
    """The printed figure with its relation."""
    words = {"about": "about ", "above": "more than ", "below": "at most "}
    figure = f"{words.get(claim.relation, '')}{claim.printed:,g}"
    return figure if claim.upper is None else f"{figure} to {claim.upper:,g}"


def level_conditions(claim: Level, interval: Interval) -> tuple[bool, bool]:
    """Whether the level (less the printed figure) agrees, and whether it disagrees."""
    if claim.relation == "above":
        return interval.low > 0, interval.high < 0
    if claim.relation == "below":
        return interval.high < 0, interval.low > 0
    bottom, top = -claim.margin, claim.margin + ((claim.upper or claim.printed) - claim.printed)
    return bottom < interval.low90 and interval.high90 < top, interval.high < bottom or interval.low > top


def exact_level(claim: Level, data: Confirmed) -> Evidence:
    """A parameter count against the printed one."""
    count = parameters_of(data, claim.arm)
    off = count - claim.printed
    top = claim.margin + ((claim.upper or claim.printed) - claim.printed)
    holds = {"above": off > 0, "below": off <= 0}.get(claim.relation, -claim.margin <= off <= top)
    said = f"{claim.arm} has {number(count)} parameters, where the document prints {printed(claim)}"
    ends = {"reproduced": "the count is exact and agrees", "contradicted": "the count is exact and disagrees"}
    return Evidence(holds, not holds, said, ends, effect=count, unit="parameters", exact=True)


def parameters_of(data: Confirmed, arm: str) -> float:
    """The number of parameters of an arm: of its confirmed trials, or of its architecture as printed."""
    rows = data.rows.loc[data.rows["arm"] == arm, "parameters"]
    if len(rows):
        return float(rows.iloc[0])
    if arm not in data.run.study["architectures"]:
        raise NotRun(f"The run has no architecture of '{arm}'.")
    return float(data.run.study["architectures"][arm]["parameters"])
