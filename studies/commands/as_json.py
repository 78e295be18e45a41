"""What commands print with `--json`: an object with its `format`, 1, and named values; what is not known is null."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from studies.console import CONSOLE

Format = Literal[1]
FORMAT: Format = 1


@dataclass(frozen=True)
class ListedSection:
    """A section of `etude list`: its rows, each value under the name of its column."""

    name: str
    rows: tuple[Mapping[str, str | int], ...]


@dataclass(frozen=True)
class Listed:
    """What `etude list --json` prints: one section, or the studies alone."""

    format: Format
    sections: tuple[ListedSection, ...]


@dataclass(frozen=True)
class PhaseCount:
    """How many trials of a phase have ended, of how many."""

    done: int
    planned: int


@dataclass(frozen=True)
class Standing:
    """Where a run stands: `started` is the first launch (UTC), `verdicts` counts findings by word, once it is finished.

    `last_look` says what a run that stops when decided found when it last looked, "" for other runs.
    """

    run: str
    place: str
    state: str
    started: str
    trials: Mapping[str, PhaseCount]
    verdicts: Mapping[str, int]
    last_look: str


@dataclass(frozen=True)
class Standings:
    """What `etude status --json` prints: one run, or all, the last begun first."""

    format: Format
    runs: tuple[Standing, ...]


@dataclass(frozen=True)
class ArmPlan:
    """What an arm has and takes: its epochs in seconds, its trials by phase, and all of them in hours, one by one."""

    arm: str
    parameters: int
    seconds_per_epoch: float
    explore_trials: int
    finalists_trials: int
    confirm_trials: int
    hours: float


@dataclass(frozen=True)
class ClaimPlan:
    """The smallest effect that a claim of accuracy could detect, in points, were clips of a group independent or alike.

    `detectable_at_most` is the first after all repetitions that a run may add; `note` says what cannot be shown.
    """

    claim: str
    margin: float
    detectable_independent: float
    detectable_alike: float
    detectable_at_most: float
    note: str


@dataclass(frozen=True)
class StudyPlan:
    """What a study would cost and could detect: `hours` on one `processor` or GPU, `hours_here` with `at_once` trials.

    Trials that several studies share count in each.
    """

    study: str
    corpus: str
    rendered: bool
    digest: str
    scale: str
    repetitions: int
    decides: bool
    unit: Literal["processor", "GPU"]
    at_once: int
    hours: float
    hours_here: float
    arms: tuple[ArmPlan, ...]
    claims: tuple[ClaimPlan, ...]


@dataclass(frozen=True)
class Plans:
    """What `etude plan --json` prints."""

    format: Format
    studies: tuple[StudyPlan, ...]


def print_json(shown: Any) -> None:
    """Print one of the objects above."""
    from pydantic import TypeAdapter

    text = TypeAdapter(type(shown)).dump_json(shown, indent=1).decode()
    CONSOLE.print(text, highlight=False, markup=False, soft_wrap=True)
