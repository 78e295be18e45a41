"""Tasks: one trial to train, and the two queues that hand tasks out (explore in `journal`, confirm here)."""

import json
import math
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from studies.study import Scale, Study
from trainables.configuration import Configuration
from trainables.errors import UserError
from trainables.fit import Record
from trainables.registry import Value
from trainables.storage import files
from trainables.trial import CONFIG, EPOCHS, PREDICTIONS, has_predictions, intact, read

FAILED = "failed.json"
CONFIRM = "confirm.json"
# Seeds of confirm begin here: no explore trial, whose seed is its number, has ever seen one of them.
FIRST_SEED = 1000


@dataclass(frozen=True)
class Task:
    """One trial for a worker: its id and directory, the epochs the driver knows of, whether to predict the test."""

    name: str
    directory: Path
    heard: int
    evaluate: bool


class Queue(Protocol):
    """What a driver needs of a phase."""

    phase: str

    @property
    def planned(self) -> int:
        """Number of trials planned."""

    @property
    def done(self) -> int:
        """Number of trials that have ended."""

    def next(self) -> Task | None:
        """The next trial to train, or None when there is none now."""

    @property
    def exhausted(self) -> bool:
        """Whether none will come any more."""

    def decide(self, name: str, record: Record) -> bool:
        """Whether the trial ends with this record."""

    def hear(self, name: str, record: Record) -> None:
        """Take note of a record."""

    def close(self, name: str, failed: str | None = None) -> None:
        """The trial has ended, or was ended; `failed` says why it can never be finished."""


def write_task(run: Path, name: str, configuration: Configuration, *, heard: int, evaluate: bool) -> Task:
    """Make the directory of a trial, with what another run of the same storage has already trained of it."""
    directory, settings = run / "trials" / name, dict(configuration.settings)
    if not directory.exists():
        adopt(directory)
    if read(directory / CONFIG) != settings:
        files.replace_json(directory / CONFIG, settings)
    return Task(name, directory, heard, evaluate)


def adopt(directory: Path) -> None:
    """Copy the trial of the same id from another run: an id stands for everything that can change the result."""
    run = directory.parent.parent
    others = [path.parent for path in run.parent.glob(f"*/trials/{directory.name}/{EPOCHS}") if run not in path.parents]
    if not others:
        return
    furthest = max(others, key=lambda path: ((path / PREDICTIONS).exists(), (path / EPOCHS).stat().st_size))
    temporary = directory.with_name(f"{directory.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        shutil.copytree(furthest, temporary, ignore=shutil.ignore_patterns("*.tmp", FAILED))
        # Once more, and last: the other run may be training it now, and lines may not lag behind their checkpoint.
        shutil.copy2(furthest / EPOCHS, temporary / EPOCHS)
        temporary.replace(directory)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise files.unwritable(directory, error) from error


@dataclass(frozen=True)
class Role:
    """What a confirm trial is for."""

    trial: str
    arm: str
    configuration: str
    protocol: str
    repetition: int
    fold: int


Plan = list[tuple[Role, Configuration]]

# The verdict as published rests on what was printed, the corrected one on what each arm chose; the third pair is the
# printed configuration with groups held out and nothing else changed, against which leakage is measured.
AS_PRINTED = "as_printed"
CELLS = (("as_printed", "as_published"), ("chosen", "corrected"), ("as_printed", "grouped_same_sizes"))
OTHER_CELLS = (("as_printed", "corrected"), ("chosen", "as_published"))


def confirm_plan(study: Study, scale: Scale, choices: dict[str, dict[str, Value]] | None, digest: str) -> Plan:
    """Every confirm trial, repetition by repetition, so that a run cut short has whole pairs.

    Without `choices`, which explore has yet to make, those of the configurations as printed.
    """
    cells = CELLS + OTHER_CELLS if scale.all_cells else CELLS
    known = [cell for cell in cells if choices is not None or cell[0] == AS_PRINTED]
    plan = []
    for repetition in range(FIRST_SEED, FIRST_SEED + scale.repetitions):
        for configuration, protocol in known:
            folds = scale.folds if protocol == "corrected" else 1
            for fold in range(folds):
                for arm in study.arms:
                    chosen = (choices or {}).get(arm.name, {}) if configuration == "chosen" else {}
                    place: dict[str, Value] = {
                        "split_seed": repetition if folds > 1 else 0,
                        "fold": fold,
                        "folds": folds,
                    }
                    epochs = scale.confirm_epochs or study.epochs
                    common = {"protocol": protocol, "seed": repetition, "epochs": epochs, **place}
                    settings = study.configured(arm, {**chosen, **common})
                    role = Role(settings.trial(digest), arm.name, configuration, protocol, repetition, fold)
                    plan.append((role, settings))
    return plan


class Confirm:
    """The queue of confirm trials: fresh seeds, full budget, nothing stopped."""

    phase = "confirm"

    def __init__(self, directory: Path, plan: Plan):
        self.directory = directory
        self.given: set[str] = set()
        self.follow(plan)

    def follow(self, plan: Plan) -> None:
        """Follow this plan from now on; it holds every trial that was given out under the one before."""
        self.configurations = {role.trial: configuration for role, configuration in plan}
        files.replace_json(self.directory / CONFIRM, [asdict(role) for role, _ in plan])
        self.planned = len(self.configurations)
        # Kept, and not counted in the directories at each question: a driver asks with every result.
        self.ended = {name for name in self.configurations if self._ended(name)}
        self.waiting = [name for name in self.configurations if name not in self.given | self.ended]

    def _ended(self, name: str) -> bool:
        directory, epochs = self.directory / "trials" / name, self.configurations[name]["epochs"]
        return (directory / FAILED).exists() or (has_predictions(directory) and intact(directory, epochs))

    @property
    def done(self) -> int:
        """Number of trials that have ended."""
        return len(self.ended)

    def next(self) -> Task | None:
        """The next trial to train, or None when all have been given out; one adopted whole is not handed out."""
        while self.waiting:
            name = self.waiting.pop(0)
            self.given.add(name)
            task = write_task(self.directory, name, self.configurations[name], heard=0, evaluate=True)
            if not self._ended(name):
                return task
            self.ended.add(name)
        return None

    @property
    def exhausted(self) -> bool:
        """Whether all trials have been given out."""
        return not self.waiting

    def decide(self, name: str, record: Record) -> bool:
        """The trial ends with its last epoch, or at once when its loss is not a number."""
        if not math.isfinite(record["train_loss"]):
            self.close(name, f"its loss was not a number after epoch {int(record['epoch'])}")
            return True
        return int(record["epoch"]) >= self.configurations[name]["epochs"]

    def hear(self, name: str, record: Record) -> None:
        """Nothing: the trial's directory has it."""

    def close(self, name: str, failed: str | None = None) -> None:
        """Write down why a trial can never be finished."""
        if failed:
            files.replace_json(self.directory / "trials" / name / FAILED, {"reason": failed})
        if self._ended(name):
            self.ended.add(name)


def read_json(path: Path) -> Any:
    """The content of a JSON file of a run.

    Raises UserError when it is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"Cannot read {path}: {error}; run the study again to have it written anew.") from error
