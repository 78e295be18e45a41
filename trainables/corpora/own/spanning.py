"""Divide clips by groups that span classes, as speakers do of whom each says many words."""

import warnings

import numpy as np
import pandas as pd

from trainables.corpora.splits import (
    FEWEST_GROUPS,
    TEST_SHARE,
    VALIDATION_SHARE,
    Split,
    apart,
    check_groups,
    groups_of,
)
from trainables.errors import InvalidSetting

FEWEST = 2
"""Groups in which a class has clips: one to train on and one to test."""


def spans_classes(clips: pd.DataFrame) -> bool:
    """Whether any group has clips of more than one class."""
    return bool((clips.groupby("group")["label"].nunique() > 1).any())


def divided_across(clips: pd.DataFrame, rows: np.ndarray, split_seed: int, fold: int, folds: int) -> Split:
    """About 60 % / 20 % / 20 % of the rows, or a fold; whole groups in each part, and classes as even as these allow.

    Raises InvalidSetting for fewer than three groups, and where a class has too few to be trained on.
    """
    if folds == 1:
        return _split(clips, rows, split_seed)
    return _folded(clips, rows, _split(clips, rows, 0).validation, split_seed, fold, folds)


def _split(clips: pd.DataFrame, rows: np.ndarray, split_seed: int) -> Split:
    check_classes(clips, rows)
    tested = fold_of_each(clips, rows, TEST_SHARE, split_seed) == 0
    rest = rows[~tested]
    validates = fold_of_each(clips, rest, VALIDATION_SHARE, split_seed) == 0
    return learnable(clips, rows, Split(rest[~validates], rest[validates], rows[tested]))


def _folded(
    clips: pd.DataFrame, rows: np.ndarray, chosen_by: np.ndarray, split_seed: int, fold: int, folds: int
) -> Split:
    """Fold `fold` of a grouped k-fold of the rows, less the groups of `chosen_by`, which validate in every fold.

    With fewer groups than folds, the last folds test what the first do.
    """
    rest = apart(groups_of(clips), rows, chosen_by)
    found = fold_of_each(clips, rest, folds, split_seed)
    tested = found == fold % (found.max() + 1)
    return learnable(clips, rest, Split(rest[~tested], chosen_by, rest[tested]))


def fold_of_each(clips: pd.DataFrame, rows: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The fold, 0 .. count - 1, of each row; at most as many as there are groups, and as clips of the largest class.

    It is scikit-learn's StratifiedGroupKFold: whole groups go, the most uneven first, where they leave classes most
    even.
    """
    # It takes a second to import, and most corpora do without.
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415

    labels, groups = clips["label"].iloc[rows].to_numpy(str), groups_of(clips)[rows]
    count = min(count, len(np.unique(groups)), int(np.unique(labels, return_counts=True)[1].max()))
    folds = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    found = np.empty(len(rows), int)
    with warnings.catch_warnings():
        # A class with fewer clips than folds is tested in some of them.
        warnings.simplefilter("ignore", UserWarning)
        for number, (_, tested) in enumerate(folds.split(rows, labels, groups)):
            found[tested] = number
    return found


def check_classes(clips: pd.DataFrame, rows: np.ndarray) -> None:
    """Raise InvalidSetting for fewer than three groups in all, or fewer than two of a class."""
    groups, labels = groups_of(clips)[rows], clips["label"].iloc[rows].to_numpy(str)
    if (found := len(np.unique(groups))) < FEWEST_GROUPS:
        raise InvalidSetting(
            f"The clips are of {found} group(s) where {FEWEST_GROUPS} are needed: add clips of others."
        )
    for label in np.unique(labels):
        check_groups(label, groups[labels == label], FEWEST)


def learnable(clips: pd.DataFrame, rows: np.ndarray, split: Split) -> Split:
    """The split; raises InvalidSetting for a class of the rows of which no clip is left to train on."""
    labels = clips["label"]
    lost = set(labels.iloc[rows]) - set(labels.iloc[split.train])
    if lost:
        raise InvalidSetting(
            f"No clip of the class '{min(lost)}' is left to train on, because all its groups validate or test: "
            "add groups with clips of it."
        )
    return split
