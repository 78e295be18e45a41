"""Explore: one Optuna study and one successive halving per arm, both in the run's journal. Knows nothing of Ray.

The journal holds every configuration asked and every value recorded. A rung is a view of it: the values recorded at its
epoch, in order. If the driver dies while a trial stands at a rung, the trial reports its last epoch again and is judged
against the same rivals as before: those recorded before it.

Successive halving is our own because Optuna's SuccessiveHalvingPruner compares a trial with whatever is there at that
moment, which a restarted driver cannot repeat, and allows rungs only at grace * reduction ** k.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import chain, takewhile
from pathlib import Path
from urllib.parse import quote
from zlib import crc32

import numpy as np
import optuna
from optuna.samplers import RandomSampler
from optuna.trial import FrozenTrial, TrialState

from analysis.protocols import HEADLINE
from studies.checks.validity import Buildable, why_not
from studies.console import remark
from studies.driver.history import open_study, read
from studies.driver.sampling import draws, sobol_draws, tpe, valid_draw
from studies.scale import Scale
from studies.study import Arm, Study
from studies.tasks import LOCAL, Keeper, Task, explored, write_task
from trainables.configuration import Configuration
from trainables.errors import InvalidSetting, UserError
from trainables.fit import Record
from trainables.registry import Value
from trainables.storage.files import unwritable
from trainables.trial import intact

METRIC = "validation_accuracy"


class ArmJournal:
    """One arm's trials and rungs."""

    def __init__(
        self, path: Path, study: Study, arm: Arm, scale: Scale, digest: str, buildable: Buildable | None = None
    ):
        self.study, self.arm, self.scale, self.digest = study, arm, scale, digest
        self.space = study.space(arm)
        self.why_not = partial(why_not, study, arm, buildable=buildable)
        self.epochs = scale.epochs_of(study.epochs) * arm.times
        self.rungs: dict[int, dict[str, float]] = {epoch * arm.times: {} for epoch in study.rungs(scale)}
        self.numbers: dict[str, int] = {}
        self.path, (self.trials, values) = path, read(path)
        names = [self._enter(self._asked_whole(trial)) for trial in self.trials]
        for number, epoch, value in values:
            if epoch in self.rungs:
                self.rungs[epoch][names[number]] = value

    @cached_property
    def optuna(self) -> optuna.Study:
        """Optuna's study: opened where a trial is asked for or recorded, as replaying a long journal takes seconds."""
        return open_study(self.path)

    def _enter(self, trial: FrozenTrial) -> str:
        name = self.configuration(trial).trial(self.digest)
        self.numbers[name] = trial.number
        return name

    def _asked_whole(self, trial: FrozenTrial) -> FrozenTrial:
        """The trial with all its parameters: asking writes a line for each, and a crash may have left some out."""
        if trial.state.is_finished() or not self.space.lacks(trial.params):
            return trial
        for name, value in self._draw(trial).items():
            if name not in trial.params:
                distribution = self.space[name]
                internal = distribution.to_internal_repr(value)
                self.optuna._storage.set_trial_param(trial._trial_id, name, internal, distribution)
        return self.frozen(trial.number)

    def _draw(self, trial: FrozenTrial) -> dict[str, Value]:
        """The values of a trial; raises UserError if no draw can be trained."""
        try:
            return valid_draw(self._candidates(trial), trial.params, self.why_not)
        except InvalidSetting as error:
            raise UserError(f"Arm {self.arm.name} has a search space in which {error}") from error

    def _candidates(self, trial: FrozenTrial) -> Iterator[dict[str, Value]]:
        """What a trial may have; of TPE the first trial has the printed values, if the space has them.

        The seed is the trial's own, so that a restarted driver does not repeat the draws of earlier trials, and that of
        the arm's settings, so that another study draws the same for such an arm, whatever its name.
        """
        arm = self.study.printed(self.arm).trial("")
        if self.study.exploration == "sobol":
            return sobol_draws(self.space, trial.number, crc32(arm.encode()))
        seed = crc32(f"{arm}/{trial.number}".encode())
        if self.study.exploration == "random":
            return draws(RandomSampler(seed=seed), self.optuna, trial, self.space)
        candidates = draws(tpe(seed), self.optuna, trial, self.space)
        first = trial.number == 0 and self.study.starts_printed(self.arm)
        return chain([self.study.printed_choice(self.arm)], candidates) if first else candidates

    def frozen(self, number: int) -> FrozenTrial:
        """The trial of that number as the journal has it."""
        if "optuna" not in vars(self):
            return self.trials[number]
        # The journal holds one study, so ids are numbers; `get_trial` does not copy the list of all trials.
        return self.optuna._storage.get_trial(number)

    def configuration(self, trial: FrozenTrial) -> Configuration:
        """The configuration of a trial; its seed is its number, so that no two are the same."""
        fixed: dict[str, Value] = {
            "protocol": HEADLINE.name,
            "epochs": self.scale.epochs_of(self.study.epochs),
            "seed": trial.number,
        }
        return self.study.configured(self.arm, {**fixed, **trial.params})

    def ask(self) -> str | None:
        """The id of a new trial, or None when the arm's budget is spent."""
        number = len(self.numbers)
        if number >= self.scale.trials:
            return None
        self.optuna.ask()
        return self._enter(self._asked_whole(self.frozen(number)))

    def tell(self, name: str, epoch: int, value: float) -> TrialState | None:
        """Record a value; gives the state in which the trial ends with it, None if it goes on.

        A trial that resumes after a crash reports its last epoch again: that changes nothing and gives the same answer.
        If the value then differs in a single bit, the trial has failed: others were compared with another one.
        """
        if not math.isfinite(value) or not self._recorded(name, epoch, value):
            return TrialState.FAIL
        if epoch >= self.epochs:
            return TrialState.COMPLETE
        if epoch not in self.rungs:
            return None
        rung = self.rungs[epoch]
        rung.setdefault(name, value)
        rivals = [rung[rival] for rival in takewhile(lambda rival: rival != name, rung)]
        bar = np.percentile(rivals, 100 * (1 - 1 / self.scale.reduction)) if rivals else -math.inf
        return TrialState.PRUNED if value < bar else None

    def _recorded(self, name: str, epoch: int, value: float) -> bool:
        """Record a value, unless it is; False if another one is."""
        trial = self.frozen(self.numbers[name])
        if trial.state.is_finished():
            return True
        known = trial.intermediate_values.get(epoch)
        if known is None:
            self.optuna._storage.set_trial_intermediate_value(trial._trial_id, epoch, float(value))
        elif known != value:
            remark(
                f"Trial {name} reported {value} after epoch {epoch} where it had reported {known}: it did not continue "
                "exactly, as on another processor or GPU, and counts as failed."
            )
        return known in (None, value)

    def close(self, name: str, state: TrialState) -> None:
        trial = self.frozen(self.numbers[name])
        if not trial.state.is_finished():
            value = trial.intermediate_values[max(trial.intermediate_values)] if state is TrialState.COMPLETE else None
            self.optuna.tell(trial.number, value, state=state)

    def unfinished(self, folder: Path) -> list[str]:
        """Ids of the trials that have not ended, and of those whose directories below `folder` are damaged."""
        trials = [(name, self.frozen(number)) for name, number in self.numbers.items()]
        return [
            name
            for name, trial in trials
            if not trial.state.is_finished() or not intact(folder / name, max(trial.intermediate_values, default=0))
        ]

    def ranked(self) -> list[dict[str, Value]]:
        """The tuned values of the trials that have not failed, each once: the furthest first, and of those the best.

        Stopped trials come after those that were trained to the end, so that every arm has as many to choose from.
        """
        trials = map(self.frozen, self.numbers.values())
        tried = [trial for trial in trials if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)]
        best = sorted(tried, key=reached, reverse=True)
        return [trial.params for i, trial in enumerate(best) if trial.params not in [b.params for b in best[:i]]]


def reached(trial: FrozenTrial) -> tuple[int, float]:
    """The last epoch of a trial, and its value there."""
    return max(trial.intermediate_values.items())


class Explore:
    """The queue of explore trials of all arms: unfinished ones first, then new ones for the arm with the fewest."""

    phase = title = "explore"

    def __init__(
        self,
        directory: Path,
        study: Study,
        scale: Scale,
        digest: str,
        buildable: Buildable | None = None,
        keeper: Keeper = LOCAL,
    ):
        self.directory, self.keeper = directory, keeper
        arms = explored(study)
        with writing_errors(directory):
            paths = {arm.name: directory / "journal" / quote(arm.name, safe="") for arm in arms}
            self.arms = {arm.name: ArmJournal(paths[arm.name], study, arm, scale, digest, buildable) for arm in arms}
        self.planned = scale.trials * len(self.arms)
        self.waiting = [(arm, name) for arm in self.arms.values() for name in arm.unfinished(directory / "trials")]
        # Trials that have been handed out, in this launch or an earlier one, and have not ended.
        self.running = {name for _, name in self.waiting}
        # How each trial ends that has reported its last epoch and is not closed yet.
        self.states: dict[str, TrialState] = {}
        self.owners = {name: arm for arm in self.arms.values() for name in arm.numbers}

    @property
    def done(self) -> int:
        return sum(len(arm.numbers) for arm in self.arms.values()) - len(self.running)

    def next(self) -> Task | None:
        with writing_errors(self.directory):
            arm, name = self.waiting.pop(0) if self.waiting else self._ask()
        if name is None:
            return None
        self.owners[name] = arm
        self.running.add(name)
        trial = arm.frozen(arm.numbers[name])
        reported = max(trial.intermediate_values, default=0)
        configuration = arm.configuration(trial)
        return write_task(self.directory, configuration, arm.digest, self.keeper, reported=reported, evaluate=False)

    @property
    def exhausted(self) -> bool:
        return not self.waiting and all(len(arm.numbers) >= arm.scale.trials for arm in self.arms.values())

    def _ask(self) -> tuple[ArmJournal, str | None]:
        arm = min(self.arms.values(), key=lambda arm: len(arm.numbers))
        return arm, arm.ask()

    def tell(self, name: str, record: Record) -> bool:
        with writing_errors(self.directory):
            state = self.owners[name].tell(name, int(record["epoch"]), record[METRIC])
        if state is not None:
            self.states[name] = state
        return state is not None

    def close(self, name: str, failed: str | None = None) -> None:
        """End a trial that reported its last epoch or has failed for good; otherwise it goes on in the next launch."""
        self.keeper.collect(self.directory / "trials" / name)
        state = TrialState.FAIL if failed else self.states.get(name)
        with writing_errors(self.directory):
            if state is not None:
                self.owners[name].close(name, state)
                self.running.discard(name)


@contextmanager
def writing_errors(directory: Path) -> Iterator[None]:
    """Raise UserError for a failed write of the journal."""
    try:
        yield
    except OSError as error:
        raise unwritable(directory / "journal", error) from error
