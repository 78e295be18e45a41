"""`etude resume`: go on with a run."""

from studies.commands.options import HOME, Address, EpochLimit, Gpus, Home, RunName, Threads
from studies.console import GO_ON, interruptible
from studies.resources import Resources


def resume(
    run: RunName,
    home: Home = HOME,
    address: Address = "local",
    threads_per_trial: Threads = 1,
    gpus_per_trial: Gpus = 0.0,
    epoch_limit: EpochLimit = 360.0,
) -> None:
    """Go on with a run that was stopped, by its folder instead of its study."""
    resources = Resources(address, threads_per_trial, gpus_per_trial, epoch_limit)
    with interruptible(GO_ON):
        from studies.commands import launching

        launching.carry_out(lambda _: [launching.begun(run, home)], resources)
