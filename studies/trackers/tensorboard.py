"""TensorBoard: a folder of event files for each trial."""

from pathlib import Path

from studies.driver.live import LiveTrial
from studies.trackers.values import values


def send(run: str, trial: LiveTrial, first: int, folder: Path) -> None:
    """Append the records from the one at `first` on to the event files of a trial."""
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415

    with SummaryWriter(str(folder / trial.arm.replace("/", "_") / trial.phase / trial.name)) as writer:
        for record in trial.records[first:]:
            for name, value in values(record).items():
                writer.add_scalar(name, value, int(record["epoch"]))
