"""What studies would cost and could detect, as data."""

from collections.abc import Sequence
from pathlib import Path

from analysis.looks import MOST
from analysis.statistics.power import decidable
from studies.checks.design import budgets
from studies.checks.gpu_sharing import at_once
from studies.checks.probing import Probe
from studies.commands.as_json import ArmPlan, ClaimPlan, StudyPlan
from studies.commands.budgeting import PHASES
from studies.commands.planning import detectable_effects, here_of, hours, of_accuracy, timed
from studies.console import Step
from studies.driver.launch import Launch
from studies.resources import Resources


def planned(requests: Sequence[Launch], resources: Resources, step: Step) -> list[StudyPlan]:
    """The plan of each study, whose arms are tried for a moment."""
    here = here_of(resources)
    costs = timed(requests, here, step)
    return [study_plan(request, costs[request.name], here) for request in requests]


def study_plan(request: Launch, costs: Sequence[Probe], here: Resources) -> StudyPlan:
    spent, places = hours(request, costs), max(at_once(here, Path.home())[0], 1)
    whole = sum(spent.values())
    return StudyPlan(
        study=request.name,
        corpus=request.study.corpus,
        rendered=request.store.rendered,
        digest=request.store.digest,
        scale=request.scale.name,
        repetitions=request.scale.repetitions,
        decides=request.scale.decides and not request.store.rendered,
        unit="GPU" if here.gpus else "processor",
        at_once=places,
        hours=whole,
        hours_here=whole / places,
        arms=tuple(arm_plan(request, cost, spent[cost.arm.name]) for cost in costs),
        claims=tuple(claim_plans(request)),
    )


def arm_plan(request: Launch, cost: Probe, spent: float) -> ArmPlan:
    planned = budgets(request.study, request.scale)[cost.arm.name]
    explored, finalists, confirmed = (round(planned[f"{phase} trials"]) for phase in PHASES)
    return ArmPlan(cost.arm.name, cost.parameters, cost.epoch, explored, finalists, confirmed, spent)


def claim_plans(request: Launch) -> list[ClaimPlan]:
    """What each claim of accuracy could detect; none in a study that trains nothing."""
    claims = of_accuracy(request) if request.study.arms else []
    if not claims:
        return []
    (best, worst), most = detectable_effects(request, request.scale.repetitions), detectable_effects(request, MOST)[0]
    return [ClaimPlan(claim.name, claim.margin, best, worst, most, decidable(claim.margin, best)) for claim in claims]
