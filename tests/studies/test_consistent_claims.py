"""The claims of all studies of a document can be true at once, but for those of which its register says otherwise."""

import json
from collections.abc import Iterator

import pytest
from planting.quantities import Quantities
from planting.worlds import Stated, World

from analysis import findings
from studies import catalogue
from studies.study import Study


def studies_of(document: str) -> list[Study]:
    return [catalogue.declared(name) for name in catalogue.names() if name.startswith(f"{document}/")]


def by_settings(study: Study) -> dict[str, str]:
    """Of each arm what it is trained with: arms of several studies that are trained alike are one."""
    return {arm.name: json.dumps(dict(study.printed(arm).settings), sort_keys=True) for arm in study.arms}


def stated(study: Study) -> Iterator[tuple[str, list[Stated]]]:
    """The findings of a study, each with its claims as true."""
    made = Quantities(study, by_settings(study))
    for finding in study.findings:
        yield finding, [Stated(made, claim, True) for claim in study.claims if claim.finding == finding]


def excluding(units: dict[str, list[Stated]]) -> Iterator[tuple[str, str]]:
    """Pairs of findings that cannot both be true."""
    world = World()
    for finding, unit in units.items():
        grown = world.with_all(unit)
        world = grown or world
        if grown is None:
            yield from ((finding, other) for other in units if other != finding and apart(unit, units[other]))


def apart(first: list[Stated], second: list[Stated]) -> bool:
    """Whether two findings, each of which can be true, cannot both be, whichever is taken first."""
    alone = [World().with_all(first), World().with_all(second)]
    both = (world.with_all(other) for world, other in zip(alone, (second, first), strict=True) if world)
    return all(alone) and not any(both)


@pytest.mark.parametrize("document", findings.DOCUMENTS)
def test_findings_that_exclude_each_other_are_registered_as_contradictions(document: str) -> None:
    registered = [set(each.findings) for each in findings.DOCUMENTS[document].contradictions]
    units: dict[str, list[Stated]] = {}
    for study in studies_of(document):
        units |= dict(stated(study))
    found = {tuple(sorted(pair)) for pair in excluding(units)}
    assert not {pair for pair in found if not any(set(pair) <= each for each in registered)}


def test_findings_that_exclude_each_other_are_found_in_arms_that_are_trained_alike() -> None:
    study = catalogue.declared("yun_bi/units")
    renamed = {arm.name: f"{arm.name} again" for arm in study.arms}
    arms = tuple(arm.model_copy(update={"name": renamed[arm.name]}) for arm in study.arms)
    claim = study.claims[0].model_copy(update={"finding": "S4-F7"})
    more, less = renamed[claim.better], renamed[claim.worse]
    for better, worse, found in ((more, less, []), (less, more, [("S4-F7", "S4-F5")])):
        other = claim.model_copy(update={"better": better, "worse": worse})
        again = study.model_copy(update={"arms": arms, "claims": (other,)})
        assert list(excluding(dict(stated(study)) | dict(stated(again)))) == found
