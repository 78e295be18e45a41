"""Scores of items with several labels, against values counted by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, label_ranking_average_precision_score, roc_auc_score

from analysis.metrics.annotated import Average, f1_of
from analysis.statistics import annotation

TABLE = pd.DataFrame(
    {
        "labels": ["voice|piano", "piano", "organ"],
        "named": ["voice", "piano|voice", "piano"],
        "ranked": ["voice|organ|piano", "piano|voice|organ", "piano|organ|voice"],
    }
)


def test_labels_and_the_classes_named() -> None:
    labels, named = annotation.columns(TABLE)
    assert labels.tolist() == [[False, True, True], [False, True, False], [True, False, False]]
    assert named.tolist() == [[False, False, True], [False, True, True], [False, True, False]]


@pytest.mark.parametrize("average", ["micro", "macro"])
@pytest.mark.parametrize("top", [0, 1, 2, 3])
def test_f1_is_that_of_scikit_learn(average: Average, top: int) -> None:
    labels, named = annotation.columns(TABLE, top)
    ours = f1_of(np.hstack([labels & named, named, labels]).sum(axis=0).astype(float), average)
    assert ours == pytest.approx(100 * f1_score(labels, named, average=average, zero_division=0))


@pytest.mark.parametrize("table", [TABLE, TABLE.assign(labels=["voice|piano", "piano", "zither"])])
def test_ranking_precision_is_that_of_scikit_learn(table: pd.DataFrame) -> None:
    labels, scores = annotation.ranking(table)
    expected = label_ranking_average_precision_score(labels, scores)
    assert annotation.ranking_precisions(table).mean() == pytest.approx(expected)


def test_the_area_of_an_item_is_that_of_scikit_learn() -> None:
    labels, scores = annotation.ranking(TABLE)
    expected = [roc_auc_score(each, ranks) for each, ranks in zip(labels, scores, strict=True)]
    assert annotation.ranking_areas(TABLE) == pytest.approx(expected)


def test_an_item_of_all_classes_says_nothing_of_their_ranking() -> None:
    assert annotation.ranking_areas(TABLE[:1].assign(labels="voice|organ|piano")).tolist() == [0.5]


def test_a_label_that_was_never_trained_is_missed() -> None:
    labels, named = annotation.columns(TABLE.assign(labels=["voice|piano", "piano", "zither"]))
    assert labels.shape == (3, 4) and not named[:, 3].any()
