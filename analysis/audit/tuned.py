"""Checks of what was tuned and trained: optimism (B10), stacked outputs (B13), gaps (B14), effort (B15)."""

import math

import pandas as pd

from analysis.audit.check import Check, highest, not_applicable, passed, points
from analysis.protocols import HEADLINE, PROTOCOLS
from analysis.runs import Run, confirm

LARGEST_OPTIMISM = 2.0
LARGEST_DISTANCE, LARGEST_P = 0.1, 0.01
LARGEST_GAP = 5.0
LARGEST_RATIO = 1.2


def optimism(run: Run) -> Check:
    """B10: how much better the best explored trial looks than the same configuration with fresh seeds.

    In points of validation accuracy, at the last epoch that both have; the verdicts rest on the fresh seeds alone.
    """
    name = "optimism of the selected trial"
    found = {arm: value for arm in run.arms if math.isfinite(value := optimism_of(run, arm))}
    if not found:
        return not_applicable("B10", name, "No arm has both a trial that was chosen and trials that confirm it.")
    most = max(found, key=lambda arm: found[arm])
    explanation = (
        f"Validation accuracy when chosen less that with fresh seeds: at most {points(found[most])} ({most}), and "
        f"{points(sum(found.values()) / len(found))} on average over {len(found)} arms. The verdicts rest on the fresh "
        "seeds."
    )
    return Check("B10", name, passed(found[most] <= LARGEST_OPTIMISM), found[most], explanation)


def optimism_of(run: Run, arm: str) -> float:
    """The optimism of one arm in points; NaN where it cannot be told."""
    trials = run.trials[(run.trials["arm"] == arm) & run.trials["validation_accuracy"].notna()]
    explored = trials[(trials["phase"] == "explore") & (trials["state"] == "complete")]
    refits = confirm(run, HEADLINE.name)
    best = explored.sort_values("validation_accuracy", kind="stable")["trial"].iloc[-1:]
    curves = [curve(run, str(trial)) for trial in [*best, *refits.loc[refits["arm"] == arm, "trial"]]]
    last = min(map(len, curves), default=0)
    if explored.empty or len(curves) < 2 or not last:
        return math.nan
    chosen, *fresh = (values[last - 1] for values in curves)
    return 100 * (chosen - sum(fresh) / len(fresh))


def curve(run: Run, trial: str) -> list[float]:
    """The validation accuracy of a trial after each epoch."""
    return [float(value) for value in run.epochs_of[trial]["validation_accuracy"]] if trial in run.epochs_of else []


def stacked(run: Run) -> Check:
    """B13: what a second network is trained on is not surer than what it is validated on.

    The figure is the largest mean, over the confirmed trials of an arm, of the Kolmogorov-Smirnov distance between the
    entropies of the first network's outputs on both, as trials with two networks record it.
    """
    name = "stacked outputs"
    if "entropy_distance" not in run.epochs:
        return not_applicable("B13", name, "No network is trained on the outputs of another.")
    rows = run.trials.loc[run.trials["phase"] == "confirm", ["trial", "arm", "protocol"]]
    last = run.epochs.dropna(subset="entropy_distance").groupby("trial")[["entropy_distance", "entropy_p"]].last()
    found = rows.merge(last, left_on="trial", right_index=True).groupby(["arm", "protocol"])
    means, p = found["entropy_distance"].mean(), found["entropy_p"].median()
    if means.empty:
        return not_applicable("B13", name, "No confirmed trial has trained its second network.")
    apart, (most, where) = (means > LARGEST_DISTANCE) & (p < LARGEST_P), highest(means)
    explanation = (
        f"The entropies of what is trained on and of what is validated on are {most:.2f} apart ({where}; "
        f"Kolmogorov-Smirnov, 0 to 1); {int(apart.sum())} of {len(means)} means of an arm under a protocol exceed "
        f"{LARGEST_DISTANCE:g} at p < {LARGEST_P:g}."
    )
    return Check("B13", name, passed(not apart.any()), most, explanation)


def gaps(run: Run) -> Check:
    """B14: training accuracy less validation accuracy after the last epoch, in points, of the confirmed trials."""
    name = "gap between training and validation"
    rows = pd.concat([confirm(run, protocol) for protocol in PROTOCOLS])
    apart = 100 * (rows["train_accuracy"] - rows["validation_accuracy"]).groupby([rows["arm"], rows["protocol"]]).mean()
    apart = apart.dropna()
    if apart.empty:
        return not_applicable("B14", name, "No confirmed trial has a training and a validation accuracy.")
    (widest, where), wide = highest(apart), int((apart > LARGEST_GAP).sum())
    explanation = (
        f"The widest gap after the last epoch is {points(widest)} ({where}); {wide} of {len(apart)} means of an arm "
        f"under a protocol exceed {LARGEST_GAP:g} points."
    )
    return Check("B14", name, passed(not wide), widest, explanation)


def effort(run: Run) -> Check:
    """B15: every arm is tuned as much as the others; the figure is the largest ratio of trials, epochs or seconds."""
    name = "equal tuning effort"
    explored = run.trials[run.trials["phase"] == "explore"].drop_duplicates("trial")
    spent = explored.groupby("arm").agg(trials=("trial", "size"), epochs=("epochs", "sum"), seconds=("seconds", "sum"))
    if len(spent) < 2 or not (spent > 0).all(axis=None):
        return not_applicable("B15", name, "There are no two arms that explored.")
    ratios = spent.max() / spent.min()
    explanation = "; ".join(
        f"{measure} {low:,.0f} to {high:,.0f} (ratio {high / low:.2f})"
        for measure, low, high in zip(spent.columns, spent.min(), spent.max(), strict=True)
    )
    said = f"Explored by each of {len(spent)} arms: {explanation}. Up to {LARGEST_RATIO:g} is allowed."
    return Check("B15", name, passed(bool((ratios <= LARGEST_RATIO).all())), float(ratios.max()), said)
