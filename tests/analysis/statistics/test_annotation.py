"""Scores of items with several labels, against values counted by hand."""

import math

import pandas as pd
import pytest

from analysis.statistics import annotation

TABLE = pd.DataFrame(
    {
        "labels": ["voice|piano", "piano", "organ"],
        "named": ["voice", "piano|voice", "piano"],
        "ranked": ["voice|organ|piano", "piano|voice|organ", "piano|organ|voice"],
    }
)


def test_micro_f1_counts_all_labels_together() -> None:
    # Right: voice, piano. Named: 4, labels: 4.
    assert annotation.f1(TABLE, "micro") == pytest.approx(2 * 2 / (4 + 4))


def test_macro_f1_is_the_mean_of_the_classes() -> None:
    # voice: 1 right of 2 named, 1 label; piano: 1 right of 2 named, 2 labels; organ: never named.
    assert annotation.f1(TABLE, "macro") == pytest.approx((2 / 3 + 2 / 4 + 0) / 3)


@pytest.mark.parametrize(("top", "right"), [(1, 2), (2, 3), (3, 4)])
def test_the_best_classes_can_be_named_whatever_the_threshold(top: int, right: int) -> None:
    assert annotation.f1(TABLE, "micro", top) == pytest.approx(2 * right / (3 * top + 4))


def test_ranking_precision() -> None:
    # voice at rank 1: 1/1, piano at rank 3: 2/3; piano at 1: 1/1; organ at 2: 1/2.
    assert annotation.ranking_precision(TABLE) == pytest.approx(((1 + 2 / 3) / 2 + 1 + 1 / 2) / 3)


def test_a_label_that_was_never_trained_is_missed() -> None:
    table = TABLE.assign(labels=["voice|piano", "piano", "zither"])
    assert annotation.f1(table, "micro") == pytest.approx(2 * 2 / (4 + 4))
    assert annotation.ranking_precision(table) < annotation.ranking_precision(TABLE)


def test_items_of_one_label_alone_have_no_such_score() -> None:
    assert math.isnan(annotation.f1(pd.DataFrame({"label": ["a"], "prediction": ["a"]}), "micro"))
    assert math.isnan(annotation.ranking_precision(TABLE.assign(labels=None)))
