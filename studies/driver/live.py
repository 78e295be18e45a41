"""What a run is doing, read from its directory alone: by another process, or on another machine that has a copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Literal
from urllib.parse import unquote

from optuna.trial import TrialState

from studies.adoption import FAILED
from studies.driver.history import look
from studies.driver.run import read_description
from trainables.fit import Record
from trainables.trial import configured, read, records

State = Literal["open", "ended", "stopped", "failed"]
PHASES = ("explore", "choose", "confirm")
ENDS: Mapping[TrialState, State] = {
    TrialState.COMPLETE: "ended",
    TrialState.PRUNED: "stopped",
    TrialState.FAIL: "failed",
}
PER_TRIAL = frozenset({"seed", "split_seed", "fold", "folds", "protocol", "epochs"})
"""Settings of a trial that are no arm's."""


@dataclass(frozen=True)
class LiveTrial:
    """A trial of a run: its phase, arm and settings, how many epochs it is to have, and what it has recorded so far.

    An `open` one is being trained, or waits for its run to go on.
    """

    name: str
    phase: str
    arm: str
    settings: Mapping[str, Any]
    epochs: int
    state: State
    records: list[Record]

    @property
    def curve(self) -> list[float]:
        """The validation accuracy after each epoch, of a training that measures it."""
        found = (record.get("validation_accuracy") for record in self.records)
        return [float(value) for value in found if value is not None]

    @property
    def seconds(self) -> float:
        return sum(record.get("seconds", 0.0) for record in self.records)

    @property
    def cpu_seconds(self) -> float:
        return sum(record.get("cpu_seconds", 0.0) for record in self.records)


@dataclass(frozen=True)
class Live:
    """A run as its directory has it now: its description, and its trials."""

    directory: Path
    description: Mapping[str, Any]
    trials: list[LiveTrial]

    @property
    def finished(self) -> bool:
        return bool(self.description["progress"]["finished"])

    @property
    def arms(self) -> list[str]:
        return [str(arm["name"]) for arm in self.description["study"]["arms"]]

    @property
    def open(self) -> list[LiveTrial]:
        return [trial for trial in self.trials if trial.state == "open"]

    def best(self, arm: str) -> float | None:
        """The highest validation accuracy after any epoch of an arm so far, None before the first."""
        return max((value for trial in self.trials if trial.arm == arm for value in trial.curve), default=None)

    def seconds_left(self) -> float | None:
        """What the planned trials that have not ended would take, as many at a time as are open now.

        None before a trial has ended, and while none is open. Later plans may add trials.
        """
        progress = self.description["progress"]
        ended = [trial for trial in self.trials if trial.state != "open"]
        if not ended or not self.open:
            return None
        left = 0.0
        for phase in (name for name in PHASES if name in progress):
            known = [trial.seconds for trial in ended if trial.phase == phase] or [trial.seconds for trial in ended]
            left += (progress[phase]["planned"] - progress[phase]["done"]) * mean(known)
        return max(left - sum(trial.seconds for trial in self.open), 0.0) / len(self.open)


def live(directory: Path) -> Live:
    """A run as its directory has it now; raises UserError where it is no run, or its files cannot be read."""
    description = read_description(directory)
    roles = {role["trial"]: (phase, role["arm"]) for phase in PHASES[1:] for role in roles_of(directory, phase)}
    ends = {unquote(path.name): look(path).trials for path in sorted(directory.glob("journal/*"))}
    folders = (path for path in sorted(directory.glob("trials/*")) if path.suffix != ".tmp" and configured(path))
    trials = []
    for folder in folders:
        settings = configured(folder)
        phase, arm = roles.get(folder.name) or (PHASES[0], arm_of(description["study"], settings))
        found, epochs = records(folder), int(settings["epochs"])
        number, explored = settings["seed"], ends.get(arm, [])
        # What is of no plan and was not explored has gone on as a trial of more epochs, with all its records.
        if not arm or (folder.name not in roles and number >= len(explored)):
            continue
        state: State = "ended" if len(found) >= epochs else "open"
        if phase == PHASES[0] and number < len(explored):
            state = ENDS.get(explored[number].state, "open")
        if (folder / FAILED).exists():
            state = "failed"
        trials.append(LiveTrial(folder.name, phase, arm, settings, epochs, state, found))
    return Live(directory, description, trials)


def roles_of(directory: Path, phase: str) -> list[dict[str, Any]]:
    """The planned trials of a phase; none before it is planned."""
    found = read(directory / f"{phase}.json")
    return found if isinstance(found, list) else []


def arm_of(study: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """The arm whose settings an explored trial has, but for those that are tuned or the trial's own; "" for none."""
    free = PER_TRIAL | study["tuned"].keys()
    for arm in study["arms"]:
        if all(settings.get(name) == value for name, value in arm["settings"].items() if name not in free):
            return str(arm["name"])
    return ""
