"""Collapsed seeds: repetitions that end at chance, or far below the others of their arm.

Where one seed in ten ends 15 points low, intervals of nominal 95 % cover .87 to .90, and all misses are on one side. So
a comparison of means in which seeds collapsed must give the same word without them.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims import Claim
from analysis.confirmed import Cells, Confirmed, Repetitions
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
    arms = [str(arm) for arm in data.rows["arm"].unique()]
    ends = {arm: repetition_ends(data, arm) for arm in arms if data.items(arm)["prediction"].notna().any()}
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
    items = data.items(arm)
    counts = items.groupby(["repetition", "label"], observed=True).size()
    by_repetition = counts.groupby(level="repetition")
    return 100 * by_repetition.max() / by_repetition.sum()


def counted(claim: Claim, data: Confirmed, fell: Repetitions) -> list[str]:
    """Of each arm of a claim with collapsed seeds, which `fell`: "2 of 8 seeds of A collapsed"; of many, all together.

    The table of arms has each. Nothing for a claim on what does not depend on what was learned.
    """
    if METRICS[claim.metric].epochs == "any":
        return []
    arms = [arm for arm in claim.arms if arm in fell]
    lost, of = ([len(each[arm]) for arm in arms] for each in (fell, data.done))
    if len(arms) > MOST_NAMED:
        return [f"{sum(lost)} of {sum(of)} seeds of {len(arms)} arms collapsed"]
    return [f"{few} of {many} seeds of {arm} collapsed" for arm, few, many in zip(arms, lost, of, strict=True)]


def agree(claim: Claim, data: Confirmed, fell: Repetitions) -> bool:
    """Whether a claim is of one arm alone of which most seeds, and so its median, collapsed: that is where it ends."""
    lost, of = (sum(len(each.get(arm, ())) for arm in claim.arms) for each in (fell, data.done))
    return len(claim.arms) == 1 and 2 * lost > of


def barriers(claim: Claim, fell: Sequence[str], word: Word, spared: Word, agreed: bool) -> list[str]:
    """Why a claim may not be judged with the seeds that `fell`: its word is another without them, `spared`.

    Where no seed of an arm is left, nothing can be compared with it. A claim whose seeds `agreed` to fall stands.
    """
    if not claim.of_means or spared == word or agreed:
        return []
    left = "no pair is left without them" if spared == "not run" else f"without them the verdict would be '{spared}'"
    return [f"{', '.join(fell)}, and {left}"]
