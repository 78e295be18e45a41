"""What a study would cost, and the smallest effect it could detect, before anything is spent."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from rich.console import Group
from rich.table import Table

from analysis.statistics.power import decidable, plan_mde
from studies.console import Step
from studies.launch import Launch
from studies.study import Arm, Scale
from studies.tasks import CELLS, OTHER_CELLS
from trainables.configuration import Configuration, entries
from trainables.features import BLOCK, build
from trainables.fit import Part, evaluate, start
from trainables.trial import limit_threads, split_of

PROBE_BATCHES = 8
# Assumed before anything is measured: two points between seeds, and one prediction in ten that differs between arms.
SEED_SD, DISCORDANT = 2.0, 0.1


@dataclass(frozen=True)
class ArmCost:
    """The measured cost of one arm, in seconds on one trial's processors."""

    arm: Arm
    parameters: int
    features: float
    epoch: float


def plan(request: Launch, threads: int, step: Step) -> Group:
    """Tables of trials, hours and the smallest detectable effect; each arm is timed for a few batches."""
    limit_threads(threads)
    costs = []
    for done, arm in enumerate(request.study.arms):
        step("timing arms", done, len(request.study.arms))
        costs.append(probe(request, arm))
    step("timing arms", len(costs), len(costs))
    places = max((os.cpu_count() or 1) // threads, 1)
    return Group(cost_table(request, costs, places), *([power_table(request)] if costs else []))


def probe(request: Launch, arm: Arm) -> ArmCost:
    """Time one block of features and a few batches of an arm as printed, and scale them to an epoch."""
    configuration = request.study.configured(arm, {"epochs": 1})
    features = build(request.store, configuration, torch.device("cpu"))
    begun = time.perf_counter()
    features.rows(np.arange(min(BLOCK, len(request.store.clips))))
    feature_seconds = (time.perf_counter() - begun) * len(request.store.clips) / BLOCK
    split = split_of(request.store, configuration)
    parameters, batch_seconds = time_batches(configuration, features.shape, len(request.store.labels))
    batches = len(split.train) / configuration.recipe.batch_size + len(split.validation) / 256
    return ArmCost(arm, parameters, feature_seconds, batch_seconds * batches)


def time_batches(configuration: Configuration, shape: tuple[int, ...], classes: int) -> tuple[int, float]:
    """Parameters of the network and seconds per training batch, on random features."""
    size = configuration.recipe.batch_size * PROBE_BATCHES
    part = Part(torch.randn(size, *shape), torch.randint(classes, (size,)))
    entry = entries(configuration.settings)["architecture"]
    parameters = configuration.part("architecture")
    fit = start(lambda: entry.build(shape, classes, **parameters), configuration.recipe, 0, part, part)
    evaluate(fit.network, part)
    seconds = min(fit.epoch()["seconds"] for _ in range(2)) / PROBE_BATCHES
    return sum(p.numel() for p in fit.network.parameters()), seconds


def cost_table(request: Launch, costs: list[ArmCost], places: int) -> Table:
    """Trials and hours of each arm."""
    scale, study = request.scale, request.study
    title = f"{request.name} at scale {scale.name}: {places} trials at once on this machine"
    columns = ("arm", "parameters", "s/epoch", "explore trials", "confirm trials", "processor hours")
    table = Table(*columns, title=title, title_justify="left")
    hours = 0.0
    for cost in costs:
        explored, confirmed = explore_epochs(scale) if study.tuned else 0.0, sum(confirm_folds(scale))
        epochs = explored + confirmed * scale.repetitions * (scale.confirm_epochs or study.epochs)
        hours += (arm_hours := (epochs * cost.epoch + 2 * cost.features) / 3600)
        trials = (str(scale.trials if study.tuned else 0), str(confirmed * scale.repetitions))
        table.add_row(cost.arm.name, f"{cost.parameters:,}", f"{cost.epoch:.2f}", *trials, f"{arm_hours:.2f}")
    table.caption = f"about {hours:.2f} processor hours, {hours / places:.2f} h here"
    return table


def explore_epochs(scale: Scale) -> float:
    """Epochs that one arm's exploration is expected to train, each rung passing one trial in `reduction`."""
    stops = [*scale.rungs, scale.explore_epochs]
    spans = [end - begin for begin, end in zip([0, *stops], stops, strict=False)]
    return sum(scale.trials * span / scale.reduction**rung for rung, span in enumerate(spans))


def confirm_folds(scale: Scale) -> Iterator[int]:
    """Trainings of one arm in one repetition, cell by cell."""
    for _, protocol in CELLS + (OTHER_CELLS if scale.all_cells else ()):
        yield scale.folds if protocol == "corrected" else 1


def power_table(request: Launch) -> Table:
    """The smallest difference in accuracy that confirm would detect in four of five runs, and what that leaves open."""
    scale = request.scale
    configuration = request.study.configured(request.study.arms[0], {"folds": scale.folds})
    tested = request.store.clips["group"].iloc[split_of(request.store, configuration).test]
    sizes = (len(tested) * scale.folds, tested.nunique() * scale.folds)
    best, worst = (plan_mde(scale.repetitions, SEED_SD, size, DISCORDANT) for size in sizes)
    table = Table("claim", "margin", "smallest detectable effect, points", "note", title_justify="left")
    for claim in request.study.claims:
        if claim.metric == "accuracy":
            table.add_row(claim.name, f"{claim.margin:g}", f"{best:.1f} to {worst:.1f}", decidable(claim.margin, best))
    can = "" if scale.decides and not request.store.rendered else "; this run decides nothing (smoke or rendered)"
    table.caption = (
        f"{scale.repetitions} repetitions, {sizes[0]} test clips in {sizes[1]} groups (clips of a group independent to "
        f"fully alike), {SEED_SD:g} points between seeds, {DISCORDANT:.0%} discordant predictions assumed{can}"
    )
    return table
