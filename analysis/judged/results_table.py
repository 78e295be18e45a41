"""A table of results: its columns, and how it is read and checked before anything is judged by it.

Without a column `epoch`, or where that is empty, a row is an answer: of an arm and seed to a test item, or its only
score. Where `epoch` is a number, the row is of the training after that epoch.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import RunError, unknown
from analysis.metrics.given import VALUES
from analysis.protocols import PUBLISHED, judging
from analysis.runs import EPOCH_COLUMNS

WHO = ("arm", "seed", "protocol")
ITEM = ("item", "group", "label", "prediction")
TRUE, FALSE = frozenset(("1", "1.0", "true")), frozenset(("0", "0.0", "false"))
OF_EPOCHS = EPOCH_COLUMNS[1:]


def read_results(path: Path) -> pd.DataFrame:
    """The table in a CSV file, all of its cells as text; raises RunError for a file that is none."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise RunError(f"There is no file {path}: give the path of a CSV file of results.") from None
    except (OSError, ValueError) as error:
        # pandas' errors of a damaged file are ValueErrors, some of them over several lines.
        raise RunError(f"{path} cannot be read as CSV ({' '.join(str(error).split())}).") from None


def checked(results: pd.DataFrame, covariates: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers and the epochs of a table, as numbers and text; `covariates` are properties of items that it has.

    Answers have `arm`, `seed`, `protocol`, `item`, `group`, `label`, `prediction`, one of `VALUES`, and the covariates;
    what the table lacks is filled: an item without a group is a group of its own, and a row without an item is all that
    is known of its run. Epochs have `arm`, `seed`, `protocol` and `OF_EPOCHS`. Raises RunError for a table that lacks
    a column or a cell, has another column, says something that cannot be, or says something twice.
    """
    value = value_of(results.columns)
    known = [*WHO, *ITEM, *VALUES, *OF_EPOCHS, *covariates]
    if others := [str(name) for name in results if name not in known]:
        raise unknown("column", others[0], known)
    table = as_text(results)
    for name in ("arm", "seed"):
        require(table, name)
    table = table.assign(seed=whole(table, "seed"), protocol=protocols(table))
    trained = table["epoch"].ne("") if "epoch" in table else pd.Series(False, index=table.index)
    return answers(table[~trained], value, covariates), epochs(table[trained])


def value_of(columns: "pd.Index[str]") -> str:
    """The column that says how good an answer is; raises RunError unless there is one, and what it needs."""
    for name in ("arm", "seed"):
        if name not in columns:
            raise RunError(f"The results have no column '{name}': each row needs an arm, a seed and a value.")
    found = [name for name in VALUES if name in columns]
    if len(found) != 1:
        there = f"both '{found[0]}' and '{found[1]}'" if found else "no value"
        raise RunError(f"The results have {there}: give one column of {', '.join(VALUES)}.")
    if found == ["prediction"] and "label" not in columns:
        raise RunError("The results have predictions without the column 'label', which says what is right.")
    return found[0]


def as_text(results: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text without spaces around it, "" where nothing is known; raises RunError for a table of no row."""
    if results.empty:
        raise RunError("The results have no row.")
    text = {str(name): results[name].astype("string").fillna("").str.strip() for name in results}
    return pd.DataFrame(text).astype("str").reset_index(drop=True)


def answers(table: pd.DataFrame, value: str, covariates: Sequence[str]) -> pd.DataFrame:
    """The answers, with what is not in the table filled."""
    if table.empty:
        raise RunError("The results have no row without an epoch: add what each arm and seed reached in the end.")
    filled = table.reindex(columns=[*WHO, *ITEM])
    items = "item" in table or "group" in table
    if "item" not in table:
        filled["item"] = filled["group"] if items else ""
    if "group" not in table:
        filled["group"] = filled["item"]
    for name in ("item", "group") if items else ():
        require(filled, name)
    filled = filled.assign(**{name: numbers(table, name) for name in covariates}, **{value: values(table, value)})
    once(filled, [*WHO, "item"])
    return filled


def values(table: pd.DataFrame, value: str) -> pd.Series:
    """How good each answer is."""
    require(table, value)
    if value == "prediction":
        require(table, "label")
        return table[value]
    return truths(table, value) if value == "right" else numbers(table, value)


def epochs(table: pd.DataFrame) -> pd.DataFrame:
    """The epochs, with NaN for what the table lacks."""
    named = [name for name in OF_EPOCHS if name in table]
    found = table.reindex(columns=[*WHO, *OF_EPOCHS])
    found = found.assign(**dict.fromkeys(OF_EPOCHS, np.nan))
    found = found.assign(**{name: numbers(table, name, empty=True) for name in named})
    for name in OF_EPOCHS:
        refuse(name.endswith("accuracy") & ~found[name].fillna(0).between(0, 1), f"no share of 0 to 1 as '{name}'")
    found["epoch"] = whole(table, "epoch") if len(found) else found["epoch"]
    once(found, [*WHO, "epoch"])
    return found


def require(table: pd.DataFrame, name: str) -> None:
    refuse(table[name].eq(""), f"nothing in the column '{name}'")


def refuse(wrong: "pd.Series[bool]", what: str) -> None:
    """Raise RunError for the first row of which something is wrong; the row of the heads is not counted."""
    if wrong.any():
        raise RunError(f"Row {int(wrong.index[wrong.to_numpy()][0]) + 1} of the results has {what}.")


def numbers(table: pd.DataFrame, name: str, empty: bool = False) -> "pd.Series[float]":
    """A column as finite numbers; NaN for what is empty, where it may be."""
    found = pd.to_numeric(table[name], errors="coerce").astype("float64")
    allowed = table[name].eq("") & empty
    refuse(~found.abs().lt(np.inf) & ~allowed, f"no number in the column '{name}'")
    return found


def whole(table: pd.DataFrame, name: str) -> "pd.Series[int]":
    found = pd.to_numeric(table[name], errors="coerce")
    refuse(~found.abs().lt(np.inf) | found.mod(1).ne(0) | found.lt(0), f"no whole number from 0 in the column '{name}'")
    return found.astype("int64")


def truths(table: pd.DataFrame, name: str) -> "pd.Series[bool]":
    text = table[name].str.lower()
    refuse(~text.isin(TRUE | FALSE), f"neither 1 nor 0, true nor false, in the column '{name}'")
    return text.isin(TRUE)


def protocols(table: pd.DataFrame) -> "pd.Series[str] | str":
    """The protocol of each row; that of the results' own authors where the table names none."""
    if "protocol" not in table:
        return PUBLISHED.name
    known = [protocol.name for protocol in judging()]
    for name in table["protocol"].unique():
        if name not in known:
            raise unknown("protocol", str(name), known)
    return table["protocol"]


def once(table: pd.DataFrame, key: Sequence[str]) -> None:
    columns = ", ".join(key)
    refuse(table.duplicated(list(key)), f"the same {columns} as a row before it: each may stand once")
