"""What several studies would cost together, and what each could detect, before anything is spent."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from analysis.looks import MOST
from studies.checks.design import budgets
from studies.checks.gpu_sharing import at_once
from studies.checks.probing import Probe
from studies.commands.planning import arm_of, detectable_effects, here_of, hours, timed, undecidable
from studies.console import Step, table
from studies.driver.launch import Launch
from studies.resources import Resources

# Measured on trials of 30,000 to 440,000 parameters, 100 epochs and 1,680 test items: a checkpoint holds each parameter
# and the two averages of Adam in four bytes each, an epoch is a line of text, and an item a row of a parquet file.
BYTES_PER_PARAMETER, BYTES_PER_EPOCH, BYTES_PER_ITEM = 12, 230, 135
PHASES = ("explored", "finalists'", "confirmed")
COLUMNS = ("study", "arms", "trials", "shared")

Budget = Mapping[str, float]


def plan_together(
    requests: Sequence[Launch], resources: Resources, gpu_speed: float | None, step: Step
) -> list[Table | str]:
    """A row for each study, and one for all, in which the trials that several studies share count once.

    `gpu_speed` is how many times as fast as a processor thread of this machine a GPU trains.
    """
    here = here_of(resources)
    costs = timed(requests, here, step)
    kind, places = "GPU" if here.gpus else "processor", max(at_once(here, Path.home())[0], 1)
    hourly = (f"{kind} hours", *(() if gpu_speed is None else (f"GPU hours at x {gpu_speed:g}",)))
    detectable = (f"detectable at n = {requests[0].scale.repetitions}", f"at n = {MOST}", "undecidable")
    seen: dict[str, Budget] = {}
    rows, whole = [], [0.0] * 4
    for request in requests:
        spent = spending(request, costs[request.name], seen)
        whole = [sum(both) for both in zip(whole, spent, strict=True)]
        rows.append((request.name, str(len(request.study.arms)), *figures(spent, gpu_speed), *power(request)))
    rows.append(("in all", str(len(seen)), *figures(whole, gpu_speed), "", "", ""))
    caption = (
        f"{whole[2] / places:.1f} h here, {places} trials at once; hours and disk of a study are without the trials "
        "that one above it shares; points of accuracy that four of five runs would detect"
    )
    return [table("", (*COLUMNS, *hourly, "GB", *detectable), rows, caption=caption)]


def spending(request: Launch, costs: Sequence[Probe], seen: dict[str, Budget]) -> list[float]:
    """Trials, those that studies before it have, and the hours and bytes of the others, which are added to `seen`."""
    planned, expected, spent = budgets(request.study, request.scale), hours(request, costs), [0.0] * 4
    for cost in costs:
        budget, arm = planned[cost.arm.name], arm_of(request, cost.arm)
        known = seen.get(arm, {})
        new = {measure: max(count - known.get(measure, 0.0), 0.0) for measure, count in budget.items()}
        seen[arm] = {measure: count + known.get(measure, 0.0) for measure, count in new.items()}
        trials, epochs = (sum(new[f"{phase} {measure}"] for phase in PHASES) for measure in ("trials", "epochs"))
        tested = new["confirmed trials"] * len(request.store.clips) / request.scale.folds
        spent[0] += sum(budget[f"{phase} trials"] for phase in PHASES)
        spent[1] += sum(budget[f"{phase} trials"] for phase in PHASES) - trials
        # An arm that is only described has no epochs, and takes no hours.
        spent[2] += expected[cost.arm.name] * epochs / max(sum(budget[f"{phase} epochs"] for phase in PHASES), 1)
        spent[3] += BYTES_PER_PARAMETER * cost.parameters * trials + BYTES_PER_EPOCH * epochs + BYTES_PER_ITEM * tested
    return spent


def figures(spent: Sequence[float], gpu_speed: float | None) -> list[str]:
    """The cells of trials, hours and gigabytes."""
    trials, alike, expected, size = spent
    on_gpu = [] if gpu_speed is None else [f"{expected / gpu_speed:.2f}"]
    return [f"{trials:.0f}", f"{alike:.0f}", f"{expected:.2f}", *on_gpu, f"{size / 1e9:.2f}"]


def power(request: Launch) -> list[str]:
    """The smallest detectable effects, now and after all looks, and the claims of accuracy that stay undecidable."""
    if not request.study.arms:
        return ["", "", ""]
    now, most = (detectable_effects(request, n)[0] for n in (request.scale.repetitions, MOST))
    return [f"{now:.1f}", f"{most:.1f}", ", ".join(undecidable(request, most)) or "none"]
