"""Several labels an item: which classes a network names, and in which order (B3)."""

from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from trainables.corpora.splits import deal, groups_of
from trainables.data.items import indicators, labels_in

THRESHOLDS = np.linspace(0.05, 0.95, 19)
FOLDS = 5


def relative(answers: Tensor) -> np.ndarray:
    """Scores (items, classes), 1 for the best class of each item, of log-probabilities (Han, Kim and Lee 2017)."""
    scores: np.ndarray = (answers - answers.max(1, keepdim=True).values).exp().cpu().numpy()
    return scores


def cross_fitted(scores: np.ndarray, table: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
    """The threshold (items,) of each item: that which is best for the items of the other folds, of whole groups.

    A threshold chosen by clips of one label each, as those that validate are, would name one class alone. 1, which the
    best class alone reaches, where all items are of one group.
    """
    groups, found = groups_of(table), np.ones(len(table))
    fold = deal(groups, min(FOLDS, len(np.unique(groups))), np.random.default_rng(0))
    for each in np.unique(fold):
        others = fold != each
        if others.any():
            found[~others] = chosen_threshold(scores[others], table[others], classes)
    return found


def chosen_threshold(scores: np.ndarray, table: pd.DataFrame, classes: np.ndarray) -> float:
    """The threshold whose classes agree best, by micro-F1, with the labels of these items."""
    truth = indicators(table, classes)
    agreement = [micro_f1(truth, scores >= threshold) for threshold in THRESHOLDS]
    return float(THRESHOLDS[int(np.argmax(agreement))])


def micro_f1(truth: np.ndarray, answer: np.ndarray) -> float:
    """F1 over all cells of two tables of yes and no; at least one is yes in each row of the second."""
    return 2 * float((truth & answer).sum()) / float(truth.sum() + answer.sum())


def named(scores: np.ndarray, thresholds: np.ndarray, classes: np.ndarray) -> list[str]:
    """The classes of each item that reach its threshold, joined by "|"; the best one always does."""
    return ["|".join(classes[row >= threshold]) for row, threshold in zip(scores, thresholds, strict=True)]


def ranked(scores: np.ndarray, classes: np.ndarray) -> list[str]:
    """All classes of each item, the best first, joined by "|"."""
    return ["|".join(classes[order]) for order in np.argsort(-scores, axis=1, kind="stable")]


def annotations(answers: Tensor, table: pd.DataFrame, classes: np.ndarray) -> dict[str, list[Any]]:
    """Labels and their number, the classes named and the ranking of items that may have several labels.

    `answers` are their log-probabilities (items, classes). What is named depends on thresholds that are `cross_fitted`.
    """
    scores = relative(answers)
    return {
        "labels": table["labels"].to_list(),
        "number_of_labels": [len(labels) for labels in labels_in(table)],
        "named": named(scores, cross_fitted(scores, table, classes), classes),
        "ranked": ranked(scores, classes),
    }
