"""How many trials a GPU holds, and how many run at once: printed before a study starts."""

import math
import os
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.table import Table

from studies.checks.probing import Probe, memory_of
from studies.console import table
from studies.resources import Resources, autoscaler, growth
from studies.study import Study
from trainables.corpora.store import Store
from trainables.data.splitting import Divisions
from trainables.errors import UserError

GIGABYTE = 10**9
# What GPUs for such work are sold with: a plan may be made where there is none.
USUAL_GIGABYTES = (16, 24, 48, 80)
# Ray counts shares of a GPU in ten-thousandths: up to so many trials, they tell how many it holds.
SHARES, MOST_TRIALS = 10_000, 99


def trials_that_fit(trial: int, gpu: float) -> int:
    """How many trials of `trial` bytes a GPU of `gpu` bytes holds."""
    return min(int(gpu // trial), MOST_TRIALS)


def share(trials: int) -> float:
    """What each of so many trials asks for, so that they share one GPU."""
    return SHARES // trials / SHARES


def trials_by_time(busy: float) -> int:
    """How many trials keep a GPU busy that one alone keeps busy for this share of the time."""
    return min(math.ceil(1 / max(busy, 1 / MOST_TRIALS)), MOST_TRIALS)


def packing_table(probes: Sequence[Probe], threads: int) -> Table:
    """How many trials of the arm that takes most a GPU holds: this machine's, or the usual ones."""
    largest = max(probes, key=lambda probe: probe.memory)
    sizes = USUAL_GIGABYTES if largest.busy is None else (torch.cuda.mem_get_info()[1] / GIGABYTE,)
    fitting = {size: trials_that_fit(largest.memory, size * GIGABYTE) for size in sizes}
    rows = [(f"{size:.0f}", str(n), f"--gpus-per-trial {share(n):g}" if n else "–") for size, n in fitting.items()]
    columns = ("GPU memory, GB", "trials it holds", "ask for")
    return table("trials on one GPU", columns, rows, caption=f"{caption(largest)}; {in_threads(threads)} each")


def caption(largest: Probe) -> str:
    """What one trial takes of a GPU, and how that is known."""
    takes = f"the largest, {largest.arm.name}, takes {gigabytes(largest.memory)}"
    if largest.busy is None:
        return f"{takes}, counted on a processor, with 0.6 GB assumed for CUDA itself"
    several = trials_by_time(largest.busy)
    return f"{takes}, measured; it computes for {largest.busy:.0%} of the time, so {several} keep the GPU busy"


def announcement(study: Study, store: Store, resources: Resources, home: Path) -> str:
    """What a trial takes and how many run at once, as far as that is known before Ray has started."""
    takes = in_threads(resources.threads) + (f" and {resources.gpus:g} GPUs" if resources.gpus else "")
    number, where = at_once(resources, home)
    sentence = f"A trial takes {takes}{f'; {number} run at once {where}' if number else ''}."
    return f"{sentence} {on_gpu(study, store, resources)}" if resources.gpus and study.trained else sentence


def refuse_missing(resources: Resources) -> None:
    """Raise UserError for a GPU, or for processors, that a trial shall take of this machine and that are not there."""
    resources.refuse_threads()
    if resources.address == "local" and resources.gpus and not torch.cuda.is_available():
        raise UserError("A GPU was asked for (--gpus-per-trial) and this machine has none: leave the option out.")
    if resources.address == "local" and resources.gpus > (here := torch.cuda.device_count()):
        raise UserError(f"A trial takes {resources.gpus:g} GPUs and this machine has {here}: ask for fewer.")


def at_once(resources: Resources, home: Path) -> tuple[int, str]:
    """How many trials this machine holds, or the machines that a cluster may add; 0 where only Ray can tell."""
    if resources.address == "local":
        machine = {"CPU": os.cpu_count() or 1, "GPU": torch.cuda.device_count()}
        return resources.fits(machine), "on this machine"
    cluster = autoscaler(home)
    return (growth(resources, cluster), "when all machines are there") if cluster else (0, "")


def on_gpu(study: Study, store: Store, resources: Resources) -> str:
    """How many trials share a GPU, and what of its memory they take; counted, so that the driver takes none of it."""
    divisions = Divisions(store)
    memory = {arm.name: memory_of(study, divisions, arm) for arm in study.trained}
    name = max(memory, key=lambda name: memory[name])
    takes = f"the largest, {name}, takes about {gigabytes(memory[name])} of its memory, counted on a processor"
    sharing = resources.fits({"CPU": SHARES * resources.threads, "GPU": 1})
    if sharing < 2:
        return f"It has its GPU to itself: {takes}."
    return f"A GPU holds {sharing}: {takes}, and {sharing} such take {gigabytes(sharing * memory[name])}."


def gigabytes(size: float) -> str:
    return f"{size / GIGABYTE:.1f} GB"


def in_threads(threads: int) -> str:
    return f"{threads} processor thread{'s' if threads > 1 else ''}"
