"""Checks of what was tested: accuracies too high (B6), evaluations (B9), generated samples (B18), small test (B19)."""

import json
import math
from collections.abc import Mapping, Sequence

from analysis.audit.check import Check, highest, not_applicable, passed, percent, points
from analysis.runs import Run
from analysis.verdicts.verdict import Verdict

HIGHEST_GTZAN = 0.945
FEWEST_SAMPLES, FEWEST_SEEDS = 512, 5
GENERATES = "dcgan"
"""The training whose networks generate sounds; its setting `samples` is how many are judged."""


def ceiling(run: Run) -> Check:
    """B6: on GTZAN more than 94.5 % cannot be right, because so many labels are wrong (Sturm 2013)."""
    name = "accuracy beyond what correct labels allow"
    levels = run.trials[run.trials["phase"] == "confirm"].groupby(["arm", "protocol"])["test_accuracy"].mean().dropna()
    if run.study["data"].get("corpus") != "gtzan" or levels.empty:
        return not_applicable("B6", name, "No confirmed trial was tested on GTZAN.")
    level, where = highest(levels)
    explanation = (
        f"The highest mean accuracy is {percent(level)} ({where}); with the labels as they are, a perfect classifier "
        f"would have about {percent(HIGHEST_GTZAN)}."
    )
    return Check("B6", name, passed(level <= HIGHEST_GTZAN), level, explanation)


def evaluations(run: Run) -> Check:
    """B9: a confirmed trial is tested once, one that explores never; the figure is the number of evaluations."""
    name, ledger = "test evaluations", run.test_evaluations
    if ledger is None:
        return not_applicable("B9", name, "The run kept no ledger of its test evaluations.")
    explored = set(run.trials.loc[run.trials["phase"] == "explore", "trial"])
    tested = set(run.predictions["trial"]) | set(ledger["trial"])
    exploring, unrecorded = len(tested & explored), len(set(run.predictions["trial"]) - set(ledger["trial"]))
    again = len(ledger) - ledger["trial"].nunique()
    explanation = (
        f"{len(ledger)} evaluations of {ledger['trial'].nunique()} trials on the test part: {exploring} of trials that "
        f"explored, {again} repeated, {unrecorded} not in the ledger."
    )
    return Check("B9", name, passed(exploring + again + unrecorded == 0), float(len(ledger)), explanation)


def generated(run: Run) -> Check:
    """B18: generated sounds are judged by at least 512 samples of each of at least 5 seeds."""
    rows = run.trials[(run.trials["phase"] == "confirm") & (run.trials["state"] == "complete")]
    rows = rows.drop_duplicates(["arm", "repetition"])
    settings = [json.loads(text) if isinstance(text, str) else {} for text in rows["settings"]]
    counts: dict[str, list[int]] = {}
    for arm, setting in zip(rows["arm"], settings, strict=True):
        if setting.get("training") == GENERATES:
            counts.setdefault(str(arm), []).append(int(setting["samples"]))
    return samples(counts)


def samples(counts: Mapping[str, Sequence[int]]) -> Check:
    """B18 from the number of samples of each seed of each arm that generates; the figure is the smallest number."""
    name = "generated samples"
    if not counts:
        return not_applicable("B18", name, "No network generates sounds.")
    fewest = min(min(each) for each in counts.values())
    seeds = min(map(len, counts.values()))
    explanation = (
        f"At least {fewest} samples of each of {seeds} seeds; {FEWEST_SAMPLES} of each of {FEWEST_SEEDS} are asked."
    )
    good = fewest >= FEWEST_SAMPLES and seeds >= FEWEST_SEEDS
    return Check("B18", name, passed(good), float(fewest), explanation)


def detectable(judged: Sequence[Verdict]) -> Check:
    """B19: an effect as large as the margin has to be one that these seeds and this test part can show.

    The figure is the largest smallest-detectable effect (80 % power) of the claims on accuracies, in points.
    """
    name = "smallest detectable effect"
    sized = [
        (v.smallest_detectable, v.margin, f"{v.finding} {v.part}".strip())
        for v in judged
        if v.unit == "points"
        and v.margin
        and v.smallest_detectable is not None
        and math.isfinite(v.smallest_detectable)
    ]
    if not sized:
        return not_applicable("B19", name, "No claim on accuracies was measured.")
    blind = {claim for effect, margin, claim in sized if effect > margin}
    largest, margin, claim = max(sized)
    claims = len({name for *_, name in sized})
    explanation = (
        f"{claim} could show an effect of {points(largest)} in 80 % of studies like this, and its margin is "
        f"{points(margin)}; {len(blind)} of {claims} claims have a margin that is too small to be shown."
    )
    return Check("B19", name, passed(not blind), largest, explanation)
