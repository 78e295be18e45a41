"""Slopes over published excerpts: pairs of classes are ranked rightly, not answers right."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.claims import Slope
from analysis.runs import EXCERPT_COLUMNS, Run
from analysis.verdicts import verdicts
from analysis.verdicts.verdict import Verdict

CLASSES = np.array(["cello", "flute", "oboe", "piano", "tuba", "voice"])
FALLS = Slope(finding="S0-F40", arm="a", covariate="number_of_labels", direction="falls", of_pairs=True)


def excerpts(run: Run, skill: Callable[[int], float]) -> pd.DataFrame:
    """60 excerpts of 20 recordings with one to three labels, which rank so many deviations above the other classes."""
    generator = np.random.default_rng(1)
    labels = [generator.choice(CLASSES, 1 + number % 3, replace=False) for number in range(60)]
    rows = []
    for trial in run.trials["trial"]:
        for number, own in enumerate(labels):
            scores = generator.standard_normal(6) + skill(len(own)) * np.isin(CLASSES, own)
            order = CLASSES[np.argsort(-scores)]
            named, ranked = order[0], "|".join(order)
            group = f"recording {number // 3}"
            rows.append((trial, str(number), group, own[0], named, "|".join(own), len(own), named, ranked))
    return pd.DataFrame(rows, columns=list(EXCERPT_COLUMNS))


def found(planted: Any, claim: Slope, skill: Callable[[int], float]) -> Verdict:
    run = planted({"a": 0.8}, [claim], n=8, groups=5, items=4)
    (verdict,) = [v for v in verdicts(replace(run, excerpts=excerpts(run, skill))) if v.protocol == "corrected"]
    return verdict


def test_excerpts_of_more_labels_that_are_ranked_worse_are_found(planted: Any) -> None:
    verdict = found(planted, FALLS, lambda labels: 3.0 - labels)
    assert (verdict.word, verdict.groups) == ("reproduced", 20)
    assert "the odds of a rightly ranked pair of classes of a change by a factor of" in verdict.reason


def test_the_number_of_labels_alone_makes_no_slope(planted: Any) -> None:
    verdict = found(planted, FALLS, lambda labels: 1.0)
    assert verdict.word == "inconclusive" and verdict.low is not None and verdict.high is not None
    assert verdict.low < 1 < verdict.high


def test_a_run_without_excerpts_has_no_such_slope(planted: Any) -> None:
    run = planted({"a": 0.8}, [FALLS], n=8, groups=5, items=4)
    for verdict in verdicts(run):
        assert verdict.word == "untestable" and "was tested on no published excerpts" in verdict.reason
