"""Worlds: numbers of runs by which some claims hold, or fail, all of them at once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from analysis.claims import Claim
from planting.kinds import Steep, Truth, plant
from planting.linear import Range, Row, Variable, solved
from planting.quantities import ABOVE_CHANCE, ANY, OF_EPOCHS, Quantities
from studies.study import Study

Numbers = Mapping[Variable, float]
Owners = Mapping[str, tuple[Quantities, str]]
"""By the name of an arm in variables the numbers that it is of, and its own name."""


@dataclass(frozen=True)
class Stated:
    """A claim of a study that holds, or fails, in one of the ways that there are."""

    made: Quantities
    claim: Claim
    holds: bool
    way: int = 0

    @cached_property
    def first(self) -> Truth:
        """What is so where no number is known yet."""
        return plant(self.claim, self.holds, self.made)[self.way]

    def truth(self, known: Numbers) -> Truth:
        return plant(self.claim, self.holds, replace(self.made, known=known))[self.way] if known else self.first

    def ways(self) -> Iterator["Stated"]:
        for way in range(len(plant(self.claim, self.holds, self.made))):
            yield replace(self, way=way)


@dataclass(frozen=True)
class World:
    """What is stated, and numbers by which it is so, of which accuracies are so far above chance."""

    above: float = -math.inf
    stated: tuple[Stated, ...] = ()
    known: Numbers | None = None

    @cached_property
    def made(self) -> Quantities:
        """The numbers of the runs of its study, where all is stated of one."""
        return replace(self.stated[0].made, known=self.known or {})

    @cached_property
    def truths(self) -> list[Truth]:
        return [each.truth(self.known or {}) for each in self.stated]

    @cached_property
    def failing(self) -> frozenset[str]:
        """The arms of which no run can be finished."""
        return frozenset[str]().union(*(truth.failing for truth in self.truths))

    @cached_property
    def steep(self) -> list[Steep]:
        return [steep for truth in self.truths for steep in truth.steep]

    @cached_property
    def important(self) -> dict[str, tuple[str, ...]]:
        return {arm: names for truth in self.truths for arm, names in truth.important.items()}

    def with_all(self, unit: Sequence[Stated]) -> "World | None":
        """The world with all of a unit, in the first ways that fit; None where there is no room."""
        world: World | None = self.as_stated(unit)
        if world is None:
            world = self
            for each in unit:
                world = world and world.with_one(each)
        return world

    def as_stated(self, unit: Sequence[Stated]) -> "World | None":
        """The world with all of a unit, in the ways that are stated; None where there is no room."""
        world = replace(self, stated=(*self.stated, *unit))
        known = solution(world)
        return None if known is None else replace(world, known=known)

    def with_one(self, stated: Stated) -> "World | None":
        return next((world for way in stated.ways() if (world := self.as_stated([way]))), None)


def worlds(study: Study, units: Sequence[Sequence[Claim]], holds: bool) -> list[World]:
    """Worlds in which all claims of a unit hold, or fail: as few as one unit after the other finds room in.

    Recalls that lie far apart widen the intervals of accuracies: a unit that is about them has a world of its own.
    Raises ValueError for a unit that no world has room for.
    """
    stated = [[Stated(Quantities(study), claim, holds) for claim in unit] for unit in units]
    alone = [unit for unit in stated if any(each.claim.metric == "recall_spread" for each in unit)]
    return [*shared([unit for unit in stated if unit not in alone]), *map(world_of, alone)]


def shared(units: Sequence[Sequence[Stated]]) -> list[World]:
    """As few worlds as there have to be for all units."""
    if whole := World(ABOVE_CHANCE[0]).with_all([each for unit in units for each in unit]):
        return [whole] if units else []
    found: list[World] = []
    for unit in units:
        alone = world_of(unit)
        alike = ((place, world) for place, world in enumerate(found) if world.above == alone.above)
        roomy = ((place, grown) for place, world in alike if (grown := world.with_all(unit)))
        place, grown = next(roomy, (len(found), alone))
        found[place : place + 1] = [grown]
    return found


def world_of(unit: Sequence[Stated]) -> World:
    """A world of one unit, as far above chance as there is room: near it runs count as collapsed."""
    found = (World(above).with_all(unit) for above in (*ABOVE_CHANCE, -math.inf))
    if world := next((world for world in found if world), None):
        return world
    said = "hold together" if unit[0].holds else "fail"
    raise ValueError(f"In no world {', '.join(each.claim.name for each in unit)} {said} clear of the margins.")


def solution(world: World) -> Numbers | None:
    """Numbers by which all that is stated in a world is so; None where there are none.

    Epochs are found first, because other metrics are linear only where these are known.
    """
    if clash(world.truths):
        return None
    owners, known = owners_of(world), dict[Variable, float]()
    for of_epochs in (True, False):
        truths = replace(world, known=known).truths
        rows = [row for truth in truths for row in truth.rows if is_of_epochs(row) == of_epochs]
        used = {variable for row in rows for variable in row.of.terms}
        arms = {name for name, _ in used} - {""}
        rows += [row for name in arms for row in owners[name][0].consistent(owners[name][1], used)]
        found = solved(rows, partial(range_of, owners, world.above))
        if found is None or any(truth.failing & arms for truth in truths):
            return None
        known |= found
    return known


def is_of_epochs(row: Row) -> bool:
    return all(quantity in OF_EPOCHS for _, quantity in row.of.terms)


def owners_of(world: World) -> Owners:
    every = {id(each.made): each.made for each in world.stated}.values()
    return {made.name(arm.name): (made, arm.name) for made in every for arm in made.study.arms}


def range_of(owners: Owners, above: float, variable: Variable) -> Range:
    """What a number can be, where an accuracy is at least so far above chance."""
    name, quantity = variable
    if not name:
        return ANY
    made, arm = owners[name]
    found = made.range(arm, quantity)
    return replace(found, low=max(found.low + above, 0.0)) if quantity == "accuracy" else found


def clash(truths: Sequence[Truth]) -> bool:
    """Whether answers are to follow a covariate in two ways, or the trials of an arm different parameters."""
    turns = {(s.arm, s.covariate, name, s.turn) for truth in truths for s in truth.steep for name in s.classes}
    decisive = {pair for truth in truths for pair in truth.important.items()}
    return len({turn[:-1] for turn in turns}) < len(turns) or len(dict(decisive)) < len(decisive)
