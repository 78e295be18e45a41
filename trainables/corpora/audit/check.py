"""What a check says, and what several checks have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from trainables.corpora.splits import Split

Outcome = Literal["pass", "fail", "not applicable"]
ORDER: tuple[Outcome, ...] = ("not applicable", "pass", "fail")


@dataclass(frozen=True)
class Check:
    """One check: its outcome, the figure it rests on, and a sentence that says what was counted.

    Of a split, the larger the figure the worse. The figure is in `unit`, and passes where
    it is within the `limit`: "at most 2".
    """

    id: str
    name: str
    outcome: Outcome
    figure: float
    explanation: str
    unit: str = ""
    limit: str = ""


Audit = Callable[[pd.DataFrame, Split], Check]
"""A check of a table of clips and a split of it."""


def passed(good: bool) -> Outcome:
    return "pass" if good else "fail"


def not_applicable(id: str, name: str, why: str) -> Check:
    return Check(id, name, "not applicable", 0.0, why)


def worst(checks: Sequence[Check], several: str = "folds") -> Check:
    """The gravest of one check over several folds: a failed one, and of those the one with the largest figure."""
    found = max(checks, key=lambda check: (ORDER.index(check.outcome), check.figure))
    if len(checks) == 1 or found.outcome == "not applicable":
        return found
    return replace(found, explanation=f"{found.explanation} The worst of {len(checks)} {several}.")


def share_known(values: pd.Series, split: Split) -> float:
    """The share, 0..1, of test rows whose value occurs in the training part; 0 without test rows."""
    return share(values.iloc[split.test].isin(values.iloc[split.train]))


def share(mask: "pd.Series[bool] | np.ndarray") -> float:
    """The share, 0..1, of true values; 0 of none."""
    return float(np.mean(mask)) if len(mask) else 0.0


def noun(clips: pd.DataFrame) -> str:
    """What the rows of a table are: clips, or segments where clips stand in it more than once."""
    return "segments" if "clip" in clips and clips["clip"].duplicated().any() else "clips"


def evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """At most `most` of the rows, evenly spaced."""
    return rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64)] if len(rows) else rows
