"""What a study would cost, and the smallest effect it could detect, before anything is spent."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from rich.table import Table

from analysis.statistics.power import decidable, plan_mde
from studies.checks.audit import protocol_cards
from studies.checks.audit_tables import card_tables, design_table
from studies.checks.design import budgets, design_card
from studies.checks.gpu_sharing import at_once, packing_table
from studies.checks.probing import Probe, probe
from studies.checks.validity import left_out, refuse_unbuildable
from studies.console import Step, table
from studies.driver.launch import Launch
from studies.resources import Resources
from studies.scale import Scale
from trainables.data.splitting import Divisions
from trainables.trainings import TRAININGS
from trainables.trial import limit_threads

# Assumed before anything is measured: two points between seeds, and one prediction in ten that differs between arms.
SEED_SD, DISCORDANT = 2.0, 0.1


def plan(request: Launch, resources: Resources, step: Step) -> list[Table | str]:
    """Tables of trials, hours, packing, the smallest detectable effect and the audit; each arm is tried for a moment.

    Arms are tried on a GPU if trials shall have one and this machine has one, else on a processor.
    """
    limit_threads(resources.threads)
    refuse_unbuildable(request.study, request.buildable)
    here = resources if torch.cuda.is_available() else replace(resources, gpus=0.0)
    device, divisions, costs = torch.device(here.device), Divisions(request.store), []
    for done, arm in enumerate(request.study.arms):
        step("timing arms", done, len(request.study.arms))
        costs.append(probe(request.study, divisions, arm, device))
    step("timing arms", len(costs), len(costs))
    tables = []
    if costs:
        tables = [packing_table(costs, resources.threads), power_table(request), *audit_tables(request, costs, step)]
    return [cost_table(request, costs, here), *tables, *left_out(request.study, request.buildable)]


def audit_tables(request: Launch, costs: Sequence[Probe], step: Step) -> list[Table]:
    """The card of each protocol side by side, and the checks of the design with the time that each arm takes."""
    study, scale, store = request.study, request.scale, request.store
    parameters = {cost.arm.name: cost.parameters for cost in costs}
    epochs = arm_epochs(request)
    seconds = {cost.arm.name: epochs[cost.arm.name] * cost.epoch for cost in costs}
    cards = protocol_cards(study, scale, store, step)
    return [*card_tables(cards), design_table(design_card(study, scale, store, parameters, seconds))]


def cost_table(request: Launch, costs: Sequence[Probe], resources: Resources) -> Table:
    study, planned, epochs = request.study, budgets(request.study, request.scale), arm_epochs(request)
    places, kind = max(at_once(resources, Path.home())[0], 1), "GPU" if resources.gpus else "processor"
    title = f"{request.name} at scale {request.scale.name}: {places} trials at once on this machine"
    columns = ("arm", "parameters", "s/epoch", "explore trials", "finalists' trials", "confirm trials", f"{kind} hours")
    hours = {cost.arm.name: (epochs[cost.arm.name] * cost.epoch + 2 * cost.features) / 3600 for cost in costs}
    rows = []
    for cost in costs:
        name = cost.arm.name
        trials = [
            f"{planned[name][measure]:.0f}" for measure in ("explored trials", "finalists' trials", "confirmed trials")
        ]
        rows.append((name, f"{cost.parameters:,}", f"{cost.epoch:.2f}", *trials, f"{hours[name]:.2f}"))
    trainings = {study.printed(cost.arm)["training"] for cost in costs}
    counted = sorted(name for name in trainings if "work" in TRAININGS[name].about)
    unlike = f"; of {' and '.join(counted)} arms one network was timed and the others counted" if counted else ""
    alone = "; timed with the GPU to itself" if resources.gpus else ""
    whole = sum(hours.values())
    caption = f"about {whole:.2f} {kind} hours, {whole / places:.2f} h here{alone}{unlike}"
    return table(title, columns, rows, caption=caption)


def arm_epochs(request: Launch) -> dict[str, float]:
    """Epochs that each arm is expected to train in all."""
    share = explore_share(request.scale, request.study.epochs)
    planned = budgets(request.study, request.scale)
    return {
        name: share * each["explored epochs"] + each["finalists' epochs"] + each["confirmed epochs"]
        for name, each in planned.items()
    }


def explore_share(scale: Scale, printed: int) -> float:
    """The share of an exploration's most epochs that is expected, each rung passing one trial in `reduction`."""
    stops = [*scale.rungs(printed), scale.epochs_of(printed)]
    spans = [end - begin for begin, end in zip([0, *stops], stops, strict=False)]
    return sum(span / scale.reduction**rung for rung, span in enumerate(spans)) / stops[-1]


def power_table(request: Launch) -> Table:
    """The smallest difference in accuracy that confirm would detect in four of five runs, and what that leaves open."""
    scale = request.scale
    configuration = request.study.configured(request.study.arms[0], {"folds": scale.folds})
    division = Divisions(request.store).of(configuration)
    tested = division.table["group"].iloc[division.split.test]
    sizes = (len(tested) * scale.folds, tested.nunique() * scale.folds)
    best, worst = (plan_mde(scale.repetitions, SEED_SD, size, DISCORDANT) for size in sizes)
    columns = ("claim", "margin", "smallest detectable effect, points", "note")
    rows = [
        (claim.name, f"{claim.margin:g}", f"{best:.1f} to {worst:.1f}", decidable(claim.margin, best))
        for claim in request.study.claims
        if claim.metric == "accuracy"
    ]
    can = "" if scale.decides and not request.store.rendered else "; this run decides nothing (smoke or rendered)"
    caption = (
        f"{scale.repetitions} repetitions, {sizes[0]} test clips in {sizes[1]} groups (clips of a group independent to "
        f"fully alike), {SEED_SD:g} points between seeds, {DISCORDANT:.0%} discordant predictions assumed{can}"
    )
    return table("", columns, rows, caption=caption)
