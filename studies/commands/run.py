"""`etude run`: studies to their reports."""

from pathlib import Path

from studies.commands.options import (
    HOME,
    Address,
    Elsewhere,
    EpochLimit,
    Epochs,
    Folds,
    Gpus,
    Home,
    Rendered,
    Repetitions,
    ScaleName,
    Settings,
    Storage,
    StudyNames,
    Threads,
    Trials,
    UntilDecided,
)
from studies.console import GO_ON, interruptible
from studies.resources import Resources


def run(
    studies: StudyNames,
    scale: ScaleName = "laptop",
    epochs: Epochs = None,
    repetitions: Repetitions = None,
    trials: Trials = None,
    folds: Folds = None,
    until_decided: UntilDecided = False,
    corpus: Elsewhere = "",
    settings: Settings = None,
    rendered: Rendered = False,
    home: Home = HOME,
    storage: Storage = None,
    address: Address = "local",
    threads_per_trial: Threads = 1,
    gpus_per_trial: Gpus = 0.0,
    epoch_limit: EpochLimit = 360.0,
) -> list[Path]:
    """Run studies: explore, choose, confirm, verdicts, reports. The same command goes on from where it stopped."""
    resources = Resources(address, threads_per_trial, gpus_per_trial, epoch_limit)
    with interruptible(GO_ON):
        from studies.commands import launching
        from studies.scale import scale_named

        size = scale_named(
            scale, until_decided=until_decided, epochs=epochs, repetitions=repetitions, trials=trials, folds=folds
        )
        return launching.carry_out(
            lambda step: launching.requests(
                studies, size, home, storage, step, rendered=rendered, corpus=corpus, settings=settings or ()
            ),
            resources,
        )
