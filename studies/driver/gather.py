"""Gather the trials of a run into the tables that analysis reads."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from optuna.trial import TrialState

from analysis.protocols import HEADLINE
from analysis.runs import (
    EPOCH_COLUMNS,
    EXCERPT_COLUMNS,
    EXCERPTS,
    MEASURES,
    PREDICTION_COLUMNS,
    SOUNDS,
    STEP_COLUMNS,
    STEPS,
    TRIAL_COLUMNS,
)
from studies.adoption import FAILED
from studies.driver.choosing import Choose
from studies.driver.journal import Explore
from studies.driver.ledger import Evaluation, read_evaluation, record
from studies.tasks import Confirm, Role, read_json
from trainables.errors import UserError
from trainables.storage import files
from trainables.trainings.dcgan import STEPS as OF_STEPS
from trainables.trainings.sounds import SOUNDS as OF_SOUNDS
from trainables.trial import (
    COVARIATES,
    EXCERPT_ANSWERS,
    PREDICTIONS,
    configured,
    description,
    evaluation,
    intact,
    records,
)

STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "stopped",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "unfinished",
}
TYPES = {
    **dict.fromkeys(TRIAL_COLUMNS, "str"),
    **dict.fromkeys(("repetition", "fold", "epochs", "parameters"), "int64"),
    **dict.fromkeys(MEASURES, "float64"),
    **dict.fromkeys(("train_accuracy", "validation_accuracy", "test_accuracy", "seconds", "cpu_seconds"), "float64"),
}
EPOCH_TYPES = {**dict.fromkeys(EPOCH_COLUMNS, "float64"), "trial": "str", "epoch": "int64"}
PREDICTION_TYPES = {
    **dict.fromkeys(PREDICTION_COLUMNS, pa.large_string()),
    "confidence": pa.float64(),
    # Of a run without predictions.
    "logits": pa.null(),
}


def gather(directory: Path, explore: Explore) -> None:
    """Write trials.parquet, epochs.parquet and predictions.parquet from the journal and the trials' directories.

    And excerpts.parquet, of the trials that were tested on published excerpts, steps.parquet, of those that trained a
    generator, and sounds.json, of those that made sounds, if any did. Evaluations since the last call are added to the
    ledger. Each file of predictions is read once.
    """
    choose, plan = (roles_in(directory / f"{phase.phase}.json") for phase in (Choose, Confirm))
    confirmed = list(dict.fromkeys(role["trial"] for role in plan))
    others = [*(name for arm in explore.arms.values() for name in arm.numbers), *(role["trial"] for role in choose)]
    names = list(dict.fromkeys([*others, *confirmed]))
    folders = {name: directory / "trials" / name for name in names}
    evaluations = {name: found for name, folder in folders.items() if (found := read_evaluation(folder))}
    roles = [
        *explore_roles(explore),
        *choose_roles(folders, choose),
        *confirm_roles(directory, plan, evaluations),
    ]
    record(directory, roles, evaluations)
    rows = [row(folders[role["trial"]], role, evaluations.get(role["trial"])) for role in roles]
    write(directory / "trials.parquet", pd.DataFrame(rows, columns=[*TRIAL_COLUMNS, *MEASURES]).astype(TYPES))
    write(directory / "epochs.parquet", epoch_table({name: records(folder) for name, folder in folders.items()}))
    tables = {n: with_covariates(folders[n], evaluations[n].table) for n in confirmed if n in evaluations}
    files.replace(directory / "predictions.parquet", as_parquet(predictions(directory, tables)))
    if answered := [table for name in tables if (table := excerpts(name, folders[name])) is not None]:
        files.replace(directory / EXCERPTS, as_parquet(pa.concat_tables(answered)))
    if taken := [table for name in tables if (table := steps(name, folders[name])) is not None]:
        write(directory / STEPS, pd.concat(taken, ignore_index=True))
    if made := sounds({role["trial"]: role["arm"] for role in plan if role["trial"] in tables}, folders):
        # On one line: indented, every number would have a line of its own.
        files.replace(directory / SOUNDS, json.dumps(made, separators=(",", ":")).encode())


def epoch_table(histories: Mapping[str, list[dict[str, float]]]) -> pd.DataFrame:
    """One row per trial and epoch; columns that only some trainings record come last and are NaN for the others."""
    table = pd.DataFrame([{"trial": trial, **record} for trial, history in histories.items() for record in history])
    further = [str(column) for column in table if column not in EPOCH_COLUMNS]
    types = EPOCH_TYPES | dict.fromkeys(further, "float64")
    return table.reindex(columns=[*EPOCH_COLUMNS, *further]).astype(types)


def write(path: Path, table: pd.DataFrame) -> None:
    """Write a table whole or not at all."""
    files.replace(path, table.to_parquet(index=False, write_page_checksum=True))


def explore_roles(explore: Explore) -> Iterator[dict[str, Any]]:
    """What each explore trial is for, and how it ended."""
    for name, arm in explore.arms.items():
        for trial, number in arm.numbers.items():
            role = Role(trial, name, "explored", HEADLINE.name, number, 0)
            frozen = arm.frozen(number)
            reported = max(frozen.intermediate_values, default=0)
            yield {**vars(role), "phase": "explore", "state": STATES[frozen.state], "reported": reported}


def roles_in(path: Path) -> list[dict[str, Any]]:
    """The roles of a phase's trials; none before it is planned."""
    return list(read_json(path)) if path.exists() else []


def choose_roles(folders: Mapping[str, Path], plan: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What each trial of a finalist is for, and how it ended."""
    for role in plan:
        folder = folders[role["trial"]]
        failed, whole = (folder / FAILED).exists(), len(records(folder)) >= configured(folder).get("epochs", math.inf)
        state = "failed" if failed else "complete" if whole else "unfinished"
        yield {**role, "phase": Choose.phase, "state": state, "reported": None}


def confirm_roles(
    directory: Path, plan: Iterable[dict[str, Any]], evaluations: Mapping[str, Evaluation]
) -> Iterator[dict[str, Any]]:
    """What each confirm trial is for, and how it ended."""
    for role in plan:
        failed = (directory / "trials" / role["trial"] / FAILED).exists()
        state = "failed" if failed else "complete" if role["trial"] in evaluations else "unfinished"
        yield {**role, "phase": "confirm", "state": state, "reported": None}


def row(directory: Path, role: dict[str, Any], evaluation: Evaluation | None) -> dict[str, Any]:
    history = records(directory)[: role["reported"]]
    last = history[-1] if history else {}
    about = description(directory)
    return {
        **role,
        # A damaged trial is trained again when the run is resumed.
        "state": role["state"] if intact(directory, role["reported"] or 0) else "unfinished",
        "epochs": len(history),
        "parameters": about.get("parameters", 0),
        "device": about.get("device", ""),
        "train_accuracy": last.get("train_accuracy"),
        "validation_accuracy": last.get("validation_accuracy"),
        "test_accuracy": evaluation.accuracy if evaluation and role["phase"] == "confirm" else None,
        "seconds": sum(record["seconds"] for record in history),
        "cpu_seconds": sum(record["cpu_seconds"] for record in history),
        "settings": json.dumps(configured(directory)),
        **measured(directory),
    }


def measured(directory: Path) -> dict[str, Any]:
    """The `MEASURES` of a trial; None for what was not measured, as by an older version."""
    evaluated = evaluation(directory)
    # An older version timed the front end when it began.
    found = {**description(directory), **evaluated}
    return {name: found.get(name) for name in MEASURES} | {"train_accuracy_evaluated": evaluated.get("train_accuracy")}


def predictions(directory: Path, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The predictions of all confirm trials that have any; columns that only some have come last, null for the others.

    Raises UserError if a column has different types in different trials.
    """
    named = [
        uniform(table).append_column("trial", pa.array([trial] * len(table), pa.large_string()))
        for trial, table in tables.items()
    ]
    try:
        table = pa.concat_tables(named or [pa.schema(PREDICTION_TYPES).empty_table()], promote_options="default")
    except (ValueError, TypeError) as error:
        raise UserError(
            f"The predictions below {directory / 'trials'} do not belong together ({error}): delete the "
            f"{PREDICTIONS} that was changed, and run the same command again."
        ) from error
    return table.select([*PREDICTION_COLUMNS, *(name for name in table.column_names if name not in PREDICTION_COLUMNS)])


def with_covariates(directory: Path, table: pa.Table) -> pa.Table:
    """A trial's predictions with what is known of each item beside them, if that was written, and of the same rows.

    An older version wrote none, and a GAN's predictions also have rows of what it generates.
    """
    try:
        found = pq.read_table(directory / COVARIATES)
    except (OSError, ValueError):
        return table
    for name in found.column_names if len(found) == len(table) else ():
        table = table.append_column(name, found[name])
    return table


def excerpts(trial: str, directory: Path) -> pa.Table | None:
    """What a trial says of published test excerpts; None if it was not tested on any, or by an older version.

    Raises UserError for a file that is damaged.
    """
    path = directory / EXCERPT_ANSWERS
    if not path.exists():
        return None
    try:
        table = uniform(pq.read_table(path, page_checksum_verification=True))
        named = table.append_column("trial", pa.array([trial] * len(table), pa.large_string()))
        return named.select(list(EXCERPT_COLUMNS))
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"{path} is damaged ({error}): delete it and the {PREDICTIONS} beside it, and run the same command again."
        ) from error


def steps(trial: str, directory: Path) -> pd.DataFrame | None:
    """The losses and accuracies of every step of a trial, in order; None if it trained no generator.

    Raises UserError for a file that is damaged.
    """
    path = directory / OF_STEPS
    if not path.exists():
        return None
    try:
        return pd.read_parquet(path).assign(trial=trial)[list(STEP_COLUMNS)]
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"{path} is damaged ({error}): delete the folder {directory}, and run the same command again."
        ) from error


def sounds(arms: Mapping[str, str], folders: Mapping[str, Path]) -> list[dict[str, Any]]:
    """What is known of the sounds of the first trial of each arm that has any; `arms` are those of trials, in order."""
    firsts: dict[str, str] = {}
    for trial, arm in arms.items():
        if (folders[trial] / OF_SOUNDS).exists():
            firsts.setdefault(arm, trial)
    return [
        {**each, "arm": arm, "trial": trial, "file": f"trials/{trial}/{each['file']}"}
        for arm, trial in firsts.items()
        for each in read_json(folders[trial] / OF_SOUNDS)
    ]


def uniform(table: pa.Table) -> pa.Table:
    """The table with one type for all texts and without metadata."""
    texts = [field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field for field in table.schema]
    return table.cast(pa.schema(texts))


def as_parquet(table: pa.Table) -> bytes:
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, write_page_checksum=True)
    return buffer.getvalue().to_pybytes()
