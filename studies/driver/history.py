"""The file of a journal: Optuna's study in it, and what it holds, read from its lines without Optuna.

Optuna's own replay takes twice as long again and loses the order of records of different trials: it is left for
where a trial is asked for or a value is recorded.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import optuna
from optuna.distributions import json_to_distribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.storages.journal._storage import JournalOperation
from optuna.trial import FrozenTrial, TrialState

from trainables.errors import UserError

distribution_of = cache(json_to_distribution)


class History(NamedTuple):
    """The trials of a journal by number, and trial number, epoch and value of every record, in order."""

    trials: list[FrozenTrial]
    values: list[tuple[int, int, float]]


def read(path: Path) -> History:
    """What a journal holds: as it has one study, Optuna's ids of trials are their numbers.

    An incomplete last line, left by a crash or a full disk, is cut off. Raises UserError for a line that is no entry.
    """
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        # Optuna's reader skips an incomplete line, but its next append would continue it and make the file unreadable.
        os.truncate(path, whole)
    return entered(path, content[:whole])


def look(path: Path) -> History:
    """What the whole lines of a journal say that its driver may be writing: nothing is changed."""
    content = path.read_bytes()
    return entered(path, content[: content.rfind(b"\n") + 1])


def entered(path: Path, content: bytes) -> History:
    """The history that the lines of a journal make; raises UserError for one that is no entry."""
    history = History([], [])
    for number, line in enumerate(content.splitlines(), 1):
        try:
            enter(json.loads(line), history)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise damaged(path, f"in line {number}") from error
    return history


def enter(entry: dict[str, Any], history: History) -> None:
    """Add an entry to the history; as in Optuna, none changes a trial that has ended."""
    kind, trials = entry["op_code"], history.trials
    if kind == JournalOperation.CREATE_TRIAL:
        trials.append(begun(len(trials)))
    elif kind in CHANGES and not (trial := trials[entry["trial_id"]]).state.is_finished():
        if kind == JournalOperation.SET_TRIAL_INTERMEDIATE_VALUE:
            trial.intermediate_values[entry["step"]] = entry["intermediate_value"]
            history.values.append((trial.number, entry["step"], entry["intermediate_value"]))
        elif kind == JournalOperation.SET_TRIAL_PARAM:
            name, distribution = entry["param_name"], distribution_of(entry["distribution"])
            trial.distributions[name] = distribution
            trial.params[name] = distribution.to_external_repr(entry["param_value_internal"])
        else:
            trial.state, trial.values = TrialState(entry["state"]), entry["values"]


CHANGES = (
    JournalOperation.SET_TRIAL_INTERMEDIATE_VALUE,
    JournalOperation.SET_TRIAL_PARAM,
    JournalOperation.SET_TRIAL_STATE_VALUES,
)


def begun(number: int) -> FrozenTrial:
    """A trial of which nothing is known yet."""
    return FrozenTrial(number, TrialState.RUNNING, None, None, None, {}, {}, {}, {}, {}, number)


def damaged(path: Path, where: str) -> UserError:
    return UserError(
        f"{path} is damaged {where}: delete that line and those after it, or if you cannot tell which, the whole file, "
        "and run the same command again; what has been trained is in the trials' folders and is taken from there."
    )


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Raise UserError for what fails because a journal is damaged."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, AssertionError, RuntimeError) as error:
        raise damaged(path, f"({type(error).__name__}: {error})") from error


class NoLock:
    """No lock: the run's own lock admits one driver, and a lock file of the journal would outlive a killed one."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        """Nothing to do."""


def open_study(path: Path) -> optuna.Study:
    """The only study in the journal at `path`, created if there is none; opening an existing one writes nothing.

    Raises UserError if the file is no journal.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    path.parent.mkdir(parents=True, exist_ok=True)
    with reading_errors(path):
        storage = JournalStorage(JournalFileBackend(str(path.absolute()), lock_obj=NoLock()))  # type: ignore[arg-type]
        if storage.get_all_studies():
            return optuna.load_study(study_name="explore", storage=storage)
    if path.stat().st_size:
        raise damaged(path, "in line 1, which does not begin a study")
    return optuna.create_study(study_name="explore", storage=storage, direction="maximize")
