"""What has been trained of a trial already, in the runs of one storage: by itself, or with fewer epochs."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from trainables.configuration import Configuration
from trainables.storage import files
from trainables.trainings import grows
from trainables.trial import CONFIG, COVARIATES, EPOCHS, EVALUATED, EXCERPT_ANSWERS, PREDICTIONS, records

FAILED = "failed.json"


def adopt(directory: Path, configuration: Configuration, digest: str) -> Path | None:
    """Copy into a trial's directory what has been trained of it elsewhere; gives the directory of that, if any.

    That is the trial of the same id in another run, because equal ids mean equal results, or the furthest one of fewer
    epochs in any run: its epochs are the first ones of this trial, its predictions are not this trial's.
    """
    others = [*same(directory), *beginnings(directory, configuration, digest)]
    if not others:
        return None
    furthest = max(others, key=lambda path: (is_tested(path) and path.name == directory.name, len(records(path))))
    copy(furthest, directory, configuration)
    return furthest


def same(directory: Path) -> Iterator[Path]:
    """The directories of the trial of this id in other runs."""
    run = directory.parents[1]
    yield from (
        found.parent for found in run.parent.glob(f"*/trials/{directory.name}/{EPOCHS}") if run not in found.parents
    )


def beginnings(directory: Path, configuration: Configuration, digest: str) -> Iterator[Path]:
    """The directories, in this run and others, of trials that differ in their fewer epochs alone."""
    trials = shorter(configuration, digest)
    folders = list(directory.parents[2].glob("*/trials")) if trials else []
    for trial in trials:
        yield from (folder / trial for folder in folders if (folder / trial / EPOCHS).exists())


def shorter(configuration: Configuration, digest: str) -> list[str]:
    """The ids of the trials of fewer epochs that are the beginning of a trial; none where it has no such beginning."""
    if not grows(configuration):
        return []
    settings = configuration.settings
    return [
        replace(configuration, settings={**settings, "epochs": epochs}).trial(digest)
        for epochs in range(1, configuration["epochs"])
    ]


def is_tested(directory: Path) -> bool:
    return (directory / PREDICTIONS).exists()


def copy(other: Path, directory: Path, configuration: Configuration) -> None:
    """Make a trial's directory of that of another one, whole or not at all."""
    temporary = directory.with_name(f"{directory.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    own = () if other.name == directory.name else (EVALUATED, COVARIATES, EXCERPT_ANSWERS, PREDICTIONS)
    try:
        shutil.copytree(other, temporary, ignore=shutil.ignore_patterns("*.tmp", FAILED, CONFIG, *own))
        # Once more, and last: another driver may be training it now, and epochs must not lag behind their checkpoint.
        shutil.copy2(other / EPOCHS, temporary / EPOCHS)
        files.replace_json(temporary / CONFIG, dict(configuration.settings))
        shutil.rmtree(directory, ignore_errors=True)
        temporary.replace(directory)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise files.unwritable(directory, error) from error
