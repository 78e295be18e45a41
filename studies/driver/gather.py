"""Gather a run's trials into the tables that analysis reads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from optuna.trial import TrialState

from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS, TRIAL_COLUMNS
from studies.driver.journal import Explore
from studies.driver.ledger import record
from studies.tasks import CONFIRM, FAILED, Role, read_json
from trainables.errors import UserError
from trainables.storage import files
from trainables.trial import PREDICTIONS, configured, description, has_predictions, intact, records

STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "stopped",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "unfinished",
}
TYPES = {
    **dict.fromkeys(TRIAL_COLUMNS, "str"),
    **dict.fromkeys(("repetition", "fold", "epochs", "parameters"), "int64"),
    **dict.fromkeys(("train_accuracy", "validation_accuracy", "test_accuracy", "seconds", "cpu_seconds"), "float64"),
}
EPOCH_TYPES = {**dict.fromkeys(EPOCH_COLUMNS, "float64"), "trial": "str", "epoch": "int64"}
PREDICTION_TYPES = {**dict.fromkeys(PREDICTION_COLUMNS, "str"), "confidence": "float64", "logits": "object"}


def gather(directory: Path, explore: Explore) -> None:
    """Write trials.parquet, epochs.parquet and predictions.parquet from the journal and the trials' directories.

    What has been tested since the last time is added to the ledger.
    """
    roles = [*explore_roles(explore), *confirm_roles(directory)]
    rows = [row(directory / "trials" / role["trial"], role) for role in roles]
    trials = pd.DataFrame(rows, columns=list(TRIAL_COLUMNS)).astype(TYPES)
    record(directory, roles)
    names = list(dict.fromkeys(trials["trial"]))
    confirmed = list(dict.fromkeys(trials["trial"][trials["phase"] == "confirm"]))
    epochs = {name: records(directory / "trials" / name) for name in names}
    write(directory / "trials.parquet", trials)
    write(directory / "epochs.parquet", epoch_table(epochs))
    files.replace(directory / "predictions.parquet", as_parquet(predictions(directory, confirmed)))


def epoch_table(histories: Mapping[str, list[dict[str, float]]]) -> pd.DataFrame:
    """One row per trial and epoch; what only some trainings record follows the columns of all, NaN for the others."""
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
            role = Role(trial, name, "explored", "corrected", number, 0)
            frozen = arm.frozen(number)
            heard = max(frozen.intermediate_values, default=0)
            yield {**vars(role), "phase": "explore", "state": STATES[frozen.state], "heard": heard}


def confirm_roles(directory: Path) -> Iterator[dict[str, Any]]:
    """What each confirm trial is for, and how it ended."""
    plan = read_json(directory / CONFIRM) if (directory / CONFIRM).exists() else []
    for role in plan:
        trial = directory / "trials" / role["trial"]
        failed, complete = (trial / FAILED).exists(), has_predictions(trial)
        state = "failed" if failed else "complete" if complete else "unfinished"
        yield {**role, "phase": "confirm", "state": state, "heard": None}


def row(directory: Path, role: dict[str, Any]) -> dict[str, Any]:
    """One row of trials.parquet."""
    history = records(directory)[: role["heard"]]
    last = history[-1] if history else {}
    about = description(directory)
    return {
        **role,
        # What is damaged is made again when the run goes on.
        "state": role["state"] if intact(directory, role["heard"] or 0) else "unfinished",
        "epochs": len(history),
        "parameters": about.get("parameters", 0),
        "device": about.get("device", ""),
        "train_accuracy": last.get("train_accuracy"),
        "validation_accuracy": last.get("validation_accuracy"),
        "test_accuracy": accuracy(directory) if role["phase"] == "confirm" else None,
        "seconds": sum(record["seconds"] for record in history),
        "cpu_seconds": sum(record["cpu_seconds"] for record in history),
        "settings": json.dumps(configured(directory)),
    }


def accuracy(directory: Path) -> float | None:
    """Share of correct test items, or None before the test."""
    if not has_predictions(directory):
        return None
    table = tested(directory, ["label", "prediction"])
    return float((table["label"] == table["prediction"]).mean())


def tested(directory: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """The predictions of a trial, or these columns of them; raises UserError where they are damaged."""
    path = directory / PREDICTIONS
    try:
        return pd.read_parquet(path, columns=columns, page_checksum_verification=True)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}): delete it and run the same command again.") from error


def predictions(directory: Path, names: Iterable[str]) -> pa.Table:
    """The predictions of all confirm trials that have any; what only some have follows the columns of all."""
    folders = {name: directory / "trials" / name for name in names}
    tables = [arrow(tested(folder).assign(trial=name)) for name, folder in folders.items() if has_predictions(folder)]
    none = pd.DataFrame(columns=list(PREDICTION_COLUMNS)).astype(PREDICTION_TYPES)
    try:
        table = pa.concat_tables(tables, promote_options="default") if tables else arrow(none)
    except (ValueError, TypeError) as error:
        raise UserError(
            f"The predictions below {directory / 'trials'} do not belong together ({error}): delete the "
            f"{PREDICTIONS} that was changed, and run the same command again."
        ) from error
    return table.select([*PREDICTION_COLUMNS, *(name for name in table.column_names if name not in PREDICTION_COLUMNS)])


def arrow(table: pd.DataFrame) -> pa.Table:
    """A table in a quarter of the memory, where lists of logits are no Python objects."""
    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)


def as_parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a parquet file."""
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, write_page_checksum=True)
    return buffer.getvalue().to_pybytes()
