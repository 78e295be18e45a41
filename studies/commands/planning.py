"""What a study would cost, and the smallest effect it could detect, before anything is spent."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from rich.table import Table

from analysis.claims import Claim
from analysis.looks import MOST
from analysis.metrics import ACCURACY
from analysis.statistics.power import decidable, plan_mde, too_small
from analysis.text import DASH, counted
from studies.checks.audit import protocol_cards
from studies.checks.audit_tables import card_tables, design_table
from studies.checks.design import budgets, design_card, most_finalists, too_few_explored
from studies.checks.gpu_sharing import at_once, packing_table
from studies.checks.precision import emulated
from studies.checks.probing import Probe, probe, untried
from studies.checks.validity import left_out, refuse_unbuildable
from studies.console import Step, table
from studies.driver.launch import Launch
from studies.driver.steps import steps
from studies.resources import Resources
from studies.scale import Scale
from studies.seeds import SEEDS
from studies.study import Arm, Study
from studies.tasks import cells, choosers, explored
from trainables.data.features import feature_settings
from trainables.data.splitting import Divisions
from trainables.trainings import TRAININGS
from trainables.trial import limit_threads

# Assumed before anything is measured: two points between seeds, and one prediction in ten that differs between arms.
SEED_SD, DISCORDANT = 2.0, 0.1


def plan(request: Launch, resources: Resources, step: Step) -> list[Table | str]:
    """Tables of trials, hours, packing, the smallest detectable effect and the audit; each arm is tried for a moment.

    Arms are tried on a GPU if trials shall have one and this machine has one, else on a processor.
    """
    here = here_of(resources)
    begun, costs = time.perf_counter(), timed([request], here, step)[request.name]
    tables: list[Table | str] = []
    if costs:
        packed = [packing_table(costs, resources.threads)] if trained(request) else []
        power = [power_table(request)] if of_accuracy(request) else []
        tables = [*packed, *power, *audit_tables(request, costs, step)]
    shown = [
        cost_table(request, costs, here),
        *explained(request),
        *tables,
        *left_out(request.study, request.buildable),
    ]
    few, slow = too_few_explored(request.study, request.scale), emulated(request.study, resources)
    return [*shown, *few, *slow, f"This plan took {time.perf_counter() - begun:.0f} s."]


def explained(request: Launch) -> list[str]:
    """Why there are so many trials, a sentence for each phase."""
    study, needed = request.study, cells(request.study)
    each = " and ".join(f"{request.scale.repetitions} x {len(arms)} under {name}" for (_, name), arms in needed.items())
    confirm = f"Confirm: {each}, each with a fresh seed."
    phases = ((explored(study), explained_draws(request)), (choosers(study), explained_finalists(request)))
    return [sentence for arms, sentence in (*phases, (needed, confirm)) if arms]


def explained_draws(request: Launch) -> str:
    study, scale = request.study, request.scale
    rungs, last = study.rungs(scale), scale.epochs_of(study.epochs)
    stopped = f", weak ones stopped after {' and '.join(map(str, rungs))} of {last} epochs"
    return (
        f"Explore: {counted(scale.trials, 'draw')} of what an arm tunes{stopped if rungs and scale.trials > 1 else ''}."
    )


def explained_finalists(request: Launch) -> str:
    study, scale = request.study, request.scale
    most = max((most_finalists(study, arm, scale) for arm in choosers(study)), default=0)
    if not most:
        return "Finalists: none, as an arm's only draw is its printed configuration."
    return f"Finalists: an arm's {most - 1} best and the printed configuration, {len(SEEDS)} fresh seeds each."


def here_of(resources: Resources) -> Resources:
    """The resources of a trial that is tried on this machine, which may have no GPU."""
    return resources if torch.cuda.is_available() else replace(resources, gpus=0.0)


def timed(requests: Sequence[Launch], resources: Resources, step: Step) -> dict[str, list[Probe]]:
    """What each arm of each study takes; an arm that several studies have is tried once, one without trials never."""
    limit_threads(resources.threads)
    has_trials = {request.name: trained(request) for request in requests}
    arms = ((request, arm) for request in requests for arm in request.study.arms)
    ordered = sorted(arms, key=lambda each: each[1].name in has_trials[each[0].name])
    wanted = {arm_of(request, arm): (request, arm) for request, arm in ordered}
    known, device = {}, torch.device(resources.device)
    for request in requests:
        refuse_unbuildable(request.study, request.buildable)
    divisions = {request.store.digest: Divisions(request.store) for request in requests}
    for done, (name, (request, arm)) in enumerate(wanted.items()):
        step("timing arms", done, len(wanted))
        divided = divisions[request.store.digest]
        tried = arm.name in has_trials[request.name]
        known[name] = probe(request.study, divided, arm, device) if tried else untried(request.study, divided, arm)
    step("timing arms", len(known), len(known))
    return {
        request.name: [replace(known[arm_of(request, arm)], arm=arm) for arm in request.study.arms]
        for request in requests
    }


def trained(request: Launch) -> set[str]:
    """The arms that have trials: not those whose weights are missing, nor those that are only described."""
    return {name for name, each in budgets(request.study, request.scale).items() if any(each.values())}


def arm_of(request: Launch, arm: Arm) -> str:
    """What an arm is, whatever its name: arms alike have the same trials."""
    return request.study.printed(arm).trial(request.store.digest)


def hours(request: Launch, costs: Sequence[Probe]) -> dict[str, float]:
    """Hours that each arm is expected to take, one trial after the other."""
    epochs, planned, has_trials = arm_epochs(request), budgets(request.study, request.scale), trained(request)
    judged = judge_seconds_each(request.study, costs)
    tested = {name: each["confirmed trials"] for name, each in planned.items()}
    return {
        name: (epochs[name] * cost.epoch + 2 * cost.features + tested[name] * (cost.excerpts + judged[name])) / 3600
        if name in has_trials
        else 0.0
        for name, cost in ((cost.arm.name, cost) for cost in costs)
    }


def judge_seconds_each(study: Study, costs: Sequence[Probe]) -> dict[str, float]:
    """Seconds of a trial's judge by the arm's name: arms whose audio and images are the same share one in each seed."""
    asked = {cost.arm.name: str(feature_settings(study.printed(cost.arm))) for cost in costs if cost.judge}
    sharing = Counter(asked.values())
    return {cost.arm.name: cost.judge / sharing[asked[cost.arm.name]] if cost.judge else 0.0 for cost in costs}


def audit_tables(request: Launch, costs: Sequence[Probe], step: Step) -> list[Table]:
    """The card of each protocol side by side, and the checks of the design with the time that each arm takes."""
    study, scale, store = request.study, request.scale, request.store
    parameters = {cost.arm.name: cost.parameters for cost in costs}
    epochs = arm_epochs(request)
    seconds = {cost.arm.name: epochs[cost.arm.name] * cost.epoch for cost in costs}
    cards = protocol_cards(study, scale, store, step)
    return [*card_tables(cards), design_table(design_card(study, scale, store, parameters, seconds))]


def cost_table(request: Launch, costs: Sequence[Probe], resources: Resources) -> Table:
    study, planned, spent = request.study, budgets(request.study, request.scale), hours(request, costs)
    places, kind = max(at_once(resources, Path.home())[0], 1), "GPU" if resources.gpus else "processor"
    title = f"{request.name} at scale {request.scale.name}: {places} trials at once on this machine"
    columns = ("arm", "parameters", "s/epoch", "explore trials", "finalists' trials", "confirm trials", f"{kind} hours")
    rows = []
    for cost in costs:
        name = cost.arm.name
        trials = [
            f"{planned[name][measure]:.0f}" for measure in ("explored trials", "finalists' trials", "confirmed trials")
        ]
        rows.append((name, f"{cost.parameters:,}", f"{cost.epoch:.2f}", *trials, f"{spent[name]:.2f}"))
    trainings = {study.printed(cost.arm)["training"] for cost in costs}
    others = sorted(name for name in trainings if "work" in TRAININGS[name].about)
    unlike = f"; of {' and '.join(others)} arms one network was timed and the others counted" if others else ""
    alone = "; timed with the GPU to itself" if resources.gpus else ""
    whole = sum(spent.values())
    ends = f"{between(request, costs)}; " if request.scale.until_decided else ""
    caption = f"{ends}about {whole:.2f} {kind} hours, {whole / places:.2f} h here{alone}{unlike}"
    return table(title, columns, rows, caption=caption)


def between(request: Launch, costs: Sequence[Probe]) -> str:
    """What a run that stops when decided takes at least and at most; what is planned for it is all epochs, one look."""
    least, *_ = epochs = steps(request.study, request.scale)
    ends = [
        (sum(hours(replace(request, scale=scale), costs).values()), scale)
        for scale in (
            request.scale.at(least),
            request.scale.at(epochs[-1]).model_copy(update={"repetitions": MOST}),
        )
    ]
    spans = (f"{spent:.2f} hours ({each.repetitions} repetitions of {each.epochs} epochs)" for spent, each in ends)
    return f"between {' and '.join(spans)}; of all epochs, at the first look"


def arm_epochs(request: Launch) -> dict[str, float]:
    """Epochs that each arm is expected to train in all."""
    share = explore_share(request.study, request.scale)
    planned = budgets(request.study, request.scale)
    return {
        name: share * each["explored epochs"] + each["finalists' epochs"] + each["confirmed epochs"]
        for name, each in planned.items()
    }


def explore_share(study: Study, scale: Scale) -> float:
    """The share of an exploration's most epochs that is expected, each rung passing one trial in `reduction`."""
    stops = [*study.rungs(scale), scale.epochs_of(study.epochs)]
    spans = [end - begin for begin, end in zip([0, *stops], stops, strict=False)]
    return sum(span / scale.reduction**rung for rung, span in enumerate(spans)) / stops[-1]


def power_table(request: Launch) -> Table:
    """The smallest difference in accuracy that confirm would detect in four of five runs, and what that leaves open."""
    scale, (clips, groups) = request.scale, sizes(request)
    (best, worst), most = detectable_effects(request, scale.repetitions), detectable_effects(request, MOST)
    columns = (
        "claim",
        "margin",
        f"detectable at n = {scale.repetitions}, points",
        f"at n = {MOST}",
        "note",
    )
    found = f"{best:.1f} to {worst:.1f}", f"{most[0]:.1f}"
    margins = {claim.name: claim.judged_margin for claim in of_accuracy(request)}
    rows = [
        (name, DASH, *found, "") if margin is None else (name, f"{margin:g}", *found, decidable(margin, best))
        for name, margin in margins.items()
    ]
    can = "" if scale.decides and not request.store.rendered else "; this run decides nothing (smoke or rendered)"
    caption = (
        f"{clips} test clips in {groups} groups, of which each repetition tests one in {scale.folds} (clips of a group "
        f"independent to fully alike), {SEED_SD:g} points between seeds, {DISCORDANT:.0%} discordant predictions "
        f"assumed{can}"
    )
    return table("", columns, rows, caption=caption)


def of_accuracy(request: Launch) -> list[Claim]:
    """The claims that compare accuracies, whether by a margin or by their directions."""
    return [
        claim
        for claim in request.study.claims
        if claim.metric == ACCURACY and (claim.judged_margin is not None or claim.compared)
    ]


def sizes(request: Launch) -> tuple[int, int]:
    """How many clips and groups are tested in all the folds of a division."""
    folds = request.scale.folds
    configuration = request.study.configured(request.study.arms[0], {"folds": folds})
    division = Divisions(request.store).of(configuration)
    tested = division.table["group"].iloc[division.split.test]
    return len(tested) * folds, tested.nunique() * folds


def detectable_effects(request: Launch, repetitions: int) -> tuple[float, float]:
    """The smallest detectable effects in points, were clips of a group independent and were they all alike."""
    best, worst = (plan_mde(repetitions, SEED_SD, size, DISCORDANT, request.scale.folds) for size in sizes(request))
    return best, worst


def undecidable(request: Launch, effect: float) -> list[str]:
    """The claims of accuracy whose margin is so far below the smallest detectable effect that no null can be shown."""
    margins = ((claim.name, claim.judged_margin) for claim in of_accuracy(request))
    return [name for name, margin in margins if margin is not None and too_small(margin, effect)]
