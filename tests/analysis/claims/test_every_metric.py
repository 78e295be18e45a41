"""Every claim kind that takes a metric gives a verdict in words with every metric."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.claims import (
    KINDS,
    Better,
    Claim,
    Cost,
    Equal,
    Interaction,
    Level,
    NeverHurts,
    NoDirection,
    Optimum,
    Ranking,
    Runs,
    Saturates,
    Share,
    Spread,
    Unequal,
)
from analysis.claims.claim import Unmeasured
from analysis.metrics import METRICS, Metric
from analysis.runs import Run
from analysis.text import SHARES
from analysis.verdicts import Verdict, verdicts

ARMS = tuple("abcdefgh")
PAIRS = (("a", "b"), ("c", "d"))
NAMED = {"finding": "S4-F3", "margin": 1.5}
MADE: dict[str, Callable[[str], Claim]] = {
    "better": lambda m: Better(**NAMED, metric=m, better="a", worse="b"),
    "better than a constant": lambda m: Better(**NAMED, metric=m, better="a", worse=3.0),
    "equal": lambda m: Equal(**NAMED, metric=m, first="a", second="b"),
    "never hurts": lambda m: NeverHurts(**NAMED, metric=m, levels=ARMS[:3]),
    "saturates": lambda m: Saturates(**NAMED, metric=m, levels=ARMS[:3], at="b"),
    "optimum": lambda m: Optimum(**NAMED, metric=m, levels=ARMS[:5], at="c"),
    "level": lambda m: Level(**NAMED, metric=m, arm="a", printed=50.0),
    "each": lambda m: Share(**NAMED, metric=m, pairs=PAIRS, share="each"),
    "sometimes": lambda m: Share(**NAMED, metric=m, pairs=PAIRS, share="sometimes"),
    "most": lambda m: Share(**NAMED, metric=m, pairs=PAIRS, share="most"),
    "chain": lambda m: Ranking(**NAMED, metric=m, chain=ARMS[:3]),
    "best": lambda m: Ranking(**NAMED, metric=m, best="a", candidates=ARMS[:3]),
    "ranking": lambda m: Ranking(**NAMED, metric=m, ranking=ARMS),
    "interaction": lambda m: Interaction(**NAMED, metric=m, plus=("a", "b"), minus=("c", "d")),
    "no direction": lambda m: NoDirection(**NAMED, metric=m, first="a", second="b"),
    "worst": lambda m: Ranking(**NAMED, metric=m, worst="a", candidates=ARMS[:3]),
    "unequal": lambda m: Unequal(**NAMED, metric=m, among=ARMS[:3]),
    "spread": lambda m: Spread(**NAMED, metric=m, closer=ARMS[:3], wider=ARMS[3:6]),
    "runs": lambda m: Runs(finding="S4-F3", metric=m, of=ARMS[:3], low=50.0),
    "cost": lambda m: Cost(**NAMED, metric=m, cheaper="a", dearer="b"),
}
# What these say is a share or a rank over arms, in which the metric is not named.
UNNAMED = ("sometimes", "most", "ranking")
# Of these a run may have 0 or less, and then they have no ratio.
SIGNED = ("accuracy_over_majority", "gap", "gap_running", "validation_less_test", "validation_loss_rise")
SIGNED += ("validation_loss_slope", "micro_f1_gain_2", "micro_f1_gain_3", "micro_f1_gain_named", "minimum_recall")
SIGNED += ("recall_per_doubling", "gain_over_segments", "gain_over_sum", "gain_over_product", "gain_over_vote")


def test_every_kind_that_takes_a_metric_is_here() -> None:
    assert {type(make("accuracy")) for make in MADE.values()} == {
        kind for kind in KINDS.values() if not issubclass(kind, Unmeasured)
    }


@pytest.fixture(scope="module")
def run(planted: Any, fully_recorded: Any) -> Run:
    """Eight arms of three seeds, with all that any training records."""
    found = planted(
        dict.fromkeys(ARMS, 0.6),
        cells=[("corrected", "chosen"), ("as_published", "as_printed")],
        n=3,
        groups=6,
        items=4,
    )
    recorded: Run = fully_recorded(found)
    return recorded


def of(run: Run, *claims: Claim) -> Run:
    claims_of = [claim.model_dump(mode="json") for claim in claims]
    return replace(run, study={**run.study, "study": {**run.study["study"], "claims": claims_of}})


def test_every_claim_kind_gives_a_verdict_in_words(run: Run) -> None:
    claims = [
        make(metric).model_copy(update={"part": f"{kind}, {metric}"})
        for metric in METRICS
        for kind, make in MADE.items()
    ]
    found = verdicts(of(run, *claims))
    assert {verdict.name for verdict in found} == {claim.name for claim in claims}
    assert not {verdict.name: verdict.reason for verdict in found if not in_words(verdict)}
    # A margin is in the unit of the effect beside it, and there is none of how many pairs, or of an order.
    counts = (*SHARES, "Kendall's tau")
    assert not {verdict.name: verdict.margin for verdict in found if verdict.unit in counts and verdict.margin}


def in_words(verdict: Verdict) -> bool:
    """Whether a verdict has an effect over all repetitions, or none, and names its metric where it may."""
    kind, metric = verdict.part.split(", ")
    named = metric == "accuracy" or METRICS[metric].words.casefold() in verdict.reason.casefold()
    if kind == "cost" and metric in SIGNED:
        return verdict.word != "untestable" or named
    tested = verdict.word not in ("not run", "untestable") and verdict.effect is not None and verdict.n in (0, 3)
    return tested and (named or kind in UNNAMED)


def test_a_cost_in_accuracy_is_the_ratio_over_all_test_groups(run: Run) -> None:
    accuracy = run.predictions.assign(right=run.predictions["label"] == run.predictions["prediction"])
    shares = accuracy[accuracy["trial"].str.startswith("corrected")].groupby("trial")["right"].mean()
    ratios = [shares[f"corrected-chosen-b-{n}"] / shares[f"corrected-chosen-a-{n}"] for n in range(3)]
    found = next(v for v in verdicts(of(run, MADE["cost"]("accuracy"))) if v.protocol == "corrected")
    assert found.effect == pytest.approx(np.median(ratios))


def test_a_ratio_of_values_that_are_not_positive_is_untestable(run: Run) -> None:
    found = verdicts(of(replace(run, epochs=run.epochs.assign(generator_loss=-3.0)), MADE["cost"]("loss_gap")))[0]
    assert found.word == "untestable" and METRICS["loss_gap"].words in found.reason


@pytest.mark.parametrize(("words", "axis"), [("", "speed (km/h)"), ("speed", " ")])
def test_a_metric_without_words_cannot_be_made(words: str, axis: str) -> None:
    with pytest.raises(ValueError, match="'speed' has no words"):
        Metric("speed", "km/h", True, lambda record: 1.0, words, axis)
