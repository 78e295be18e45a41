"""Tasks: one trial to train, and the two queues that hand tasks out (`driver.journal.Explore`, `Confirm` here)."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from analysis.protocols import BASE, CHOSEN, PROTOCOLS, PUBLISHED, judging
from studies.adoption import FAILED, adopt, shorter
from studies.scale import Scale
from studies.seeds import FIRST_SEED
from studies.study import Arm, Study
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.errors import UserError
from trainables.fit import Record
from trainables.registry import Value
from trainables.resolving import resolve
from trainables.storage import files
from trainables.trial import CONFIG, EPOCHS, has_predictions, intact, read


@dataclass(frozen=True)
class Task:
    """One trial to train.

    `name` is the trial's id, `reported` the number of epochs that the driver has recorded; `evaluate` says whether to
    predict the test part after the last epoch.
    """

    name: str
    directory: Path
    reported: int
    evaluate: bool


class Keeper:
    """Where a run is kept and its workers write: here its own folder, so there is nothing to send or to collect."""

    def send(self, paths: Iterable[Path]) -> None:
        """Store these files of trials, and before them the journals, which must know of the trials."""

    def bring(self, trials: Iterable[str]) -> None:
        """Bring here what other runs of the same storage hold of the trials of these ids, but for checkpoints."""

    def send_checkpoint(self, other: Path, directory: Path) -> None:
        """Store the checkpoint of a trial that was adopted from another directory, if it is not in this folder."""

    def collect(self, directory: Path) -> None:
        """Bring here what workers have written into a trial's directory, but for the checkpoint."""


LOCAL = Keeper()


class Queue(Protocol):
    """The trials of a phase."""

    phase: str
    title: str
    """What the display of progress calls it."""

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
        """Whether all trials have been handed out."""

    @property
    def running(self) -> set[str]:
        """The trials that have been handed out and have not ended."""

    def tell(self, name: str, record: Record) -> bool:
        """Record an epoch of a trial; whether the trial ends with it."""

    def close(self, name: str, failed: str | None = None) -> None:
        """End a trial that will report no more; `failed` says why it can never be finished."""


def write_task(
    run: Path, configuration: Configuration, digest: str, keeper: Keeper = LOCAL, *, reported: int, evaluate: bool
) -> Task:
    """Make and store the directory of a trial, with what has been trained of it in the same storage.

    `digest` is that of the data.
    """
    name = configuration.trial(digest)
    directory = run / "trials" / name
    if not (directory / EPOCHS).exists():
        keeper.bring([name, *shorter(configuration, digest)])
        other = adopt(directory, configuration, digest)
    else:
        other = None
    if other:
        keeper.send(sorted(directory.iterdir()))
        keeper.send_checkpoint(other, directory)
    elif read(directory / CONFIG) != (settings := dict(configuration.settings)):
        files.replace_json(directory / CONFIG, settings)
        keeper.send([directory / CONFIG])
    return Task(name, directory, reported, evaluate)


def taken_over(task: Task, digest: str, keeper: Keeper = LOCAL) -> Task:
    """The task with what another run has trained of its trial since the task was made."""
    run, configuration = task.directory.parents[1], resolve(read_json(task.directory / CONFIG))
    return write_task(run, configuration, digest, keeper, reported=task.reported, evaluate=task.evaluate)


@dataclass(frozen=True)
class Role:
    """The place of a confirm trial in the comparison."""

    trial: str
    arm: str
    configuration: str
    protocol: str
    repetition: int
    fold: int


Plan = list[tuple[Role, Configuration]]


def protocols_of(study: Study) -> list[str]:
    """The protocols by which the study's corpus is divided, in the order of their table."""
    declared = CORPORA[study.corpus].protocols
    return [name for name in PROTOCOLS if name in declared]


Cell = tuple[str, str]


def cells(study: Study) -> dict[Cell, list[Arm]]:
    """The cells that confirm trains, pairs of a configuration and a protocol, each with the arms that need it.

    An arm needs the judged configuration under the protocols of the claims that name it; one that no claim names, under
    every protocol that judges. The arms of `inflation` need the printed one under the document's protocol and its base.
    """
    needed: dict[Cell, list[Arm]] = {}
    for protocol in (PROTOCOLS[name] for name in protocols_of(study)):
        arms = [arm for arm in study.trained if protocol.name in protocols_for(study, arm.name)]
        if arms:
            needed[str(protocol.judged_by), protocol.name] = arms
    return needed


def protocols_for(study: Study, arm: str) -> set[str]:
    """The protocols under which an arm is confirmed; none where no claim that names it rests on confirmed trials."""
    named = [claim for claim in study.claims if arm in claim.arms]
    claimed = [set(claim.protocols) if claim.rests_on == "confirmed" else set() for claim in named]
    measured = {PUBLISHED.name, BASE.name} if arm in study.inflation else set()
    return set().union(*claimed or [{protocol.name for protocol in judging()}], measured)


def choosers(study: Study) -> list[Arm]:
    """The arms that choose a configuration: those that have something to tune and are judged by what they choose."""
    needed = [arms for (configuration, _), arms in cells(study).items() if configuration == CHOSEN]
    return [arm for arm in study.arms if study.space(arm) and any(arm in arms for arms in needed)]


def explored(study: Study) -> list[Arm]:
    """The arms that are explored: those that choose, and those of which a claim rests on explored trials."""
    named = {name for claim in study.claims if claim.rests_on == "explored" for name in claim.arms}
    chooses = choosers(study)
    return [arm for arm in study.trained if arm in chooses or (arm.name in named and study.space(arm))]


def confirm_plan(
    study: Study,
    scale: Scale,
    choices: dict[str, dict[str, Value]] | None,
    digest: str,
    repetitions: Mapping[tuple[str, str], int] | None = None,
) -> Plan:
    """All confirm trials, repetition by repetition, so that an interrupted run has whole pairs.

    Without `choices`, before explore has ended, only the trials of the printed configurations. An arm under a protocol
    has its own number of `repetitions`, or the scale's.
    """
    plan, needed, epochs = [], cells(study), scale.epochs_of(study.epochs)
    counts = defaultdict(lambda: scale.repetitions, repetitions or {})
    for repetition in range(max([scale.repetitions, *counts.values()])):
        for (configuration, protocol), arms in needed.items():
            if configuration == CHOSEN and choices is None:
                continue
            place, seed = scale.place(protocol, repetition), FIRST_SEED + repetition
            for arm in (arm for arm in arms if repetition < counts[arm.name, protocol]):
                chosen = (choices or {}).get(arm.name, {}) if configuration == CHOSEN else {}
                common = {"protocol": protocol, "seed": seed, "epochs": epochs, **place}
                settings = study.configured(arm, {**chosen, **common})
                role = Role(settings.trial(digest), arm.name, configuration, protocol, seed, int(str(place["fold"])))
                plan.append((role, settings))
    return plan


class Confirm:
    """The queue of confirm trials: fresh seeds, all epochs, no early stopping."""

    phase = "confirm"
    # Whether the test part is predicted after the last epoch.
    evaluates = True

    def __init__(self, directory: Path, plan: Plan, digest: str, keeper: Keeper = LOCAL):
        self.directory, self.digest, self.keeper = directory, digest, keeper
        self.handed_out: set[str] = set()
        self.ended: set[str] = set()
        self.follow(plan)

    def follow(self, plan: Plan, *, evaluates: bool | None = None, stage: str = "") -> None:
        """Replace the plan; the new one holds every trial that runs under the old one.

        A trial that has ended untested is handed out again where it now `evaluates`. The display shows the `stage`.
        """
        self.evaluates = self.evaluates if evaluates is None else evaluates
        self.title = f"{self.phase}, {stage}" if stage else self.phase
        self.handed_out -= self.ended
        self.configurations = {role.trial: configuration for role, configuration in plan}
        files.replace_json(self.directory / f"{self.phase}.json", [asdict(role) for role, _ in plan])
        self.planned = len(self.configurations)
        # Kept, because the driver asks with every record and looking into all directories takes long.
        self.ended = {name for name in self.configurations if self._ended(name)}
        self.waiting = [name for name in self.configurations if name not in self.handed_out | self.ended]

    def _ended(self, name: str) -> bool:
        directory, epochs = self.directory / "trials" / name, self.configurations[name]["epochs"]
        tested = has_predictions(directory) or not self.evaluates
        return (directory / FAILED).exists() or (tested and intact(directory, epochs))

    @property
    def done(self) -> int:
        return len(self.ended)

    def next(self) -> Task | None:
        """The next trial to train, or None when all have been handed out; one that was adopted whole is skipped."""
        while self.waiting:
            name = self.waiting.pop(0)
            self.handed_out.add(name)
            configuration = self.configurations[name]
            task = write_task(
                self.directory, configuration, self.digest, self.keeper, reported=0, evaluate=self.evaluates
            )
            if not self._ended(name):
                return task
            self.ended.add(name)
        return None

    @property
    def exhausted(self) -> bool:
        return not self.waiting

    @property
    def running(self) -> set[str]:
        return self.handed_out - self.ended

    def tell(self, name: str, record: Record) -> bool:
        """Whether the trial ends: with its last epoch, or at once when a loss is not finite. Its directory has it.

        What only measures has no loss, and an empty validation part has one that is not a number.
        """
        if not math.isfinite(record.get("train_loss", 0.0)) or math.isinf(record.get("validation_loss", 0.0)):
            self.close(name, f"its loss was not a number after epoch {int(record['epoch'])}")
            return True
        return int(record["epoch"]) >= self.configurations[name]["epochs"]

    def close(self, name: str, failed: str | None = None) -> None:
        """End a trial if it is finished or has failed for good; otherwise it goes on in the next launch."""
        directory = self.directory / "trials" / name
        self.keeper.collect(directory)
        if failed:
            files.replace_json(directory / FAILED, {"reason": failed})
            self.keeper.send([directory / FAILED])
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
