"""Choose: each arm's best explored configurations and the printed one, trained again, of which the best is chosen.

Explored trials have one seed each and are stopped by decisions that depend on the order in which they report, so the
best of them may owe its place to chance. Its rivals meet it here with the same fresh seeds, at the epochs of confirm.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from analysis.protocols import HEADLINE
from studies.adoption import FAILED
from studies.driver.journal import METRIC, ArmJournal, Explore
from studies.scale import Scale
from studies.seeds import SEEDS
from studies.study import Arm, Study
from studies.tasks import Confirm, Plan, Role, choosers
from trainables.configuration import Configuration
from trainables.errors import UserError
from trainables.registry import Value
from trainables.trial import read, records

Choice = dict[str, Value]


class Choose(Confirm):
    """The queue of the finalists' trials; they are judged by the validation part alone."""

    phase = "choose"
    evaluates = False


def finalists(study: Study, scale: Scale, explore: Explore) -> dict[str, list[Choice]]:
    """Of each arm the tuned values of the printed configuration, and of the best explored ones that differ from it."""
    found = {}
    for arm in choosers(study):
        printed = study.printed_choice(arm)
        best = [choice for choice in explore.arms[arm.name].ranked() if choice != printed]
        found[arm.name] = [printed, *best[: scale.finalists]]
    return found


def trainings(study: Study, arm: Arm, choice: Choice, epochs: int) -> list[Configuration]:
    """The configurations of a finalist, one for each seed, divided as in explore."""
    common: Choice = {"protocol": HEADLINE.name, "epochs": epochs}
    return [study.configured(arm, {**choice, **common, "seed": seed}) for seed in SEEDS]


def settled(found: Sequence[Choice], explored: ArmJournal) -> bool:
    """Whether a single finalist is left, the printed configuration, and exploring it has shown that it can be trained.

    So it is where an arm is given a single draw.
    """
    return len(found) == 1 and found[0] in explored.ranked()


def choose_plan(study: Study, scale: Scale, explore: Explore, digest: str) -> Plan:
    """All trials of the finalists, those of all arms with the first seed before those with the next.

    An arm that has `settled` needs none.
    """
    arms, epochs = {arm.name: arm for arm in study.arms}, scale.epochs_of(study.epochs)
    plan = [
        (Role(each.trial(digest), name, "finalist", HEADLINE.name, int(each["seed"]), 0), each)
        for name, choices in finalists(study, scale, explore).items()
        if not settled(choices, explore.arms[name])
        for choice in choices
        for each in trainings(study, arms[name], choice, epochs)
    ]
    return sorted(plan, key=lambda entry: entry[0].repetition)


def choices(study: Study, scale: Scale, explore: Explore, directory: Path, digest: str) -> dict[str, Choice]:
    """What each arm chose: the finalist with the best mean of the last validation accuracies, the printed one in a tie.

    Raises UserError for an arm none of whose finalists was trained to the end.
    """
    found = finalists(study, scale, explore)
    return {
        arm.name: found[arm.name][0]
        if settled(found[arm.name], explore.arms[arm.name])
        else best(study, scale, arm, found[arm.name], directory, digest)
        for arm in study.arms
        if arm.name in found
    }


def best(study: Study, scale: Scale, arm: Arm, found: Sequence[Choice], directory: Path, digest: str) -> Choice:
    """The best of an arm's finalists, which have been trained; raises UserError where none was to the end."""
    epochs = scale.epochs_of(study.epochs)
    trials = [[each.trial(digest) for each in trainings(study, arm, one, epochs)] for one in found]
    scores = [score([directory / "trials" / trial for trial in each]) for each in trials]
    if max(scores) < 0:
        last = reason([directory / "trials" / trial for each in trials for trial in each])
        raise UserError(
            f"Arm {arm.name} has no trial that was trained to the end ({last}): widen its search space, or mend what "
            "it builds."
        )
    return found[scores.index(max(scores))]


def reason(folders: Sequence[Path]) -> str:
    """Why the last of some failed trials is one."""
    found = [read(folder / FAILED) for folder in folders]
    return str(next((each["reason"] for each in reversed(found) if each), "its loss was not a number"))


def score(folders: Sequence[Path]) -> float:
    """Mean of the last validation accuracies of a finalist's trials; -1 if one of them has failed or has none."""
    if any((folder / FAILED).exists() for folder in folders):
        return -1.0
    mean = fmean(last(records(folder)) for folder in folders)
    return mean if math.isfinite(mean) else -1.0


def last(history: Sequence[Mapping[str, float]]) -> float:
    return history[-1][METRIC]
