"""How a corpus of one's own is divided: as its folder says, or at random, or by groups."""

import numpy as np
import pandas as pd

from trainables.corpora.own.spanning import FEWEST, divided_across, regrouped_across, spans_classes
from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.splits import Split, check_fold, distinct, folded, generator, grouped_split, strata
from trainables.errors import InvalidSetting
from trainables.registry import Registry

PROTOCOLS = Registry("protocol")
SHARES, WITHOUT_VALIDATION = (0.6, 0.2, 0.2), (0.8, 0.0, 0.2)


@PROTOCOLS()
def as_published(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """The training, validation and test part that the folder names, or 60/20/20 of the clips at random.

    Without a validation part, and where a class has two clips, the test part validates as well. Clips drawn at random
    are drawn whatever their groups, as is usual and flawed, and each fold is another draw. Raises InvalidSetting for a
    class with one clip.
    """
    parts = [np.flatnonzero(clips["part"] == part) for part in ("train", "validation", "test")]
    train, validation, test = parts
    if len(train) and len(test):
        return Split(train, validation if len(validation) else test, test)
    shares = SHARES if clips["label"].value_counts().min() > FEWEST else WITHOUT_VALIDATION
    return drawn(clips, np.arange(len(clips)), shares, generator(split_seed, fold, folds))


@PROTOCOLS("B1")
def grouped_same_sizes(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """The clips of `as_published` divided again by groups, with parts of about the same sizes.

    So are those of each class, and of groups that span classes as nearly as some draws allow. Raises InvalidSetting
    where nothing is left to validate by.
    """
    published = as_published(clips, split_seed, fold, folds)
    if spans_classes(clips):
        return validated(regrouped_across(clips, published, [split_seed, fold]))
    return validated(regrouped(clips, published, generator(split_seed, fold, folds)))


@PROTOCOLS("B1", "B9")
def corrected(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """About 60/20/20 of each class by groups, whatever parts the folder names.

    With folds > 1, fold `fold` of a grouped k-fold of all but the groups that validate without folds; they do in each
    fold. Of clips of equal samples the first counts, and none where their classes differ. Raises InvalidSetting for a
    class with fewer than two groups, and where none has the third to validate by. Groups that span classes, such as
    speakers, are divided with classes as even as they allow.
    """
    check_fold(fold, folds)
    found = distinct(clips, np.arange(len(clips)))
    if spans_classes(clips.iloc[found]):
        return divided_across(clips, found, split_seed, fold, folds)
    rows = [each for _, each in strata(clips, found)]
    if folds == 1:
        return validated(grouped_split(clips, rows, split_seed, fewest=FEWEST))
    chosen_by = corrected(clips, 0, 0, 1).validation
    return folded(clips, rows, chosen_by, split_seed, fold, folds, fewest=FEWEST)


def validated(split: Split) -> Split:
    """The split; raises InvalidSetting if its validation part is empty, because nothing could be chosen by it."""
    if not len(split.validation):
        raise InvalidSetting(
            "No class has three groups of clips, to train on, to validate by and to test on: add a group to a class."
        )
    return split
