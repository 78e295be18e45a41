"""`etude run`: a study to its report."""

from studies.commands.options import (
    HOME,
    Address,
    EpochLimit,
    Epochs,
    Gpus,
    Home,
    Rendered,
    ScaleName,
    Storage,
    StudyName,
    Threads,
)
from studies.console import GO_ON, interruptible
from studies.resources import Resources


def run(
    study: StudyName,
    scale: ScaleName = "laptop",
    epochs: Epochs = None,
    rendered: Rendered = False,
    home: Home = HOME,
    storage: Storage = None,
    address: Address = "local",
    threads_per_trial: Threads = 1,
    gpus_per_trial: Gpus = 0.0,
    epoch_limit: EpochLimit = 360.0,
) -> None:
    """Run a study: explore, confirm, verdicts, report. The same command again goes on from where it stopped."""
    resources = Resources(address, threads_per_trial, gpus_per_trial, epoch_limit)
    with interruptible(GO_ON):
        from studies.commands import launching

        launching.carry_out(
            lambda step: launching.request(study, scale, epochs, home, storage, step, rendered=rendered), resources
        )
