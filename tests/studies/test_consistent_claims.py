"""The claims of all studies of a document can be true at once, but for those of which its register says otherwise."""

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest
from planting.quantities import Quantities
from planting.worlds import Stated, World

from analysis import findings
from studies import catalogue
from studies.study import Study

Units = Mapping[str, Sequence[Stated]]
"""The claims of each finding, as true."""


def studies_of(document: str) -> list[Study]:
    return [catalogue.declared(name) for name in catalogue.names() if name.startswith(f"{document}/")]


def by_settings(study: Study) -> dict[str, str]:
    """Of each arm what it is trained with: arms of several studies that are trained alike are one."""
    return {arm.name: json.dumps(dict(study.printed(arm).settings), sort_keys=True) for arm in study.arms}


def stated(study: Study) -> Iterator[tuple[str, list[Stated]]]:
    """The findings of a study with their claims."""
    made = Quantities(study, by_settings(study))
    for finding in study.tested:
        yield finding, [Stated(made, claim, True) for claim in study.claims if claim.finding == finding]


def excluding(units: Units) -> list[set[str]]:
    """Sets of findings that cannot all be true, and could if one was left out: one for each that finds no room.

    Those that can be true in several ways are taken first, because they are not tried in others later.
    """
    order = sorted(units, key=lambda finding: -max(len(list(each.ways())) for each in units[finding]))
    taken: dict[str, tuple[Stated, ...]] = {}
    rejected = take(units, order, taken)
    return [conflict(units[finding], taken) | {finding} for finding in rejected if World().with_all(units[finding])]


def take(units: Units, order: Sequence[str], taken: dict[str, tuple[Stated, ...]]) -> list[str]:
    """Take all findings at once, or else half of them after the other; those for which there is no room."""
    before = World(stated=tuple(each for unit in taken.values() for each in unit))
    every = [each for finding in order for each in units[finding]]
    if world := before.as_stated(every) if len(order) > 1 else before.with_all(every):
        chosen = iter(world.stated[len(before.stated) :])
        taken |= {finding: tuple(next(chosen) for _ in units[finding]) for finding in order}
        return []
    half = len(order) // 2
    return [*take(units, order[:half], taken), *take(units, order[half:], taken)] if half else list(order)


def conflict(unit: Sequence[Stated], taken: Units) -> set[str]:
    """The findings that leave no room for a unit: each that is needed for that."""
    needed = dict(taken)
    for finding in taken:
        others = [each for name, other in needed.items() if name != finding for each in other]
        if World(stated=tuple(others)).with_all(unit) is None:
            del needed[finding]
    return set(needed)


@pytest.mark.parametrize("document", findings.DOCUMENTS)
def test_findings_that_exclude_each_other_are_registered_as_contradictions(document: str) -> None:
    registered = [set(each.findings) for each in findings.DOCUMENTS[document].contradictions]
    units = dict(pair for study in studies_of(document) for pair in stated(study))
    assert not [found for found in excluding(units) if not any(found <= each for each in registered)]


def test_findings_that_exclude_each_other_are_found_in_arms_that_are_trained_alike() -> None:
    study = catalogue.declared("yun_bi/units")
    renamed = {arm.name: f"{arm.name} again" for arm in study.arms}
    arms = tuple(arm.model_copy(update={"name": renamed[arm.name]}) for arm in study.arms)
    claim = study.claims[0].model_copy(update={"finding": "S4-F7"})
    more, less = renamed[claim.better], renamed[claim.worse]
    for better, worse, found in ((more, less, []), (less, more, [{"S4-F7", "S4-F5"}])):
        other = claim.model_copy(update={"better": better, "worse": worse})
        again = study.model_copy(update={"arms": arms, "claims": (other,)})
        assert excluding(dict(stated(study)) | dict(stated(again))) == found
