"""What an uninterrupted study would have decided, given the same values in the same order."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from optuna.trial import TrialState

from studies.driver.journal import ArmJournal
from studies.scale import Scale
from studies.study import Study

TRIAL, PARAMETER, STATE, VALUE = 4, 5, 6, 7
"""Codes of the operations in Optuna's journal."""


def entries(journal: Path) -> list[dict[str, Any]]:
    """The lines of a journal, in the order of writing."""
    return [json.loads(line) for line in journal.read_text().splitlines()]


def written(journal: Path) -> dict[int, dict[str, Any]]:
    """Parameters, values and state of each trial, read from the lines alone; a line that comes twice is an error."""
    trials: dict[int, dict[str, Any]] = defaultdict(lambda: {"parameters": {}, "values": {}, "state": None})
    for entry in entries(journal):
        if "trial_id" not in entry:
            continue
        trial = trials[entry["trial_id"]]
        if entry["op_code"] == PARAMETER:
            assert entry["param_name"] not in trial["parameters"]
            trial["parameters"][entry["param_name"]] = entry["param_value_internal"]
        if entry["op_code"] == VALUE:
            assert entry["step"] == len(trial["values"]) + 1
            trial["values"][entry["step"]] = entry["intermediate_value"]
        if entry["op_code"] == STATE:
            assert trial["state"] is None
            trial["state"] = TrialState(entry["state"])
    return dict(trials)


def replayed(journal: Path, scratch: Path, study: Study, arm: str, scale: Scale, digest: str) -> ArmJournal:
    """A new journal of an arm, asked for trials and told the same values in the same order, in one go.

    What it is asked for, and how it decides, is its own; only when a trial is closed is as it was.
    """
    fresh = ArmJournal(scratch, study, study.arm(arm), scale, digest)
    names: list[str] = []
    decided: dict[str, TrialState | None] = {}
    for entry in entries(journal):
        if entry["op_code"] == TRIAL:
            names.append(str(fresh.ask()))
        if entry["op_code"] == VALUE:
            name, epoch, value = names[entry["trial_id"]], entry["step"], entry["intermediate_value"]
            decided[name] = fresh.tell(name, epoch, value)
        if entry["op_code"] == STATE:
            name = names[entry["trial_id"]]
            # A loss that is no number is not told: such a trial fails, and others by what was told last.
            fresh.close(name, decided.get(name) or TrialState.FAIL)
    return fresh


def decisions(arm: ArmJournal) -> dict[str, tuple[TrialState, dict[int, float]]]:
    """State and values of each trial of an arm."""
    frozen = {name: arm.frozen(number) for name, number in arm.numbers.items()}
    return {name: (trial.state, trial.intermediate_values) for name, trial in frozen.items()}
