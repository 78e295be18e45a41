"""Several labels an item: which classes a network names, and in which order (B3)."""

import numpy as np
import pandas as pd
from torch import Tensor

from trainables.data.items import indicators

THRESHOLDS = np.linspace(0.05, 0.95, 19)


def relative(answers: Tensor) -> np.ndarray:
    """Scores (items, classes), 1 for the best class of each item, of log-probabilities (Han, Kim and Lee 2017)."""
    scores: np.ndarray = (answers - answers.max(1, keepdim=True).values).exp().cpu().numpy()
    return scores


def chosen_threshold(scores: np.ndarray, table: pd.DataFrame, classes: np.ndarray) -> float:
    """The threshold whose classes agree best, by micro-F1, with the labels of these (validation) items."""
    truth = indicators(table, classes)
    agreement = [micro_f1(truth, scores >= threshold) for threshold in THRESHOLDS]
    return float(THRESHOLDS[int(np.argmax(agreement))])


def micro_f1(truth: np.ndarray, answer: np.ndarray) -> float:
    """F1 over all cells of two tables of yes and no; at least one is yes in each row of both."""
    return 2 * float((truth & answer).sum()) / float(truth.sum() + answer.sum())


def named(scores: np.ndarray, threshold: float, classes: np.ndarray) -> list[str]:
    """The classes of each item that reach the threshold, joined by "|"; the best one always does."""
    return ["|".join(classes[row >= threshold]) for row in scores]


def ranked(scores: np.ndarray, classes: np.ndarray) -> list[str]:
    """All classes of each item, the best first, joined by "|"."""
    return ["|".join(classes[order]) for order in np.argsort(-scores, axis=1, kind="stable")]


def annotations(
    answers: Tensor, table: pd.DataFrame, held_out: Tensor, validation: pd.DataFrame, classes: np.ndarray
) -> dict[str, list[str]]:
    """Labels, named classes and ranking of items that may have several labels.

    `answers` and `held_out` are log-probabilities of the test and of the validation items, by which the threshold is
    chosen.
    """
    threshold = chosen_threshold(relative(held_out), validation, classes) if len(validation) else 1.0
    scores = relative(answers)
    return {
        "labels": table["labels"].to_list(),
        "named": named(scores, threshold, classes),
        "ranked": ranked(scores, classes),
    }
