"""Scores of items that may have several labels (B3): what is named and how classes rank against all labels.

Their table has three columns in each of which classes are joined by "|": `labels`, those that are right; `named`, those
that the network names by a threshold that items of other groups chose; `ranked`, all, the best first.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.preprocessing import MultiLabelBinarizer

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def columns(predictions: "pd.DataFrame", top: int = 0) -> tuple[Bools, Bools]:
    """Which classes are labels of each item, and which are named, (items, classes) each.

    Named are the classes above the threshold, or with `top` the first so many of the ranking.
    """
    named = predictions["ranked"].map(lambda text: text.split("|")[:top]) if top else split(predictions["named"])
    binarizer = binarizer_of(predictions)
    labels = binarizer.transform(split(predictions["labels"]))
    return labels.astype(bool), binarizer.transform(named).astype(bool)


def ranking_precisions(predictions: "pd.DataFrame") -> Floats:
    """Label ranking average precision of each item: the share of labels among the classes as high as each label."""
    labels, scores = ranking(predictions)
    as_high = scores[:, None, :] >= scores[:, :, None]
    shares = (as_high & labels[:, None, :]).sum(axis=2) / as_high.sum(axis=2)
    return np.asarray((shares * labels).sum(axis=1) / labels.sum(axis=1))


def ranking_areas(predictions: "pd.DataFrame") -> Floats:
    """Area under the ROC curve of the classes of each item: the share of pairs of a label and another that are right.

    A pair of equal rank counts half, and so does an item without such a pair.
    """
    labels, scores = ranking(predictions)
    pairs = labels[:, :, None] & ~labels[:, None, :]
    above = 0.5 + 0.5 * np.sign(scores[:, :, None] - scores[:, None, :])
    count = pairs.sum(axis=(1, 2))
    return np.divide((pairs * above).sum(axis=(1, 2)), count, out=np.full(len(labels), 0.5), where=count > 0)


def ranking(predictions: "pd.DataFrame") -> tuple[Bools, Floats]:
    """Which classes are labels of each item, and scores that fall along its ranking, (items, classes) each."""
    binarizer = binarizer_of(predictions)
    labels = binarizer.transform(split(predictions["labels"])).astype(bool)
    return labels, scores_of(predictions["ranked"], binarizer.classes_)


def binarizer_of(predictions: "pd.DataFrame") -> "MultiLabelBinarizer":
    """From lists of classes to a column for each class, all that the network knows or an item has."""
    from sklearn.preprocessing import MultiLabelBinarizer

    return MultiLabelBinarizer().fit([*split(predictions["ranked"]), *split(predictions["labels"])])


def scores_of(ranked: "pd.Series[str]", classes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Scores (items, classes) that fall along each ranking; a class that is not in it has the lowest."""
    place = {name: number for number, name in enumerate(classes)}
    table = np.full((len(ranked), len(classes)), -float(len(classes)))
    for row, names in enumerate(split(ranked)):
        table[row, [place[name] for name in names]] = -np.arange(len(names))
    return table


def split(column: "pd.Series[str]") -> "pd.Series[list[str]]":
    return column.str.split("|")
