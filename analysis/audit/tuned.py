"""Checks of what was tuned and trained: optimism (B10), stacked outputs (B13), gaps (B14), effort (B15)."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.audit.check import Check, highest, not_applicable, passed, points
from analysis.protocols import HEADLINE, PROTOCOLS
from analysis.runs import Run, confirm

LARGEST_OPTIMISM = 2.0
LARGEST_DISTANCE, LARGEST_P = 0.1, 0.01
LARGEST_GAP = 5.0
LARGEST_RATIO = 1.2
EVEN = "equal tuning effort"
CHOOSING = {"explore": "explored", "choose": "finalists'"}
"""The phases in which an arm chooses its configuration, and what their trials are called."""


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
    return Check(
        "B10",
        name,
        passed(found[most] <= LARGEST_OPTIMISM),
        found[most],
        explanation,
        "points",
        f"at most {LARGEST_OPTIMISM:g}",
    )


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
    return Check(
        "B13", name, passed(not apart.any()), most, explanation, "apart, of 0 to 1", f"at most {LARGEST_DISTANCE:g}"
    )


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
    return Check("B14", name, passed(not wide), widest, explanation, "points", f"at most {LARGEST_GAP:g}")


def effort(run: Run) -> Check:
    """B15 of what each arm has spent on its choice: `even`, of the trials that explored and of those of finalists."""
    tried = run.trials[run.trials["phase"].isin(CHOOSING)].drop_duplicates("trial")
    seconds = tried["seconds"].where(tried["device"].ne("cpu"), tried["cpu_seconds"])
    tried = tried.assign(seconds=seconds, arm=tried["arm"].astype(str))
    if tried["arm"].nunique() < 2:
        return not_applicable("B15", EVEN, "There are no two arms that explored.")
    return even({str(arm): spent(rows) for arm, rows in tried.groupby("arm")}, "Spent")


def spent(rows: pd.DataFrame) -> dict[str, float]:
    """Trials and epochs of each phase in which an arm chooses, and the seconds of all of them."""
    phases = {name: rows[rows["phase"] == phase] for phase, name in CHOOSING.items()}
    counts = {f"{name} trials": float(len(each)) for name, each in phases.items()}
    epochs = {f"{name} epochs": float(each["epochs"].sum()) for name, each in phases.items()}
    return counts | epochs | {"seconds": float(rows["seconds"].sum())}


def even(efforts: Mapping[str, Mapping[str, float]], when: str) -> Check:
    """B15: every arm chooses its configuration with as much effort as the others, as planned or as spent.

    `efforts` are those of each arm by measure; the figure is the largest ratio between two arms in any measure.
    """
    found = {name: [each[name] for each in efforts.values()] for name in next(iter(efforts.values()))}
    ratios = {name: ratio(values) for name, values in found.items()}
    most = max(ratios, key=lambda name: ratios[name])
    explanation = (
        f"{when} on the choice of each of {len(efforts)} arms: "
        + ", ".join(f"{ends(values)} {name}" for name, values in found.items())
        + f". The largest ratio, {ratios[most]:.2f}, is in {most}; {LARGEST_RATIO:g} is allowed."
    )
    good = passed(ratios[most] <= LARGEST_RATIO)
    return Check("B15", EVEN, good, ratios[most], explanation, "between two arms", f"at most {LARGEST_RATIO:g}")


def ratio(values: Sequence[float]) -> float:
    """The largest of some values over the smallest; 1 if all are zero."""
    return max(values) / min(values) if min(values) > 0 else 1.0 if max(values) == 0 else math.inf


def ends(values: Sequence[float]) -> str:
    """One value that all have, or the smallest and the largest."""
    return " to ".join(dict.fromkeys(f"{value:,.0f}" for value in (min(values), max(values))))
