"""Weights & Biases: an offline run for each trial; `wandb sync` uploads it, if its owner wants that."""

from pathlib import Path

from studies.driver.live import LiveTrial
from studies.trackers.values import values


def send(run: str, trial: LiveTrial, first: int, folder: Path) -> None:
    """Write the records of a trial that has ended as an offline run."""
    import wandb  # noqa: PLC0415

    with wandb.init(
        mode="offline",
        project="etude",
        group=run,
        job_type=trial.phase,
        id=trial.name,
        name=f"{trial.arm} {trial.name}",
        config=dict(trial.settings),
        dir=str(folder),
        settings=wandb.Settings(silent=True, console="off"),
    ) as made:
        for record in trial.records[first:]:
            made.log(values(record), step=int(record["epoch"]))
