"""What one trial takes, where Ray is, and how many trials the machines of a cluster can hold."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainables.errors import UserError

# Written by `ray up` into the home of the head, where the driver runs too.
AUTOSCALER = "ray_bootstrap_config.yaml"
# Ray counts fractions of a GPU in ten-thousandths.
ROUNDING = 1e-4


@dataclass(frozen=True)
class Resources:
    """`address` is 'local' or that of a cluster; `threads` and `gpus` (a fraction may do) are what one trial takes.

    A worker that is longer than `minutes` in one epoch is taken for hung.
    """

    address: str = "local"
    threads: int = 1
    gpus: float = 0.0
    minutes: float = 360.0

    @property
    def device(self) -> str:
        return "cuda" if self.gpus else "cpu"

    def refuse_threads(self) -> None:
        """Raise UserError for more threads a trial than this machine has, if it is this machine that trains."""
        here = os.cpu_count() or 1
        if self.address == "local" and self.threads > here:
            raise UserError(
                f"A trial takes {self.threads} CPUs and this machine has {here}: "
                "ask for fewer with --threads-per-trial."
            )

    def fits(self, machine: Mapping[str, float]) -> int:
        """How many trials a machine with these resources (CPU, GPU) holds at once; one trial is on one machine."""
        by_threads = int(machine.get("CPU", 0) // self.threads)
        if not self.gpus:
            return by_threads
        # A share that is no whole part of one GPU leaves a rest on each: three GPUs hold three trials of 0.6, not five.
        on_gpus = int(machine.get("GPU", 0))
        by_gpus = int(on_gpus // self.gpus) if self.gpus >= 1 else on_gpus * int(1 / self.gpus + ROUNDING)
        return min(by_threads, by_gpus)


def growth(resources: Resources, cluster: Mapping[str, Any]) -> int:
    """How many trials fit on all the machines that an autoscaling cluster may add beside its head."""
    most = int(cluster["max_workers"])
    kinds = [kind for name, kind in cluster["available_node_types"].items() if name != cluster["head_node_type"]]
    fits = [
        resources.fits(kind["resources"]) for kind in kinds for _ in range(min(kind.get("max_workers", most), most))
    ]
    return sum(sorted(fits, reverse=True)[:most])


def autoscaler(home: Path) -> Mapping[str, Any] | None:
    """What `ray up` was given, on the head of a cluster that it made; None elsewhere."""
    path = home / AUTOSCALER
    # Read on a cluster alone, and slow to import.
    import yaml  # noqa: PLC0415

    return yaml.safe_load(path.read_text()) if path.is_file() else None


def capacity(resources: Resources, nodes: Iterable[Mapping[str, Any]], home: Path) -> int:
    """How many trials may run at once: all that fit on the nodes alive, or on those that the cluster may have.

    Trials that do not fit yet make the cluster grow, so all of them are requested at once.
    """
    alive = sum(resources.fits(node["Resources"]) for node in nodes if node["Alive"])
    cluster = autoscaler(home) if resources.address != "local" else None
    return max(alive, growth(resources, cluster) if cluster else 0)
