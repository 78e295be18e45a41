"""Whether the networks of a claim had stopped learning: the gate of a verdict on what they learned.

It looks at validation curves alone, never at what a claim compares, so that it may also say whether epochs must grow.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.claims import Claim, load
from analysis.claims.claim import Unmeasured
from analysis.confirmed import Confirmed
from analysis.looks import Open
from analysis.metrics import METRICS
from analysis.runs import Run
from analysis.statistics import Estimate
from analysis.text import known, signed, span

CURVES = {"points": ("validation_accuracy", 100.0), "nats": ("validation_loss", 1.0)}
"""By the unit of a margin the validation curve that it can be held against, and the factor to that unit."""
PARTS, FEWEST = 5, 2
"""Of the epochs the last fifth is compared with the one before: of two, each with the other."""


@dataclass(frozen=True)
class Change:
    """By how much the mean validation curve of an arm changed from the last fifth but one of its epochs to the last.

    `size` is its mean over repetitions; `last` of the `epochs` are in the last fifth.
    """

    size: Estimate
    unit: str
    last: int
    epochs: int

    def within(self, tolerance: float) -> bool:
        """Whether its 95 % interval lies within this distance of no change; False where there is no interval."""
        return -tolerance < self.size.low and self.size.high < tolerance

    @property
    def in_words(self) -> str:
        """What can be said of learning: "is still learning: +1.2 points [+0.7, +1.7] in the last 20 of 100 epochs"."""
        low, high = self.size.limits()
        if self.epochs < FEWEST:
            return f"may still be learning: {FEWEST} epochs or more show a change, and it has {self.epochs}"
        if not (known(low) and known(high)):
            return f"may still be learning: {self.epochs} epochs of {self.size.n} repetitions show no change"
        still = "is still" if low > 0 or high < 0 else "may still be"
        moved = f"{signed(self.size.effect)} {self.unit} {span(low, high)}"
        return f"{still} learning: {moved} in the last {self.last} of {self.epochs} epochs"


def still_learning(data: Confirmed, arms: Sequence[str], margin: float, unit: str = "points") -> dict[str, Change]:
    """The arms that are not shown to have stopped learning, each with its change.

    An arm has stopped where its mean validation curve (accuracy for a margin in points, loss for one in nats) changes
    by less than half the margin, with the whole 95 % interval over repetitions: a curve that only happens to end where
    it was a fifth earlier has not. It takes confirmed trials with their epochs, and no predictions. An arm without a
    complete trial, as where all of them failed, learns nothing and has no change.
    """
    found = {arm: change(data, arm, unit) for arm in arms if arm in data.done}
    return {arm: each for arm, each in found.items() if not each.within(margin / 2)}


def change(data: Confirmed, arm: str, unit: str) -> Change:
    """The change of one arm, in the unit of the margin; NaN where there are less than two epochs."""
    column, factor = CURVES[unit]
    rows = data.rows[data.rows["arm"] == arm]
    curves = [factor * data.run.epochs_of[trial][column] for trial in rows["trial"] if trial in data.run.epochs_of]
    epochs = min(map(len, curves), default=0)
    last = max(1, epochs // PARTS)
    found = [curve[-last:].mean() - curve[-2 * last : -last].mean() for curve in curves]
    moved = np.array([each for each in found if np.isfinite(each)])
    n = len(moved)
    size, error = moved.sum() / n if n else math.nan, moved.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan
    return Change(Estimate(float(size), float(error), n - 1, n, 0), unit, last, epochs)


def barriers(claim: Claim, data: Confirmed) -> list[str]:
    """Why a claim may not be judged by these epochs; nothing where it may.

    What is learned is judged by the printed epochs, or by fewer if all arms of the claim have stopped learning. Levels
    and courses over epochs, and margins that no validation curve can be held against, need the printed epochs.
    """
    lacking = epochs_lacking(claim, data.run)
    return lacking or [f"{arm} {change.in_words}" for arm, change in changing(claim, data).items()]


def badges(claim: Claim, data: Confirmed) -> list[str]:
    """What a reader must know beside a word that is barred because networks still learn, or are not shown not to."""
    return ["still learning"] if changing(claim, data) else []


def changing(claim: Claim, data: Confirmed) -> dict[str, Change]:
    """The arms of a claim that bar it by fewer epochs than printed, each with its change."""
    about_epochs = METRICS[claim.metric].epochs != "any" and data.run.reduced_budget
    if not about_epochs or epochs_lacking(claim, data.run):
        return {}
    return still_learning(data, claim.arms, claim.margin, claim.unit)


def epochs_lacking(claim: Claim, run: Run) -> list[str]:
    """That a claim needs the printed epochs, where it has fewer; nothing where curves may say that fewer are enough."""
    spent, printed = run.budget
    needed = of_a_course(claim) or not has_curve(claim) or spent < FEWEST
    if METRICS[claim.metric].epochs == "any" or not (run.reduced_budget and needed):
        return []
    return [f"it needs the {printed} printed epochs and has {spent}"]


def of_a_course(claim: Claim) -> bool:
    """Whether a claim is of a level or of a course over epochs: of what depends on the number of epochs by itself."""
    return claim.needs_printed_epochs or METRICS[claim.metric].epochs == "printed"


def has_curve(claim: Claim) -> bool:
    """Whether the margin of a claim can be held against a validation curve.

    Of a claim whose rule uses no margin that is the default one, which is in points.
    """
    if claim.ratio or isinstance(claim, Unmeasured):
        return False
    return claim.unit == "points" or (claim.unit in CURVES and claim.judged_margin is not None)


def about_learning(claims: Iterable[Claim]) -> list[Claim]:
    """Of some claims those about what networks have learned by their last epoch."""
    return [claim for claim in claims if claim.arms and METRICS[claim.metric].epochs != "any"]


def judged_by_curves(claims: Iterable[Claim]) -> bool:
    """Whether there are claims about what is learned, and curves can say of all of these that epochs are enough."""
    found = about_learning(claims)
    return bool(found) and not any(map(of_a_course, found)) and all(map(has_curve, found))


def moving(run: Run) -> tuple[Open, ...]:
    """The arms of claims that are not shown to have stopped learning under a protocol, each with how it moves.

    It takes trials that are trained and not tested yet, too.
    """
    trained = replace(run, trials=run.trials.assign(state=run.trials["state"].replace("unfinished", "complete")))
    found: dict[tuple[str, str], str] = {}
    for claim in about_learning(load(run.study["study"]["claims"])):
        for protocol in claim.protocols:
            data = Confirmed(trained, protocol)
            learning = still_learning(data, claim.arms, claim.margin, claim.unit)
            found |= {(arm, protocol): change.in_words for arm, change in learning.items()}
    return tuple(Open(*place, words) for place, words in found.items())
