"""Collapsed seeds: repetitions that end at chance, or far below the others of their arm.

Where one seed in ten ends 15 points low, intervals of nominal 95 % cover .87 to .90, and all misses are on one side. So
a comparison of means in which seeds collapsed must give the same word without them.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims import Claim
from analysis.confirmed import Cells, Confirmed
from analysis.metrics import METRICS
from analysis.statistics import two_way
from analysis.verdicts.verdict import Word

NEAR_CHANCE = 2.0
"""Standard errors above chance within which a repetition is at chance."""
FAR_BELOW = 6.0
"""Median absolute deviations below the median beyond which a repetition is collapsed."""
MOST_NAMED = 3
"""Arms with collapsed seeds that are named one by one."""


def collapsed(data: Confirmed) -> pd.DataFrame:
    """The rows of the trial table, of these confirmed trials, whose repetition is `fallen`."""
    ends = {arm: repetition_ends(data, arm) for arm, answers in data.answers.items() if len(answers)}
    fell = {(arm, repetition) for arm, end in ends.items() for repetition in end.index[fallen(end)]}
    places = zip(data.rows["arm"], data.rows["repetition"], strict=True)
    return data.rows[np.array([place in fell for place in places], dtype=bool)]


def fallen(ends: pd.DataFrame) -> "pd.Series[bool]":
    """Which repetitions of one arm collapsed, from their `accuracy`, its standard `error` and `chance` (points).

    Collapsed is what ends less than two standard errors above chance, or further below the median than six median
    absolute deviations. Where most repetitions end alike, that deviation is next to 0: two standard errors are the
    least distance that counts.
    """
    below = ends["accuracy"].median() - ends["accuracy"]
    deviation = below.abs().median()
    return (ends["accuracy"] - NEAR_CHANCE * ends["error"] <= ends["chance"]) | (
        below > np.maximum(FAR_BELOW * deviation, NEAR_CHANCE * ends["error"])
    )


def repetition_ends(data: Confirmed, arm: str) -> pd.DataFrame:
    """Test accuracy of each repetition, its standard error over groups (or items), and chance, all in points."""
    cells = data.cells((arm,))
    found = [end(cells, arm, row) for row in range(cells.n)]
    ends = pd.DataFrame(found, columns=["accuracy", "error"], index=pd.Index(cells.repetitions, name="repetition"))
    return ends.assign(chance=chance(data, arm).reindex(ends.index))


def end(cells: Cells, arm: str, row: int) -> tuple[float, float]:
    """Accuracy and standard error of one repetition; the error is over items where no two groups differ."""
    # Where the test part rotates, a repetition tests some of the groups.
    tested = cells.weights[row] > 0
    values, weights = cells.values[arm][[row]][:, tested], cells.weights[[row]][:, tested]
    interval, items = two_way(values, weights), float(weights.sum())
    binomial = math.sqrt(interval.effect * (100 - interval.effect) / items)
    return interval.effect, interval.error or binomial


def chance(data: Confirmed, arm: str) -> "pd.Series[float]":
    """Share of the largest class among the test items of each repetition, in points.

    That is what a network scores that always names this class: more than 1 / classes, and what collapsed networks do.
    """
    rows, tested = data.rows.loc[data.rows["arm"] == arm], data.run.predictions_of
    found = {
        repetition: largest([tested[trial]["label"] for trial in trials if trial in tested])
        for repetition, trials in rows.groupby("repetition")["trial"]
    }
    return 100 * pd.Series(found, dtype=float)


def largest(labels: "Sequence[pd.Series[str]]") -> float:
    """The share of the most frequent label; NaN without any."""
    counts = np.unique(pd.concat(labels).dropna().to_numpy(str), return_counts=True)[1] if labels else np.zeros(0)
    return float(counts.max() / counts.sum()) if len(counts) else math.nan


def counted(claim: Claim, data: Confirmed, lost: pd.DataFrame) -> list[str]:
    """Of each arm of a claim with collapsed seeds, `lost`: "2 of 8 seeds of A collapsed"; of many, all together.

    The table of arms has each. Nothing for a claim on what does not depend on what was learned.
    """
    if METRICS[claim.metric].epochs == "any":
        return []
    fell, of = (rows.groupby("arm")["repetition"].nunique() for rows in (lost, data.rows))
    arms = [arm for arm in claim.arms if arm in fell]
    if len(arms) > MOST_NAMED:
        return [f"{fell[arms].sum()} of {of[arms].sum()} seeds of {len(arms)} arms collapsed"]
    return [f"{fell[arm]} of {of[arm]} seeds of {arm} collapsed" for arm in arms]


def agree(claim: Claim, data: Confirmed, lost: pd.DataFrame) -> bool:
    """Whether a claim is of one arm alone of which most seeds, and so its median, collapsed: that is where it ends."""
    fell, of = (rows.loc[rows["arm"].isin(claim.arms), "repetition"].nunique() for rows in (lost, data.rows))
    return len(claim.arms) == 1 and 2 * fell > of


def barriers(claim: Claim, fell: Sequence[str], word: Word, spared: Word, agreed: bool) -> list[str]:
    """Why a claim may not be judged with the seeds that `fell`: its word is another without them, `spared`.

    Where no seed of an arm is left, nothing can be compared with it. A claim whose seeds `agreed` to fall stands.
    """
    if not claim.of_means or spared == word or agreed:
        return []
    left = "no pair is left without them" if spared == "not run" else f"without them the verdict would be '{spared}'"
    return [f"{', '.join(fell)}, and {left}"]
