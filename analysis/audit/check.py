"""What a check of results says."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.text import minus

Outcome = Literal["pass", "fail", "not applicable"]


@dataclass(frozen=True)
class Check:
    """One check: its outcome, the figure it rests on, and a sentence that says what was counted.

    Of the same shape as those that a run's study.json has of the data and the design. The figure is in
    `unit`, and passes where it is within the `limit`: "at most 2".
    """

    id: str
    name: str
    outcome: Outcome
    figure: float
    explanation: str
    unit: str = ""
    limit: str = ""


def passed(good: bool) -> Outcome:
    return "pass" if good else "fail"


def not_applicable(id: str, name: str, why: str) -> Check:
    return Check(id, name, "not applicable", 0.0, why)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(value: float) -> str:
    return minus(f"{value:.1f} points")


def highest(means: "pd.Series[float]") -> tuple[float, str]:
    """The largest mean, and in words the arm and the protocol (the two levels of the index) that it is of."""
    arm, protocol = means.index[int(means.to_numpy().argmax())]
    return float(means.max()), f"{arm}, {protocol.replace('_', ' ')}"
