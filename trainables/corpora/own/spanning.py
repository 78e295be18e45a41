"""Divide clips by groups that span classes, as speakers do of whom each says many words.

scikit-learn's StratifiedGroupKFold is not used: where groups differ it finds one division whatever its seed, and that
may leave a part without a class.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from trainables.corpora.regrouping import regrouped
from trainables.corpora.splits import (
    FEWEST_GROUPS,
    TEST_SHARE,
    Split,
    apart,
    check_groups,
    groups_of,
)
from trainables.errors import InvalidSetting

FEWEST = 2
"""Groups in which a class has clips: one to train on and one to test."""

DRAWS = 50
"""Divisions at random of which the most even one is taken."""

EVEN = (1 / TEST_SHARE, 1 / TEST_SHARE)
"""The shares of all clips that validate and that test."""


def spans_classes(clips: pd.DataFrame) -> bool:
    """Whether any group has clips of more than one class."""
    return bool((clips.groupby("group")["label"].nunique() > 1).any())


def divided_across(clips: pd.DataFrame, rows: np.ndarray, split_seed: int, fold: int, folds: int) -> Split:
    """About 60 % / 20 % / 20 % of the rows, or a fold; whole groups in each part, and classes as even as these allow.

    With folds > 1 the groups that validate without folds do in every fold; with fewer groups than folds, the last folds
    test what the first do. Raises InvalidSetting for fewer than three groups, and where a class has too few to be
    trained on.
    """
    check_classes(clips, rows)
    if folds == 1:
        return _split(clips, rows, split_seed)
    groups, chosen_by = groups_of(clips), _split(clips, rows, 0).validation
    rest = apart(groups, rows, chosen_by)
    draws = (_folds(groups, rest, chosen_by, folds, np.random.default_rng([split_seed, n])) for n in range(DRAWS))
    splits = evenest(clips, rest, EVEN, draws)
    return learnable(clips, rest, splits[fold % len(splits)])


def _split(clips: pd.DataFrame, rows: np.ndarray, split_seed: int) -> Split:
    groups = groups_of(clips)
    draws = ([_parts(groups, rows, np.random.default_rng([split_seed, n]))] for n in range(DRAWS))
    (split,) = evenest(clips, rows, EVEN, draws)
    return learnable(clips, rows, split)


def _parts(groups: np.ndarray, rows: np.ndarray, random: np.random.Generator) -> Split:
    part = spread(groups[rows], TEST_SHARE, random)
    return Split(rows[part > 1], rows[part == 1], rows[part == 0])


def _folds(
    groups: np.ndarray, rows: np.ndarray, chosen_by: np.ndarray, folds: int, random: np.random.Generator
) -> list[Split]:
    part = spread(groups[rows], folds, random)
    return [Split(rows[part != fold], chosen_by, rows[part == fold]) for fold in range(part.max() + 1)]


def regrouped_across(clips: pd.DataFrame, published: Split, seed: Sequence[int]) -> Split:
    """The clips of a published split divided again by whole groups, with parts of about the same sizes."""
    rows = np.unique(np.concatenate([published.train, published.validation, published.test]))
    expected = (len(published.validation) / len(rows), len(published.test) / len(rows))
    # With one label, groups go to parts whatever their classes.
    whole = clips.assign(label="")
    draws = ([regrouped(whole, published, np.random.default_rng([*seed, n]))] for n in range(DRAWS))
    return evenest(clips, rows, expected, draws)[0]


def spread(groups: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """The part, 0 .. count - 1, of each item: whole groups at random, as many in each part; no part is empty."""
    names, index = np.unique(groups, return_inverse=True)
    return (random.permutation(len(names)) % min(count, len(names)))[index]


def evenest(
    clips: pd.DataFrame, rows: np.ndarray, expected: tuple[float, float], draws: Iterable[list[Split]]
) -> list[Split]:
    """The draw in which the fewest classes of the rows lack in a part, first in that which is trained on.

    Of several such it is that in which the parts that validate and test have most nearly the `expected` shares of each
    class.
    """
    labels = pd.factorize(clips["label"])[0]
    whole = np.bincount(labels[rows], minlength=labels.max() + 1)
    return min(draws, key=lambda splits: unevenness(labels, whole, expected, splits))


def unevenness(
    labels: np.ndarray, whole: np.ndarray, expected: tuple[float, float], splits: list[Split]
) -> tuple[int, int, float]:
    """How many classes lack in the training parts, how many in the others, and how far these are from their shares.

    `labels` has shape (clips,), `whole` the number of clips of each class, shape (classes,).
    """
    train = counted(labels, whole, [split.train for split in splits])
    held = counted(labels, whole, [part for split in splits for part in (split.validation, split.test)])
    distances = held / np.maximum(whole, 1) - np.tile(expected, len(splits))[:, None]
    return int((train == 0).sum()), int((held == 0).sum()), float((distances**2).sum())


def counted(labels: np.ndarray, whole: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """How many clips of each class are in each part, shape (parts, classes)."""
    return np.stack([np.bincount(labels[part], minlength=len(whole)) for part in parts])


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
