"""What has to be so of the numbers of a run for a claim to hold, or to fail: a function for each kind of claim."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from typing import TypeVar

from analysis.claims import (
    Better,
    Claim,
    ClassShare,
    Cost,
    Equal,
    Fact,
    Importance,
    Interaction,
    Level,
    NeverHurts,
    NoDirection,
    Optimum,
    Ranking,
    Recall,
    Runs,
    Saturates,
    Share,
    Slope,
    Spread,
    Unequal,
)
from analysis.claims.printed import Printed
from analysis.claims.sides import Side, arms_of
from planting.linear import Linear, Row, alike, mean
from planting.quantities import Quantities

CLEAR_RATIO = 1.3
"""How far a ratio is beyond the one that is claimed."""
TELLING = 5.0
"""Points of recall by which one class is ahead of another."""
ANYTHING = -1e9
"""What a number that may have any value is at least."""
C = TypeVar("C", bound=Claim)


@dataclass(frozen=True)
class Steep:
    """Right answers of an arm on some classes become more likely with a covariate (`turn` 1), or less (-1)."""

    arm: str
    covariate: str
    turn: int
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """What is so of a run: rows of its numbers, arms of which no run can be finished, slopes, and importances.

    Importances are the parameters that decide the accuracy of an arm's explored trials, () for all of them alike.
    """

    rows: Sequence[Row] = ()
    failing: frozenset[str] = frozenset()
    steep: tuple[Steep, ...] = ()
    important: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Planted = list[Truth]
"""Truths of which any one will do."""
PLANTS: dict[type[Claim], Callable[[Claim, bool, Quantities], Planted]] = {}


def plant(claim: Claim, holds: bool, made: Quantities) -> Planted:
    """What makes a claim hold, or fail; raises LookupError for a kind without such a function."""
    if type(claim) not in PLANTS:
        raise LookupError(
            f"No world makes a claim of the kind '{claim.kind}' hold or fail: write a function for "
            f"{type(claim).__name__} in planting/kinds.py."
        )
    return PLANTS[type(claim)](claim, holds, made)


def of(cls: type[C]) -> Callable[[Callable[[C, bool, Quantities], Planted]], Callable[[C, bool, Quantities], Planted]]:
    def register(function: Callable[[C, bool, Quantities], Planted]) -> Callable[[C, bool, Quantities], Planted]:
        PLANTS[cls] = function  # type: ignore[assignment]
        return function

    return register


def rows(*parts: Iterable[Row]) -> Planted:
    return [Truth([row for part in parts for row in part])]


def ahead(difference: Linear, margin: float, holds: bool = True) -> list[Row]:
    """The difference is at least the margin, or, where that does not hold, reversed."""
    return [Row(difference if holds else -1.0 * difference, margin, margin)]


def near(difference: Linear, margin: float) -> list[Row]:
    """The difference is next to none beside the margin."""
    return [Row(difference, -margin / 4), Row(-1.0 * difference, -margin / 4)]


def side(side: Side, metric: Callable[[str], Linear]) -> Linear:
    arms = arms_of(side)
    return mean([metric(arm) for arm in arms]) if arms else Linear(constant=float(side))  # type: ignore[arg-type]


def lead(claim: Claim, made: Quantities, first: Side, second: Side) -> Linear:
    """By how much the first is better than the second."""
    metric = made.of(claim.metric)
    return float(claim.sign) * (side(first, metric) - side(second, metric))


@of(Better)
def better(claim: Better, holds: bool, made: Quantities) -> Planted:
    return rows(ahead(lead(claim, made, claim.better, claim.worse), claim.margin, holds))


@of(Interaction)
def interaction(claim: Interaction, holds: bool, made: Quantities) -> Planted:
    difference = lead(claim, made, *claim.plus) - lead(claim, made, *claim.minus)
    return rows(ahead(difference, claim.margin, holds))


@of(Equal)
def equal(claim: Equal, holds: bool, made: Quantities) -> Planted:
    metric = made.of(claim.metric)
    first, second = side(claim.first, metric), side(claim.second, metric)
    if holds:
        return rows(alike(first, second) if claim.counted else near(first - second, claim.margin))
    margin = made.step(claim.metric) if claim.counted else claim.margin
    return [*rows(ahead(first - second, margin)), *rows(ahead(second - first, margin))]


@of(NoDirection)
def no_direction(claim: NoDirection, holds: bool, made: Quantities) -> Planted:
    """Both sides have the metric, and may have whatever value."""
    return rows([Row(lead(claim, made, claim.first, claim.second), ANYTHING)])


@of(Unequal)
def unequal(claim: Unequal, holds: bool, made: Quantities) -> Planted:
    ends = claim.among[0], claim.among[-1]
    if not holds:
        return rows(*(alike(lead(claim, made, *pair), 0.0) for pair in pairwise(claim.among)))
    return [
        *rows(ahead(lead(claim, made, *ends), claim.margin)),
        *rows(ahead(lead(claim, made, *ends[::-1]), claim.margin)),
    ]


@of(Spread)
def spread(claim: Spread, holds: bool, made: Quantities) -> Planted:
    """One set lies together; of the other some two arms lie so far apart that the spread is 1.5 margins or more.

    Of n arms of a range the spread is least where all others lie in the middle: the range over sqrt(2 (n - 1)).
    """
    together, apart = (claim.closer, claim.wider) if holds else (claim.wider, claim.closer)
    alikes = [alike(lead(claim, made, *pair), 0.0) for pair in pairwise(together)]
    reach = 1.5 * claim.margin * (2 * (len(apart) - 1)) ** 0.5
    return [truth for pair in permutations(apart, 2) for truth in rows(*alikes, ahead(lead(claim, made, *pair), reach))]


@of(NeverHurts)
def never_hurts(claim: NeverHurts, holds: bool, made: Quantities) -> Planted:
    if holds:
        return rows(Row(lead(claim, made, large, small)) for small, large in pairwise(claim.levels))
    return rows(ahead(lead(claim, made, claim.levels[0], claim.levels[-1]), claim.margin))


@of(Saturates)
def saturates(claim: Saturates, holds: bool, made: Quantities) -> Planted:
    place = claim.levels.index(claim.at)
    above, gain = claim.levels[place + 1 :], lead(claim, made, claim.at, claim.levels[0])
    if not holds:
        return rows(ahead(lead(claim, made, claim.levels[-1], claim.at), claim.margin))
    return rows(ahead(gain, claim.margin), *(near(lead(claim, made, level, claim.at), claim.margin) for level in above))


@of(Optimum)
def optimum(claim: Optimum, holds: bool, made: Quantities) -> Planted:
    below, above = claim.beyond
    if holds:
        # One of those inside, whichever it is, is ahead of all outside.
        over = ([lead(claim, made, at, other) for other in (*below, *above)] for at in claim.inside)
        return [rows(*(ahead(each, claim.margin) for each in leads))[0] for leads in over]
    return [
        rows(*(ahead(lead(claim, made, far, at), claim.margin) for at in claim.inside))[0]
        for far in (*below[:-1], *above[1:])
    ]


@of(Level)
def level(claim: Level, holds: bool, made: Quantities) -> Planted:
    value, within = made.of(claim.metric)(claim.arm), 0.0 if claim.counted else claim.margin / 3
    return as_printed(claim, value, holds, within, claim.margin, made.step(claim.metric))


@of(Fact)
def fact(claim: Fact, holds: bool, made: Quantities) -> Planted:
    tolerance = claim.tolerance * max(map(abs, claim.span))
    size = max(0.1 * max(map(abs, claim.span)), 0.5)
    return as_printed(claim, made.number("", f"fact {claim.fact}"), holds, tolerance, tolerance + size, size)


def as_printed(claim: Printed, value: Linear, holds: bool, within: float, beyond: float, size: float) -> Planted:
    """A number is as printed, or it is so far `beyond`, on either side; of a bound it is so many sizes on one side."""
    (low, high), turned = claim.span, -1.0 * value
    if claim.relation in ("above", "below"):
        over = (claim.relation == "above") == holds
        return rows([Row(value, low, size) if over else Row(turned, -low, size)])
    if holds:
        return rows([Row(value, low - within), Row(turned, -high - within)])
    return [*rows([Row(turned, beyond - low, beyond)]), *rows([Row(value, high + beyond, beyond)])]


@of(Share)
def share(claim: Share, holds: bool, made: Quantities) -> Planted:
    each = [lead(claim, made, *pair) for pair in claim.pairs]
    if claim.share != "sometimes":
        return rows(*(ahead(one, claim.margin, holds) for one in each))
    if holds:
        # Any one pair may be up and any other down, whatever the others are.
        ways = ((up, down) for up in each for down in each if up is not down)
        return [rows(ahead(up, claim.margin), ahead(down, claim.margin, False))[0] for up, down in ways]
    return [rows(*(ahead(one, claim.margin, way) for one in each))[0] for way in (True, False)]


@of(Ranking)
def ranking(claim: Ranking, holds: bool, made: Quantities) -> Planted:
    if claim.chain:
        return rows(*(ahead(lead(claim, made, *pair), claim.margin, holds) for pair in pairwise(claim.chain)))
    if claim.extreme:
        turn = 1.0 if claim.best else -1.0
        over = [turn * lead(claim, made, claim.extreme, other) for other in claim.others]
        if not holds:
            return [rows(ahead(each, claim.margin, False))[0] for each in over]
        # Ahead of all, or, of a few, of all but one that is level with it: then it is still among the best.
        level_with = [None, *range(len(over))] if 2 < len(over) < 8 else [None]
        return [
            rows(*([Row(each)] if place == near else ahead(each, claim.margin) for place, each in enumerate(over)))[0]
            for near in level_with
        ]
    places = [arms_of(names) for names in (claim.ranking if holds else claim.ranking[::-1])]
    # Neighbours may be level, as others may say of them: those that are three places apart are not.
    steps = [Row(lead(claim, made, *pair)) for pair in pairwise(places)]
    apart = zip(places, places[3:], strict=False)
    steps += [Row(lead(claim, made, *pair), 1.5 * claim.margin, 0.3 * claim.margin) for pair in apart]
    return rows(steps, *(alike(lead(claim, made, *pair), 0.0) for names in places for pair in pairwise(names)))


@of(Cost)
def cost(claim: Cost, holds: bool, made: Quantities) -> Planted:
    cheap, dear = (made.of(claim.metric)(arm) for arm in (claim.cheaper, claim.dearer))
    low, high, ratio = (cheap, dear, CLEAR_RATIO * claim.margin) if holds else (dear, cheap, CLEAR_RATIO)
    return rows([Row(high - ratio * low)])


@of(Runs)
def runs(claim: Runs, holds: bool, made: Quantities) -> Planted:
    """All runs end inside the range, or none does; where only failed ones are inside, all fail, or none."""
    inside = holds == (claim.relation != "below")
    if claim.low is None and claim.high is None:
        return [Truth(failing=frozenset(map(made.name, claim.of if inside else ())))]
    every, size = [made.of(claim.metric)(arm) for arm in claim.of], made.step(claim.metric)
    low, high = claim.low, claim.high
    if inside and low is not None and high is not None:
        quarter = (high - low) / 4
        return rows(*((Row(each, low + quarter), Row(-1.0 * each, quarter - high)) for each in every))
    over = [Row(each, end, size / 2) for each in every for end in [low if inside else high] if end is not None]
    under = [Row(-1.0 * each, -end, size / 2) for each in every for end in [high if inside else low] if end is not None]
    return [Truth(way) for way in (over, under) if way]


@of(Recall)
def recall(claim: Recall, holds: bool, made: Quantities) -> Planted:
    def apart(arm: str) -> Linear:
        high, low = ([made.recall(arm, name) for name in names] for names in (claim.classes, claim.less))
        return mean(high) - mean(low)

    return rows(ahead(apart(claim.arm) - (apart(claim.than) if claim.than else Linear()), claim.margin, holds))


@of(ClassShare)
def class_share(claim: ClassShare, holds: bool, made: Quantities) -> Planted:
    over = [made.recall(claim.better, name) - made.recall(claim.worse, name) for name in claim.classes]
    return rows(*(ahead(each, TELLING, holds) for each in over))


@of(Slope)
def slope(claim: Slope, holds: bool, made: Quantities) -> Planted:
    """On the classes of the claim answers follow the covariate, on those it is compared with the other way round."""
    turn = 1 if (claim.direction == "rises") == holds else -1
    classes = claim.classes or tuple(name for name in made.classes if name not in claim.less)
    name = made.name(claim.arm)
    steep = [Steep(name, claim.covariate, turn, classes)]
    steep += [Steep(name, claim.covariate, -turn, claim.less)] if claim.less else []
    if claim.of_pairs:
        best = made.of("micro_f1_top_1")(claim.arm)
        return [Truth([Row(best, 25.0), Row(-1.0 * best, -45.0)], steep=tuple(steep))]
    accuracy = made.of("accuracy")(claim.arm)
    return [Truth([Row(accuracy, 35.0), Row(-1.0 * accuracy, -75.0)], steep=tuple(steep))]


@of(Importance)
def importance(claim: Importance, holds: bool, made: Quantities) -> Planted:
    """The parameters of the claim decide all, or others do; where it names none, its number of them or all alike."""
    tuned = tuple(made.study.tuned)
    if claim.parameters:
        decisive = claim.parameters if holds else tuple(name for name in tuned if name not in claim.parameters)
    else:
        decisive = tuned[: claim.count] if holds else tuned
    return [Truth(important={made.name(claim.arm): decisive})]
