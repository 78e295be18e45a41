"""Scores of items that may have several labels (B3): what is named and how classes rank against all labels.

Predictions of such items have three more columns, in each of which classes are joined by "|": `labels`, those that are
right; `named`, those that the network names by a threshold which the validation part chose; `ranked`, all, best first.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score, label_ranking_average_precision_score
from sklearn.preprocessing import MultiLabelBinarizer

Average = Literal["micro", "macro"]
COLUMNS = ("labels", "named", "ranked")


def annotated(predictions: pd.DataFrame) -> bool:
    """Whether the items of a prediction table may have several labels."""
    return set(COLUMNS) <= set(predictions) and bool(predictions["labels"].notna().any())


def f1(predictions: pd.DataFrame, average: Average, top: int = 0) -> float:
    """F1 over all labels ("micro") or mean F1 of the classes ("macro"), a share; NaN for items of one label alone.

    Of the classes named, or with `top` of the first so many of the ranking.
    """
    if not annotated(predictions):
        return float("nan")
    named = predictions["ranked"].map(lambda text: text.split("|")[:top]) if top else split(predictions["named"])
    binarizer = binarizer_of(predictions)
    truth, answer = binarizer.transform(split(predictions["labels"])), binarizer.transform(named)
    return float(f1_score(truth, answer, average=average, zero_division=0))


def ranking_precision(predictions: pd.DataFrame) -> float:
    """Label ranking average precision, a share: of the classes ranked as high as each label, how many are labels."""
    if not annotated(predictions):
        return float("nan")
    binarizer = binarizer_of(predictions)
    truth = binarizer.transform(split(predictions["labels"]))
    return float(label_ranking_average_precision_score(truth, scores(predictions["ranked"], binarizer.classes_)))


def binarizer_of(predictions: pd.DataFrame) -> MultiLabelBinarizer:
    """From lists of classes to a column for each class, all that the network knows or an item has."""
    return MultiLabelBinarizer().fit([*split(predictions["ranked"]), *split(predictions["labels"])])


def scores(ranked: "pd.Series[str]", classes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Scores (items, classes) that fall along each ranking; a class that is not in it has the lowest."""
    place = {name: number for number, name in enumerate(classes)}
    table = np.full((len(ranked), len(classes)), -float(len(classes)))
    for row, names in enumerate(split(ranked)):
        table[row, [place[name] for name in names]] = -np.arange(len(names))
    return table


def split(column: "pd.Series[str]") -> "pd.Series[list[str]]":
    return column.str.split("|")
