"""Checks of what was tested: known groups (B4), levels (B6), evaluations (B9), samples (B18), a small test (B19)."""

import json
import math
from collections.abc import Mapping, Sequence

from analysis.audit.check import Check, highest, not_applicable, passed, percent, points
from analysis.metrics import correct
from analysis.references import CEILINGS
from analysis.runs import Run
from analysis.verdicts.verdict import Verdict

LARGEST_ADVANTAGE = 2.0
FEWEST_SAMPLES, FEWEST_SEEDS = 512, 5
GENERATES = "dcgan"
"""The training whose networks generate sounds; its setting `samples` is how many are judged."""


def familiar(run: Run) -> Check:
    """B4: how much better items are answered whose group, such as the instrument, is trained on than other items.

    The figure is the largest difference, in points, of the means of an arm under a protocol that tests both kinds.
    """
    name, column = "accuracy on groups that are trained on", "group_trained_on"
    rows = run.trials.loc[run.trials["phase"] == "confirm", ["trial", "arm", "protocol"]]
    answers = run.predictions.reindex(columns=["trial", "label", "prediction", column]).dropna(subset=column)
    marked = answers.assign(
        right=100.0 * correct(answers), kind=answers[column].astype(bool).map({True: "known", False: "new"})
    ).merge(rows, on="trial")
    means = marked.groupby(["arm", "protocol", "kind"])["right"].mean().unstack("kind")
    both = means.reindex(columns=["known", "new"]).dropna()
    if both.empty:
        return not_applicable("B4", name, "No protocol tests both items of groups that are trained on and others.")
    advantage = both["known"] - both["new"]
    most, where = highest(advantage)
    known, new = both.iloc[int(advantage.to_numpy().argmax())]
    explanation = (
        f"Of items whose group is trained on {percent(known / 100)} are right, of items of new groups "
        f"{percent(new / 100)} ({where})."
    )
    return Check(
        "B4", name, passed(most <= LARGEST_ADVANTAGE), most, explanation, "points", f"at most {LARGEST_ADVANTAGE:g}"
    )


def ceiling(run: Run) -> Check:
    """B6: on a corpus with wrong labels an accuracy above that of a perfect classifier cannot be right."""
    name = "accuracy beyond what correct labels allow"
    levels = run.trials[run.trials["phase"] == "confirm"].groupby(["arm", "protocol"])["test_accuracy"].mean().dropna()
    highest_possible = CEILINGS.get(str(run.study["data"].get("corpus")))
    if highest_possible is None or levels.empty:
        return not_applicable(
            "B6", name, "No confirmed trial was tested on a corpus whose share of wrong labels is known."
        )
    level, where = highest(levels)
    explanation = (
        f"The highest mean accuracy is {percent(level)} ({where}); with the labels as they are, a perfect classifier "
        f"would have about {percent(highest_possible)}."
    )
    return Check(
        "B6",
        name,
        passed(level <= highest_possible),
        level,
        explanation,
        "of the items right",
        f"at most {highest_possible:g}",
    )


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
    return Check(
        "B9",
        name,
        passed(exploring + again + unrecorded == 0),
        float(len(ledger)),
        explanation,
        "evaluations",
        "one of each trial",
    )


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
    return Check("B18", name, passed(good), float(fewest), explanation, "samples", f"at least {FEWEST_SAMPLES}")


def detectable(judged: Sequence[Verdict]) -> Check:
    """B19: an effect as large as the margin has to be one that these seeds and this test part can show.

    The figure is the largest smallest-detectable effect (80 % power) of the claims on accuracies, in points.
    """
    name = "smallest detectable effect"
    sized = [
        (v.smallest_detectable, v.margin, v.name)
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
    return Check("B19", name, passed(not blind), largest, explanation, "points", f"at most {margin:g}")
